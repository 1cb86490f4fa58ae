import { PARKED_REASONS } from '#shared/event/parked-reasons.ts';
import { PARKED_SHARDS, parkedKey, receiptKey } from './keys.ts';
import { loadProfile } from './profiles.ts';
import { shardOf } from './shards.ts';
import type { Table } from './table.ts';

type Arrived = {
  readonly outcome: string;
  readonly event?: string | undefined;
  readonly at?: string | undefined;
  readonly reason?: string | undefined;
};

/** What the table knows of arrivals: whose an event is, and why it was put aside. */
export async function whatBecame<One extends Arrived>(
  arrivals: readonly One[],
  table: Table,
): Promise<(One & { readonly contact?: string })[]> {
  const receipts = await table.batchGet(arrivals.map(({ event }) => receiptKey(event ?? '-')));
  const reasons = await Promise.all(arrivals.map((one) => parkedFor(one, table)));
  return arrivals.map((one, position) => {
    const contact = receipts[position]?.['contact'];
    const reason = reasons[position];
    return { ...one, ...(typeof contact === 'string' && { contact }), ...(reason !== undefined && { reason }) };
  });
}

/** Why an event was put aside. */
async function parkedFor({ outcome, event, at }: Arrived, table: Table): Promise<string | undefined> {
  if (outcome !== 'parked' || event === undefined || at === undefined) return undefined;
  const shard = shardOf(event, PARKED_SHARDS);
  const rows = await table.batchGet(PARKED_REASONS.map((reason) => parkedKey(reason, shard, at, event)));
  return PARKED_REASONS.find((_, position) => rows[position] !== undefined);
}

/** Who a contact is by now. */
export async function peopleOf(
  contact: string | undefined,
  table: Table,
): Promise<{ readonly identities?: Readonly<Record<string, string>> }> {
  const profile = contact === undefined ? undefined : await loadProfile(table, contact);
  const named = Object.entries(profile?.identities ?? {}).flatMap(([kind, value]) => (value ? [[kind, value]] : []));
  return named.length > 0 ? { identities: Object.fromEntries(named) } : {};
}
