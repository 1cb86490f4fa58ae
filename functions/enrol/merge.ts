import { identitiesOf } from '#shared/contact/identity.ts';
import { aliasOf, inOrderOfAge, merged } from '#shared/contact/merge.ts';
import { AKA_LIMIT, IDS_LIMIT, INSIDE_LIMIT, type Profile } from '#shared/contact/profile.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import type { Event } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { hidden } from '#shared/source/arrival.ts';
import { joinCounted } from '#shared/store/caps.ts';
import { type EnrolmentRef, leftBy } from '#shared/store/keys.ts';
import { lookSoon } from '#shared/store/looks.ts';
import { identityKeyOf, moveIdentity, noteFormer, ownerOf, putProfile } from '#shared/store/profiles.ts';
import { TRANSACTION_LIMIT, type Write } from '#shared/store/table.ts';
import { oneWriteARow } from '#shared/store/transaction.ts';
import type { Instant } from '#shared/time/instant.ts';
import { arrange } from './arrange.ts';
import type { EnrolDeps } from './enrol.ts';
import { leaveDoubles } from './leave-doubles.ts';
import { tellOfOther } from './tell-of-other.ts';
import type { Whose } from './whose.ts';

/** Two contacts who are one, at a moment. `profile` is what they are together. */
export type Merging = {
  readonly into: Profile;
  readonly from: Profile;
  readonly profile: Profile;
  readonly settings: Settings;
  readonly now: Instant;
  readonly deps: EnrolDeps;
};
/** What one part of a merge comes to. */
export type Part = {
  readonly profile: Profile;
  readonly writes: readonly Write[];
  readonly hints: readonly EnrolmentRef[];
};

/**
 * Makes one of the contacts of an event, where it says that two are the same person: one transaction of its own, before
 * the event is recorded. What is needed of both afterwards is found under the one that survives. Returns the passages
 * that need a hint; undefined when there is nothing to merge, or not enough room. Throws ConditionFailed or Conflict
 * when others were faster.
 */
export async function merge(event: Event, of: Whose, deps: EnrolDeps): Promise<readonly EnrolmentRef[] | undefined> {
  if (!of.profile) return undefined;
  for (const other of of.same) {
    const one = await mergeTwo(inOrderOfAge(of.profile, other), event, deps);
    if (one) {
      await deps.table.transact(one.writes);
      deps.metrics.count('ContactsMerged', 1);
      return one.hints;
    }
    // Both go on as they are, and the event belongs to the first.
    deps.metrics.count('MergeRefused', 1);
    deps.log.warn('two contacts are one person and too large to be merged', {
      contact: of.profile.contact,
      other: other.contact,
      event: hidden(event.id),
    });
  }
  return undefined;
}

async function mergeTwo(
  { into, from }: Pick<Merging, 'into' | 'from'>,
  event: Event,
  deps: EnrolDeps,
): Promise<Omit<Part, 'profile'> | undefined> {
  const settings = await deps.published.settings();
  const now = deps.clock.now();
  const together = merged(into, from, settings, now);
  const aka = await remembered(together.profile, deps);
  if (!aka || (together.profile.ids ?? []).length > IDS_LIMIT) return undefined;
  const whole: Merging = { into, from, profile: { ...together.profile, aka }, settings, now, deps };
  const left = await leaveDoubles(whole);
  if (Object.keys(left.profile.inside).length > INSIDE_LIMIT) return undefined;
  const told = await tellOfOther({ ...whole, profile: left.profile });
  const arranged = await arrange({ ...whole, profile: told.profile }, into, TRANSACTION_LIMIT);
  const writes = oneWriteARow([
    putProfile(aliasOf(from, into.contact, event.id), from),
    putProfile({ ...told.profile, rev: into.rev + 1 }, into),
    ...(await moved(from, into, deps)),
    ...(await joinCounted(deps.table, into.contact, from.contact)),
    ...together.profile.aka.filter((other) => !aka.includes(other)).map((other) => noteFormer(into.contact, other)),
    ...left.writes,
    ...told.writes,
    ...arranged.writes,
    lookSoon(into.contact, whole.now),
  ]);
  if (writes.length > TRANSACTION_LIMIT) return undefined;
  if (together.keptOut.length > 0) deps.metrics.count('TraitsKeptOut', together.keptOut.length);
  return { writes, hints: [...left.hints, ...told.hints] };
}

/** The addresses that the profile knows. Others are found by way of the merged contact, and moved when they are next named. */
async function moved(from: Profile, into: Profile, { table }: EnrolDeps): Promise<Write[]> {
  const known = identitiesOf(from.identities);
  const rows = await table.batchGet(known.map(identityKeyOf));
  return known.flatMap((identity, i) =>
    ownerOf(rows[i]) === from.contact ? [moveIdentity(identity, from.contact, into.contact)] : [],
  );
}

/**
 * The contacts that one is made of, as many as may be: of more, those are let go that have left nothing but events, the
 * first ones first. Undefined when too many are left.
 */
async function remembered(profile: Profile, { table }: EnrolDeps): Promise<string[] | undefined> {
  const { aka, inside, watching, contact } = profile;
  const open = [...Object.keys(inside), ...Object.keys(watching)].map((name) => refOfName(contact, name).contact);
  let kept = aka;
  for (const one of aka) {
    if (kept.length <= AKA_LIMIT) break;
    if (open.includes(one)) continue;
    const rows = await Promise.all(leftBy(one).map((range) => table.query({ ...range, limit: 1 })));
    if (rows.flat().length === 0) kept = kept.filter((other) => other !== one);
  }
  return kept.length <= AKA_LIMIT ? kept : undefined;
}
