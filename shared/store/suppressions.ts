import * as z from 'zod';
import { ConditionFailed } from '#shared/errors.ts';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import {
  identityKey,
  liftedKey,
  SUPPRESSED_SHARDS,
  softKey,
  suppressedIn,
  suppressedShard,
  suppressionKey,
} from './keys.ts';
import { ownerOf } from './profiles.ts';
import { shardOf } from './shards.ts';
import type { AttributePath, IndexEntry, Json, Key, Row, Table, Write } from './table.ts';

/**
 * Why nothing is sent to an address. `provider-list`: SES has it on its own list. `soft-bounces`: several mails in a row
 * could not be delivered. `manual` and `imported`: the shop says so.
 */
const SUPPRESSION_REASONS = ['bounced', 'complained', 'provider-list', 'soft-bounces', 'manual', 'imported'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

const suppressionSchema = z.object({
  reason: z.enum(SUPPRESSION_REASONS),
  at: canonicalInstantSchema,
  /** Who put it there: `ses`, or somebody's name. */
  by: z.string().optional(),
  note: z.string().optional(),
  /** When they complained, whatever it was that came first. */
  complained: canonicalInstantSchema.optional(),
});
export type Suppression = z.infer<typeof suppressionSchema>;

const liftedSchema = z.object({
  at: canonicalInstantSchema,
  by: z.string(),
  note: z.string(),
  /** Why it had been suppressed. */
  was: z.enum(SUPPRESSION_REASONS),
});
export type Lifted = z.infer<typeof liftedSchema>;

type SaidBy = { readonly by?: string; readonly note?: string };

const pair = (name: string, value: Json): readonly [AttributePath, Json] => [[name], value];

/** Nothing is sent to this address any more. The first reason stays; a complaint is noted beside any other. */
export const suppress = (
  kind: string,
  hash: string,
  reason: SuppressionReason,
  at: Instant,
  { by, note }: SaidBy = {},
): Write => ({
  kind: 'update',
  key: suppressionKey(kind, hash),
  change: {
    setIfAbsent: [
      [['v'], 1],
      [['reason'], reason],
      [['at'], at],
      ...(by === undefined ? [] : [pair('by', by)]),
      ...(note === undefined ? [] : [pair('note', note)]),
      ...(reason === 'complained' ? [pair('complained', at)] : []),
      [['dirPk'], suppressedShard(shardOf(hash, SUPPRESSED_SHARDS))],
    ],
  },
});

/**
 * Suppresses it unless somebody has allowed it again since: what SES said before that may come late, or twice. False when
 * that is so.
 */
export async function suppressUnlessLifted(
  table: Table,
  kind: string,
  hash: string,
  reason: SuppressionReason,
  at: Instant,
): Promise<boolean> {
  // Who allows a dead address again has not said that a complaint of before is forgiven.
  const since = reason === 'complained' ? { complained: at } : { at };
  const notSince: Write = { kind: 'check', key: liftedKey(kind, hash), if: { below: since } };
  try {
    await table.transact([suppress(kind, hash, reason, at, { by: 'ses' }), notSince]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** Takes an address from the list, where it stands as `known`. Fails when it does not, or a complaint has come since. */
export const unsuppress = (kind: string, hash: string, known: Suppression): Write => ({
  kind: 'delete',
  key: suppressionKey(kind, hash),
  if: {
    equals: { reason: known.reason, at: known.at },
    ...(known.complained === undefined && { missing: ['complained'] }),
  },
});

/**
 * A person allows an address again: who, when and why stay. What counted against it is forgotten, so that the next soft bounce
 * is the first. Fails as `unsuppress` does.
 */
export const lift = (
  kind: string,
  hash: string,
  known: Suppression,
  { at, by, note }: { readonly at: Instant; readonly by: string; readonly note: string },
): Write[] => [
  unsuppress(kind, hash, known),
  { kind: 'delete', key: softKey(kind, hash) },
  {
    kind: 'update',
    key: liftedKey(kind, hash),
    change: {
      set: [
        [['v'], 1],
        [['at'], at],
        [['by'], by],
        [['note'], note],
        [['was'], known.reason],
        ...(known.complained === undefined ? [] : [pair('complained', at)]),
      ],
    },
  },
];

/** Holds a decision to the address's not being suppressed. */
export const checkNotSuppressed = (kind: string, hash: string): Write => ({
  kind: 'check',
  key: suppressionKey(kind, hash),
  if: { absent: true },
});

export const loadSuppression = async (table: Table, kind: string, hash: string): Promise<Suppression | undefined> =>
  readSuppression(await table.get(suppressionKey(kind, hash)));

const readSuppression = (row: Row | undefined): Suppression | undefined => row && suppressionSchema.parse(row);

export async function loadLifted(table: Table, kind: string, hash: string): Promise<Lifted | undefined> {
  const row = await table.get(liftedKey(kind, hash));
  return row && liftedSchema.parse(row);
}

export const isSuppressed = async (table: Table, kind: string, hash: string): Promise<boolean> =>
  (await table.get(suppressionKey(kind, hash))) !== undefined;

export type Listed = Suppression & { readonly kind: string; readonly hash: string };

const PAGE = 100;

/** Every suppressed address, by its hash: the addresses themselves are nowhere in the list. */
export async function* suppressions(table: Table): AsyncGenerator<Listed> {
  for (let shard = 0; shard < SUPPRESSED_SHARDS; shard += 1) {
    let after: IndexEntry | undefined;
    do {
      const pk = suppressedShard(shard);
      const page: IndexEntry[] = await table.queryIndex({
        index: 'directory',
        pk,
        limit: PAGE,
        ...(after && { after }),
      });
      yield* listed(page, await table.batchGet(page.map(keyOf)));
      after = page.length === PAGE ? page.at(-1) : undefined;
    } while (after);
  }
}

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk });

const listed = (keys: readonly Key[], rows: readonly (Row | undefined)[]): Listed[] =>
  keys.flatMap((key, i) => {
    const suppression = readSuppression(rows[i]);
    return suppression ? [{ ...suppressedIn(key), ...suppression }] : [];
  });

/** What stands against writing to an address: whether it is suppressed, and who has it. */
export async function askAddress(
  table: Table,
  kind: string,
  hash: string,
): Promise<{ suppressed: boolean; owner: string | undefined }> {
  const [suppression, identity] = await table.batchGet([suppressionKey(kind, hash), identityKey(kind, hash)]);
  return { suppressed: suppression !== undefined, owner: ownerOf(identity) };
}
