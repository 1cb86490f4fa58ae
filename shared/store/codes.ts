import * as z from 'zod';
import { type FreeCode, type GivenCode, type HeldCode, plainCode } from '#shared/coupon/coupon.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { canonicalInstantSchema, type Instant, toEpochSeconds } from '#shared/time/instant.ts';
import { CODE_SHARDS, freeCodeKey, freeCodes, givenCodeKey, heldCodeKey } from './keys.ts';
import { rowOf } from './row.ts';
import { shardOf } from './shards.ts';
import type { Key, Row, Table, Write } from './table.ts';

const freeSchema = z.object({
  code: z.string(),
  until: canonicalInstantSchema.optional(),
  /** The upload that brought it. */
  upload: z.string(),
});
const givenSchema = z.object({ code: z.string(), used: z.object({ at: canonicalInstantSchema }).optional() });
const heldSchema = z.object({ code: z.string(), expiresAt: canonicalInstantSchema.optional() });

/** Where a code lies: its shard, and its place among the free ones there, by its hash, so that guesses spread evenly. */
function placeOf(pool: string, plain: string): { shard: number; hash: string } {
  const id = derivedId('code', pool, plain);
  return { shard: shardOf(id, CODE_SHARDS), hash: id.slice(8, 16) };
}

const freeKeyOf = (pool: string, plain: string) => {
  const { shard, hash } = placeOf(pool, plain);
  return freeCodeKey(pool, shard, hash, plain);
};
const givenKeyOf = (pool: string, plain: string) => givenCodeKey(pool, placeOf(pool, plain).shard, plain);

/** Codes of a shard that are looked at when another shard is empty. */
const A_FEW = 25;

/**
 * A free code. `draw` says where it is looked for, in which shard and from which place on, so that a thousand who ask at
 * once do not all reach for the same one, nor for the same few when hardly any are left. Undefined when the pool is empty.
 */
export async function findFreeCode(table: Table, pool: string, draw: string): Promise<FreeCode | undefined> {
  const id = derivedId('draw', draw);
  const here = freeCodes(pool, shardOf(id, CODE_SHARDS));
  const [next] = await table.query({ ...here, from: `${here.from}${id.slice(8, 16)}`, limit: 1 });
  if (next) return freeSchema.parse(next);
  const all = Array.from({ length: CODE_SHARDS }, (_, shard) =>
    table.query({ ...freeCodes(pool, shard), limit: A_FEW }),
  );
  const rows = (await Promise.all(all)).flat();
  const drawn = rows[Number.parseInt(id.slice(16, 24), 16) % rows.length];
  return drawn && freeSchema.parse(drawn);
}

/** The code that a person was given last of a pool, and whether it has been used since. */
export async function loadHeldCode(
  table: Table,
  parts: readonly string[],
  pool: string,
): Promise<HeldCode | undefined> {
  const rows = await Promise.all(parts.map((contact) => table.get(heldCodeKey(contact, pool))));
  const newest = rows.reduce((a, b) => (a && (!b || String(a['at']) >= String(b['at'])) ? a : b));
  if (!newest) return undefined;
  const held = heldSchema.parse(newest);
  const given = await table.get(givenKeyOf(pool, plainCode(held.code)));
  const used = given !== undefined && givenSchema.parse(given).used !== undefined;
  return { ...held, used, ...(newest !== rows[0] && { inOwnRow: rows[0] ? heldSchema.parse(rows[0]).code : '' }) };
}

export type GivenTo = { readonly contact: string; readonly journey: string; readonly at: Instant };

/** Gives a code: it is free no more, and its holder's row names it. Fails when somebody was faster, with either. */
export function giveCode({ pool, free, expiresAt, before }: GivenCode, to: GivenTo): Write[] {
  const plain = plainCode(free.code);
  const held = heldCodeKey(to.contact, pool);
  const ownCode = before?.inOwnRow ?? before?.code;
  return [
    { kind: 'delete', key: freeKeyOf(pool, plain), if: { exists: true } },
    {
      kind: 'put',
      row: rowOf(givenKeyOf(pool, plain), { v: 1, code: free.code, upload: free.upload, expiresAt, ...to }),
      if: { absent: true },
    },
    {
      kind: 'put',
      row: rowOf(held, { v: 1, code: free.code, expiresAt, at: to.at }),
      if: ownCode ? { equals: { code: ownCode } } : { absent: true },
    },
  ];
}

