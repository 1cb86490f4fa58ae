import { type Arrival, enrolledArrival, unreadArrival } from '#shared/source/arrival.ts';
import { peopleOf, whatBecame } from '#shared/store/arrived.ts';
import type { DeadLetter } from './queues.ts';
import type { Runtime } from './runtime.ts';

/** What a data folder knows of what has arrived, when nothing runs on it. `arrived` is by the clock of the shop. */
export type KeptArrival = Omit<Arrival, 'identities'> & {
  readonly arrived: string;
  readonly contact?: string;
  readonly identities?: Readonly<Record<string, string>>;
};

/**
 * The last that arrived, oldest first: events that were recorded or put aside, and dead letters. `show`: who they are by now.
 * What was refused, ignored or came twice is kept nowhere.
 */
export async function keptArrivals(
  { db, table, queues }: Runtime,
  most: number,
  show: boolean,
): Promise<KeptArrival[]> {
  const keys = db
    .prepare("SELECT pk, sk FROM rows WHERE sk LIKE 'E#%' OR pk LIKE 'P#%' ORDER BY id DESC LIMIT ?")
    .all(most);
  const rows = await table.batchGet(keys.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })));
  const written = rows.flatMap((row) => (row ? [keptOf(row)] : [])).reverse();
  const dead = ['enrol', 'overflow'].flatMap((queue) => queues.deadLetters(queue).flatMap(deadOf));
  const all = [...written, ...dead].sort((a, b) => (a.arrived < b.arrived ? -1 : a.arrived > b.arrived ? 1 : 0));
  const found = await whatBecame(most === 0 ? [] : all.slice(-most), table);
  return show ? Promise.all(found.map(async (one) => ({ ...one, ...(await peopleOf(one.contact, table)) }))) : found;
}

type Fields = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function keptOf(row: Fields): KeptArrival {
  const isParked = text(row['pk']).startsWith('P#');
  const event = isParked && isFields(row['event']) ? row['event'] : row;
  const id = text(event['id']);
  return {
    source: text(event['source']) || (id.split(':')[0] ?? ''),
    what: text(event['type']),
    outcome: isParked ? 'parked' : 'recorded',
    ...(isParked && { reason: text(row['reason']) }),
    event: id,
    at: text(event['at']),
    arrived: text(row['arrived']) || text(row['parkedAt']),
    ...(!isParked && { contact: text(row['pk']).slice(2) }),
  };
}

function deadOf({ body, reason, died }: DeadLetter): KeptArrival[] {
  const detail = isFields(body) ? body['detail'] : undefined;
  const one = unreadArrival(body, reason) ?? enrolledArrival(detail, 'unusable', reason);
  if (!one) return [];
  const { identities: _, ...rest } = one;
  return [{ ...rest, arrived: died }];
}
