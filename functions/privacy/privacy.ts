import { type IdentityRef, identitiesOf } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isTheirs } from '#shared/contact/whose.ts';
import { type HintDeps, hint } from '#shared/enrolment/hints.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { Unprocessable } from '#shared/errors.ts';
import { identitiesSchema } from '#shared/event/event.ts';
import { type PrivacyRequested, privacyRequestedSchema } from '#shared/event/privacy.ts';
import type { Bucket } from '#shared/ports.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { park } from '#shared/store/parked.ts';
import { type Answered, loadAnswered, loadBegun, noteAnswered, noteBegun, wholeOf } from '#shared/store/privacy.ts';
import { identityKeyOf, loadProfile, ownerOf } from '#shared/store/profiles.ts';
import type { Table } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { copyOf } from './copy.ts';
import { erase, sweep } from './erase.ts';

export type PrivacyDeps = HintDeps & { readonly bucket: Pick<Bucket, 'put'> };

/**
 * Carries out what a customer asks by law, once: a copy of everything that is known of them goes to the bucket, or all of it is
 * erased. What a person has to decide is kept for one: that a whole shop has left, that the address is another customer's, and what is old or repeated. Throws Unprocessable for what is no request.
 */
export async function privacy(body: unknown, deps: PrivacyDeps): Promise<Answered | 'parked'> {
  const parsed = privacyRequestedSchema.safeParse(body);
  if (!parsed.success) throw new Unprocessable('bad-request', `a request of a customer: ${parsed.error.message}`);
  const request = parsed.data;
  if (request.kind === 'erase-shop') return leaveToPerson(request, deps);
  const known = await loadAnswered(deps.table, request.id);
  // Who came back may ask again in the same words; or somebody sends again what they have seen.
  if (known) return isLongAfter(request.at, known.answered) ? leaveToPerson(request, deps) : known;
  if (isLongAfter(deps.clock.now(), request.at)) return leaveToPerson(request, deps);
  // Who has begun to be erased may be found by none of the identities any more.
  const begun = await loadBegun(deps.table, request.id);
  const found = await meant(request, deps.table);
  const people = distinct([...found.people, ...(await loadAll(begun, deps.table))]);
  if (people.length === 0 && begun.length === 0 && found.isDoubtful) return leaveToPerson(request, deps);
  const done =
    request.kind === 'export' ? await copy(request, people, deps) : await eraseAll(request, people, begun, deps);
  const { id, kind, source, shop, requestId, at } = request;
  const answered = {
    id,
    kind,
    source,
    shop,
    requestId,
    at,
    answered: deps.clock.now(),
    contacts: people.length,
    ...done,
  };
  await deps.table.write(noteAnswered(answered));
  deps.metrics.count('PrivacyAnswered', 1, { kind: request.kind });
  deps.log.info('a request of a customer has been carried out', { request: requestId, kind, rows: done.rows });
  return answered;
}

/** Storefronts try for hours; what is days older lay somewhere, or was sent again by somebody else. */
const LONG = 5 * 86_400_000;
const isLongAfter = (one: Instant, other: Instant): boolean => one > plusMillis(other, LONG);

async function leaveToPerson(request: PrivacyRequested, { table, clock, metrics }: PrivacyDeps): Promise<'parked'> {
  await table.write(park(request, 'privacy', clock.now()));
  metrics.count('PrivacyRequested', 1, { source: request.source });
  return 'parked';
}

/** `isDoubtful`: an address is that of a customer who has another number. */
type Meant = { readonly people: readonly Profile[]; readonly isDoubtful: boolean };

/**
 * Whoever has the customer's number or address; of an address that several share, nobody who has another number. A telephone
 * is a family's: it counts where nothing else was said.
 */
async function meant({ identities }: PrivacyRequested, table: Table): Promise<Meant> {
  const valid = Object.entries(identities).filter(
    ([kind, value]) => identitiesSchema.safeParse({ [kind]: value }).success,
  );
  const named = identitiesOf(identitiesSchema.parse(Object.fromEntries(valid)));
  const strong = named.filter(({ kind }) => kind === 'externalId' || kind === 'email');
  const asked = strong.length > 0 ? strong : named;
  const owners = await Promise.all(
    asked.map(async ({ kind, hash }) => {
      const profile = await ownerOfIdentity({ kind, hash }, table);
      return profile && { profile, isMeant: isTheirs(profile, kind, named) };
    }),
  );
  const found = owners.filter((owner) => owner !== undefined);
  return {
    people: distinct(found.flatMap(({ profile, isMeant }) => (isMeant ? [profile] : []))),
    isDoubtful: found.some(({ isMeant }) => !isMeant),
  };
}

async function ownerOfIdentity(
  identity: Pick<IdentityRef, 'kind' | 'hash'>,
  table: Table,
): Promise<Profile | undefined> {
  const owner = ownerOf(await table.get(identityKeyOf(identity)));
  return owner === undefined ? undefined : loadProfile(table, owner);
}

async function loadAll(contacts: readonly string[], table: Table): Promise<Profile[]> {
  const profiles = await Promise.all(contacts.map((contact) => loadProfile(table, contact)));
  return profiles.filter((profile) => profile !== undefined);
}

const distinct = (people: readonly Profile[]): Profile[] => [
  ...new Map(people.map((profile) => [profile.contact, profile])).values(),
];

type Done = Pick<Answered, 'rows' | 'file'>;

async function copy({ id }: PrivacyRequested, people: readonly Profile[], deps: PrivacyDeps): Promise<Done> {
  const copies = await Promise.all(people.map((profile) => copyOf(profile, deps.clock.now(), deps.table)));
  // Nobody can guess its name, and it tells of nobody.
  const file = `privacy/${derivedId('privacy', id)}.json`;
  await deps.bucket.put(file, `[${copies.map(({ text }) => text).join(',\n')}]\n`, 'application/json');
  return { rows: copies.reduce((sum, { rows }) => sum + rows, 0), file };
}

/** Whoever is interrupted when the profiles are gone already still knows where the rest lies. */
async function eraseAll(
  { id }: PrivacyRequested,
  people: readonly Profile[],
  begun: readonly string[],
  deps: PrivacyDeps,
): Promise<Done> {
  const { table } = deps;
  const wholes = await Promise.all(people.map((profile) => wholeOf(profile, table)));
  const parts = [...new Set([...begun, ...wholes.flatMap((whole) => whole.parts)])];
  await table.write(noteBegun(id, parts));
  let rows = 0;
  const erasing = { ...deps, hint: (ref: EnrolmentRef) => hint(ref, deps) };
  for (const { contact } of people) rows += await erase(contact, erasing);
  return { rows: rows + (await sweep({ parts }, erasing)) };
}
