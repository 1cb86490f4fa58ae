import * as z from 'zod';
import {
  ALL,
  type Done,
  GROUPS_AT_MOST,
  HALF_LIFE,
  type Pattern,
  patternSchema,
  withDone,
} from '#shared/sending/pattern.ts';
import { toEpochSeconds } from '#shared/time/instant.ts';
import { clampedInstant } from '#shared/time/local.ts';
import { doneRange, dueShard, patternKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { type Change, type Row, type Table, TRANSACTION_LIMIT, type Write } from './table.ts';

const HOUR = 3_600_000;
/** So long after an hour the pattern learns of it: one write for all that a shop's people do meanwhile. */
const LEARNED_AFTER = 3;
/** Far longer than a shard of the stream lives. */
const KEPT_HOURS = 7 * 24;

/** `since`: the hour since 1970 that weighs 1. Of no hours at all there is nothing to learn. */
const doneRowSchema = z.object({
  since: z.int(),
  hours: z.record(z.string(), z.record(z.string(), z.number())),
  checkpoint: z.string(),
});

/** An hour in which somebody did something: of which hour since 1970, in which of their week, and in which group. */
export type DoneHour = { readonly hour: number; readonly slot: number; readonly group?: string | undefined };

type Counted = { readonly since: number; readonly hours: Done };

/** With more hours. The hour `since` weighs 1; of groups there are at most twice those of a pattern. */
export function doneWith(before: Counted | undefined, more: readonly DoneHour[]): Counted {
  const since = before?.since ?? more.reduce((newest, { hour }) => Math.max(newest, hour), 0);
  const hours = new Map(
    Object.entries(before?.hours ?? {}).map(([name, done]) => [name, new Map(Object.entries(done))]),
  );
  for (const { hour, slot, group } of more) {
    const isKnown = group !== undefined && (hours.has(group) || hours.size <= 2 * GROUPS_AT_MOST);
    for (const name of [ALL, ...(isKnown ? [group] : [])]) {
      const done = hours.get(name) ?? new Map<string, number>();
      const weight = (done.get(String(slot)) ?? 0) + 2 ** ((hour - since) / HALF_LIFE);
      hours.set(name, done.set(String(slot), Math.round(weight * 1000) / 1000));
    }
  }
  return { since, hours: Object.fromEntries([...hours].map(([name, done]) => [name, Object.fromEntries(done)])) };
}

/** What a shard's row becomes with more hours. The newest of the first say when it is due. */
export function addingHours(row: Row | undefined, more: readonly DoneHour[]): Change {
  const known = row?.['hours'] === undefined ? undefined : doneRowSchema.parse(row);
  const { since, hours } = doneWith(known, more);
  return {
    set: [
      [['since'], since],
      [['hours'], hours],
      [['expires'], toEpochSeconds(clampedInstant((since + KEPT_HOURS) * HOUR))],
    ],
    setIfAbsent: [
      [['duePk'], dueShard(0)],
      [['due'], clampedInstant((since + LEARNED_AFTER) * HOUR)],
    ],
  };
}

const readPattern = readOnce((row): Pattern => patternSchema.parse(row));

export async function loadPattern(table: Table): Promise<Pattern | undefined> {
  const row = await table.get(patternKey, { stale: true });
  return row && readPattern(row);
}

/**
 * Everything that the shards have counted becomes part of the pattern, each hour once: the same transaction takes it from
 * them. Throws ConditionFailed where somebody else was at it.
 */
export async function learnDone(table: Table): Promise<void> {
  const rows = (await table.query(doneRange)).filter((row) => row['hours'] !== undefined);
  for (let i = 0; i < rows.length; i += TRANSACTION_LIMIT - 1) {
    const some = rows.slice(i, i + TRANSACTION_LIMIT - 1).map((row) => ({ row, ...doneRowSchema.parse(row) }));
    const known = await table.get(patternKey);
    const pattern = some.reduce<Pattern | undefined>(
      (before, { hours, since }) => withDone(before, hours, since),
      known && readPattern(known),
    );
    if (pattern) await table.transact([putPattern(pattern, known), ...some.map(takeFrom)]);
  }
}

function putPattern(pattern: Pattern, known: Row | undefined): Write {
  const rev = z.int().parse(known?.['rev'] ?? 0);
  return {
    kind: 'put',
    row: { ...patternKey, v: 1, rev: rev + 1, ...pattern },
    if: known ? { equals: { rev } } : { absent: true },
  };
}

/** The row stays for its checkpoint: what comes again must not count again. */
const takeFrom = ({ row, checkpoint }: { readonly row: Row; readonly checkpoint: string }): Write => ({
  kind: 'update',
  key: { pk: row.pk, sk: row.sk },
  change: { remove: [['since'], ['hours'], ['duePk'], ['due']] },
  if: { equals: { checkpoint } },
});