/** What becomes of codes that an event has used: those that were given are noted as used, those that were not are taken out. */
export async function useCodes(
  table: Table,
  pools: readonly string[],
  plain: readonly string[],
  by: { readonly event: string; readonly at: Instant },
): Promise<Write[]> {
  const places = pools.flatMap((pool) => plain.map((code) => ({ pool, code })));
  const rows = await table.batchGet(
    places.flatMap(({ pool, code }) => [givenKeyOf(pool, code), freeKeyOf(pool, code)]),
  );
  return places.flatMap((place, i) => useCode(place, [rows[2 * i], rows[2 * i + 1]], by));
}

function useCode(
  { pool, code }: { pool: string; code: string },
  [given, free]: readonly (Row | undefined)[],
  used: { readonly event: string; readonly at: Instant },
): Write[] {
  const key = givenKeyOf(pool, code);
  if (given) {
    if (givenSchema.parse(given).used) return [];
    return [{ kind: 'update', key, change: { set: [[['used'], used]] }, if: { exists: true, missing: ['used'] } }];
  }
  if (!free) return [];
  return [
    { kind: 'delete', key: freeKeyOf(pool, code), if: { exists: true } },
    { kind: 'put', row: rowOf(key, { v: 1, ...freeSchema.parse(free), used }), if: { absent: true } },
  ];
}

/** Codes that are added in one transaction: two writes each. */
const A_TRANSACTION = 48;
const AT_ONCE = 4;

/**
 * Adds codes that the pool has never had; one that was given is never there again. Returns how many this upload has added,
 * at an earlier attempt too. Throws ConditionFailed or Conflict when others were faster.
 */
export async function addCodes(
  table: Table,
  pool: string,
  codes: readonly FreeCode[],
  upload: string,
): Promise<number> {
  const groups = Array.from({ length: Math.ceil(codes.length / A_TRANSACTION) }, (_, i) =>
    codes.slice(i * A_TRANSACTION, (i + 1) * A_TRANSACTION),
  );
  let added = 0;
  for (let i = 0; i < groups.length; i += AT_ONCE) {
    const counts = await Promise.all(groups.slice(i, i + AT_ONCE).map((group) => addGroup(table, pool, group, upload)));
    for (const n of counts) added += n;
  }
  return added;
}

async function addGroup(table: Table, pool: string, codes: readonly FreeCode[], upload: string): Promise<number> {
  const rows = await table.batchGet(
    codes.map((code) => keysOf(pool, code)).flatMap(({ free, given }) => [free, given]),
  );
  const writes: Write[] = [];
  let before = 0;
  for (const [i, code] of codes.entries()) {
    const known = rows[2 * i] ?? rows[2 * i + 1];
    if (!known) writes.push(...addCode(code, keysOf(pool, code), upload));
    else if (known['upload'] === upload) before += 1;
  }
  if (writes.length > 0) await table.transact(writes);
  return before + writes.length / 2;
}

type Keys = { readonly free: Key; readonly given: Key };

function keysOf(pool: string, { code }: FreeCode): Keys {
  const plain = plainCode(code);
  return { free: freeKeyOf(pool, plain), given: givenKeyOf(pool, plain) };
}

const addCode = ({ code, until }: FreeCode, { free, given }: Keys, upload: string): Write[] => [
  {
    kind: 'put',
    row: rowOf(free, { v: 1, code, until, upload, expires: until && toEpochSeconds(until) }),
    if: { absent: true },
  },
  { kind: 'check', key: given, if: { absent: true } },
];

/** Takes the name of its holder off a code, which stays given: it may be in a mail, and be used. */
export const forgetHolder = (pool: string, code: string, holders: readonly string[]): Write[] =>
  holders.map((contact) => ({
    kind: 'update',
    key: givenKeyOf(pool, plainCode(code)),
    change: { remove: [['contact']] },
    if: { equals: { contact } },
  }));
