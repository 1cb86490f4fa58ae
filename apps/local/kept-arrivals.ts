import type { Runtime } from './runtime.ts';

/** What a data folder knows of what has arrived, when nothing runs on it. */
export type KeptArrival = {
  readonly source: string;
  readonly what: string;
  readonly outcome: 'recorded' | 'parked' | 'unusable';
  readonly reason?: string;
  readonly event?: string;
  readonly at?: string;
  readonly arrived?: string;
  readonly contact?: string;
  readonly order: number;
};

/** The last events that were recorded, oldest first; then what was put aside, and what lies among the dead letters. */
export async function keptArrivals({ db, table, queues }: Runtime, most: number): Promise<KeptArrival[]> {
  const keys = db
    .prepare("SELECT id, pk, sk FROM rows WHERE sk LIKE 'E#%' OR pk LIKE 'P#%' ORDER BY id DESC LIMIT ?")
    .all(most);
  const rows = await table.batchGet(keys.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })));
  const written = rows.flatMap((row, position) => (row ? [keptOf(row, Number(keys[position]?.['id']))] : []));
  const dead = ['enrol', 'overflow'].flatMap((queue) => queues.deadLetters(queue).slice(-most));
  return [...written.reverse(), ...dead.map(({ reason, died }) => deadOf(reason, died))];
}

type Fields = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function keptOf(row: Fields, order: number): KeptArrival {
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
    order,
  };
}

const deadOf = (reason: string, arrived: string): KeptArrival => ({
  source: 'unknown',
  what: 'a dead letter',
  outcome: 'unusable',
  reason,
  arrived,
  order: 0,
});
