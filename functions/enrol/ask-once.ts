import { addressHash } from '#shared/contact/address.ts';
import { toBeAsked, unasked } from '#shared/contact/opt-in.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isFresh } from '#shared/enrolment/decide.ts';
import type { Event } from '#shared/event/event.ts';
import { noteAsked, wasAskedLately } from '#shared/store/asked.ts';
import { identityKey } from '#shared/store/keys.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import type { Instant } from '#shared/time/instant.ts';

type Claims = readonly Extract<Write, { kind: 'update' }>[];

/**
 * One mail in seven days asks whoever reads an address to confirm a topic, whatever contacts have it: who invents customers
 * fills nobody's mailbox. What is not asked for goes on waiting. An event that comes too late to begin a journey asks for
 * nothing: no mail would follow, and the next yes would get none either. `claims`: what the event writes on rows of identities
 * anyway; returned with what is to be noted there. Reads one row, and of an event that asks for something only.
 */
export async function askOnce(
  before: Profile | undefined,
  after: Profile,
  claims: Claims,
  { event, now, table }: { readonly event: Event; readonly now: Instant; readonly table: Pick<Table, 'get'> },
): Promise<{ readonly profile: Profile; readonly claims: Claims }> {
  const fresh = toBeAsked(before ?? {}, after).flatMap(([channel, topics]) =>
    topics.map((topic) => [channel, topic] as const),
  );
  const hash = addressHash(after);
  if (fresh.length === 0 || hash === undefined) return { profile: after, claims };
  const { at } = event;
  const row = await table.get(identityKey('email', hash));
  const barred = fresh.filter((one) => !isFresh(event, now) || wasAskedLately(row, ...one, at));
  const asked = fresh.filter((one) => !barred.includes(one));
  const profile = unasked(before ?? {}, after, barred);
  return { profile, claims: asked.length === 0 ? claims : withNote(claims, noteAsked(hash, asked, at)) };
}

/** One write a row, on condition of both. */
function withNote(claims: Claims, note: Claims[number]): Claims {
  const { pk } = keyOf(note);
  const claim = claims.find((one) => keyOf(one).pk === pk);
  if (!claim) return [...claims, note];
  const change = { ...claim.change, set: [...(claim.change.set ?? []), ...(note.change.set ?? [])] };
  return [...claims.filter((one) => one !== claim), { ...claim, change, if: { ...claim.if, ...note.if } }];
}
