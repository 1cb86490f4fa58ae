import * as z from 'zod';
import { type IdentityRef, identitiesOf, idOf } from '#shared/contact/identity.ts';
import { type Profile, profileSchema } from '#shared/contact/profile.ts';
import { identitiesSchema } from '#shared/event/event.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';
import { contactRange, formerRange, kindOf, privacyKey, profileKey, receiptKey } from './keys.ts';
import { loadParked } from './parked.ts';
import { partsOf } from './profiles.ts';
import { rowOf } from './row.ts';
import type { Key, Row, Table, Write } from './table.ts';

/** Where everything lies that is known of a person. */
export type Whole = {
  /** All contacts under whose keys something of them lies. */
  readonly parts: readonly string[];
  /** Every identity that a row ties to one of them. */
  readonly ids: readonly Pick<IdentityRef, 'kind' | 'hash'>[];
};

/** Finds it, by what the profiles of the person's contacts note. */
export async function wholeOf(profile: Profile, table: Table): Promise<Whole> {
  const former = await table.query(formerRange(profile.contact));
  const parts = [...new Set([...partsOf(profile), ...former.map((row) => String(row['contact']))])];
  const rows = await table.batchGet(parts.map(profileKey));
  const profiles = [profile, ...rows.flatMap((row) => (row ? [profileSchema.parse(row)] : []))];
  const named = profiles.flatMap((one) => [...(one.ids ?? []), ...identitiesOf(one.identities).map(idOf)]);
  return { parts, ids: [...new Set(named)].map(refOfId) };
}

function refOfId(id: string): Pick<IdentityRef, 'kind' | 'hash'> {
  const [kind = '', hash = ''] = id.split('#');
  const known = identitiesSchema.keyof().parse(kind);
  return { kind: known, hash };
}

/** All rows of a person, part by part. */
export async function rowsOf({ parts }: Pick<Whole, 'parts'>, table: Table): Promise<Row[]> {
  const lists = await Promise.all(parts.map((contact) => table.query(contactRange(contact))));
  return lists.flat();
}

const parkedSchema = z.object({
  event: z.object({ identities: identitiesSchema.catch({}), contact: z.string().optional() }),
});

/** Keys of events of a person that were put aside, for any of these reasons. */
export async function parkedOf({ parts, ids }: Whole, reasons: readonly string[], table: Table): Promise<Key[]> {
  const theirs = new Set(ids.map(idOf));
  const isTheirs = (row: Row): boolean => {
    const { success, data } = parkedSchema.safeParse(row);
    if (!success) return false;
    const { identities, contact } = data.event;
    const named = identitiesOf(identities);
    // An address may be shared, a number is not.
    const telling = named.some(({ kind }) => kind === 'externalId') ? named.slice(0, 1) : named;
    return parts.includes(contact ?? '') || telling.some((identity) => theirs.has(idOf(identity)));
  };
  const lists = await Promise.all(reasons.map((reason) => loadParked(table, reason)));
  return lists
    .flat()
    .filter(isTheirs)
    .map(({ pk, sk }) => ({ pk, sk }));
}

/** The receipt of an event's row, which names the contact, too. */
export const receiptOf = (row: Row): Key | undefined =>
  kindOf(row) === 'event' && typeof row['id'] === 'string' ? receiptKey(row['id']) : undefined;

const answeredSchema = z.object({
  id: z.string(),
  kind: z.enum(['export', 'erase']),
  source: z.string(),
  shop: z.string(),
  requestId: z.string(),
  at: canonicalInstantSchema,
  answered: canonicalInstantSchema,
  /** Contacts that were found. */
  contacts: z.int(),
  /** Rows that were copied, or deleted. */
  rows: z.int(),
  /** Where the copy lies in the bucket. */
  file: z.string().optional(),
});
/** What came of a request, for the shop's own proof: nothing in it tells of whom. */
export type Answered = z.infer<typeof answeredSchema>;

/** Undefined for a request that nobody has answered to its end. */
export async function loadAnswered(table: Table, request: string): Promise<Answered | undefined> {
  const row = await table.get(privacyKey(request));
  return row?.['answered'] === undefined ? undefined : answeredSchema.parse(row);
}

/** The contacts whose erasure a request has begun. */
export async function loadBegun(table: Table, request: string): Promise<string[]> {
  const row = await table.get(privacyKey(request));
  return z.array(z.string()).parse(row?.['parts'] ?? []);
}

export const noteBegun = (request: string, parts: readonly string[]): Write => ({
  kind: 'put',
  row: { ...privacyKey(request), v: 1, parts },
});

export const noteAnswered = (answered: Answered): Write => ({
  kind: 'put',
  row: rowOf(privacyKey(answered.id), { v: 1, ...answered }),
});
