import * as z from 'zod';
import { ConditionFailed } from '#shared/errors.ts';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import { identityKey, liftedKey, SUPPRESSED_SHARDS, suppressedShard, suppressionKey } from './keys.ts';
import { ownerOf } from './profiles.ts';
import { shardOf } from './shards.ts';
import type { AttributePath, Json, Row, Table, Write } from './table.ts';

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
type Suppression = z.infer<typeof suppressionSchema>;

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

/** Holds a decision to the address's not being suppressed. */
export const checkNotSuppressed = (kind: string, hash: string): Write => ({
  kind: 'check',
  key: suppressionKey(kind, hash),
  if: { absent: true },
});

export const loadSuppression = async (table: Table, kind: string, hash: string): Promise<Suppression | undefined> =>
  readSuppression(await table.get(suppressionKey(kind, hash)));

const readSuppression = (row: Row | undefined): Suppression | undefined => row && suppressionSchema.parse(row);

export const isSuppressed = async (table: Table, kind: string, hash: string): Promise<boolean> =>
  (await table.get(suppressionKey(kind, hash))) !== undefined;

/** What stands against writing to an address: whether it is suppressed, and who has it. */
export async function askAddress(
  table: Table,
  kind: string,
  hash: string,
): Promise<{ suppressed: boolean; owner: string | undefined }> {
  const [suppression, identity] = await table.batchGet([suppressionKey(kind, hash), identityKey(kind, hash)]);
  return { suppressed: suppression !== undefined, owner: ownerOf(identity) };
}
