import type { Arrival } from '#apps/local/arrivals.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { PARKED_REASONS } from '#shared/event/parked-reasons.ts';
import type { HttpRequest } from '#shared/http.ts';
import { PARKED_SHARDS, parkedKey, receiptKey } from '#shared/store/keys.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Table } from '#shared/store/table.ts';
import type { InboxDeps } from './deps.ts';

/** What has arrived after the nth: who it was only where that was asked for, by `show`. */
export async function arrivalsOf(
  { rawQueryString = '' }: HttpRequest,
  { arrivals }: Pick<Runtime, 'arrivals'>,
  { table }: Pick<InboxDeps, 'table'>,
): Promise<object> {
  const query = new URLSearchParams(rawQueryString);
  const found = arrivals.since(Number(query.get('after') ?? 0) || 0);
  const receipts = await table.batchGet(found.map(({ event }) => receiptKey(event ?? '-')));
  const reasons = await Promise.all(found.map((one) => parkedFor(one, table)));
  const all = found.map(({ identities, ...one }, position) => ({
    ...one,
    ...(typeof receipts[position]?.['contact'] === 'string' && { contact: receipts[position]['contact'] }),
    ...(one.outcome === 'parked' && reasons[position] !== undefined && { reason: reasons[position] }),
    ...(query.has('show') && identities && { identities }),
  }));
  return { last: arrivals.last, arrivals: all };
}

/** Why an event was put aside. */
async function parkedFor({ outcome, event, at }: Arrival, table: Table): Promise<string | undefined> {
  if (outcome !== 'parked' || event === undefined || at === undefined) return undefined;
  const shard = shardOf(event, PARKED_SHARDS);
  const rows = await table.batchGet(PARKED_REASONS.map((reason) => parkedKey(reason, shard, at, event)));
  return PARKED_REASONS.find((_, position) => rows[position] !== undefined);
}
