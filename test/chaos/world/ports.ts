import type { LocalEntry } from '#apps/local/bus.ts';
import type { HandlerDeps } from '#apps/local/handlers.ts';
import type { QueueName } from '#functions/wiring.ts';
import type { Queue } from '#shared/ports.ts';
import type { IndexEntry, IndexRange, Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { assertMay, permitted } from '#test/build/permitted.ts';
import type { Actor } from './actor.ts';
import type { Buses } from './buses.ts';
import type { Endpoint } from './endpoint.ts';
import type { StepFunctions } from './machine.ts';
import type { MemoryTable } from './memory-table.ts';
import type { Past } from './past.ts';
import type { Queues } from './queues.ts';
import type { Ses } from './ses.ts';

const NOTHING: Promise<IndexEntry[]> = Promise.resolve([]);

/** The table as one function reaches it: each call waits for its turn, and may befall it what befalls calls. */
class ActorTable implements Table {
  readonly #actor: Actor;
  readonly #table: MemoryTable;
  readonly #past: Past;

  constructor(actor: Actor, table: MemoryTable, past: Past) {
    this.#actor = actor;
    this.#table = table;
    this.#past = past;
  }

  get(key: Key, { stale = false }: { stale?: boolean } = {}): Promise<Row | undefined> {
    return this.#actor.call('get', (fault) =>
      fault === 'stale' && stale ? this.#past.read(key) : this.#table.read(key),
    );
  }

  batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    return this.#actor.call('batchGet', () => this.#table.readAll(keys));
  }

  query(range: Range): Promise<Row[]> {
    return this.#actor.call('query', () => this.#table.range(range));
  }

  queryIndex(range: IndexRange): Promise<IndexEntry[]> {
    // Of a hundred shards hardly any holds something.
    if (!this.#table.hasIndexed(range)) return NOTHING;
    return this.#actor.call('queryIndex', (fault) =>
      fault === 'stale' ? this.#past.index(range) : this.#table.index(range),
    );
  }

  write(write: Write): Promise<Row | undefined> {
    return this.#actor.call('write', () => this.#table.commit([write])[0]);
  }

  transact(writes: readonly Write[]): Promise<void> {
    return this.#actor.call('transact', () => {
      if (writes.length > 0) this.#table.commit(writes);
    });
  }
}

export type Services = {
  readonly table: MemoryTable;
  readonly past: Past;
  readonly queues: Queues;
  readonly buses: Buses;
  readonly machine: StepFunctions;
  readonly ses: Ses;
  readonly endpoint: Endpoint;
};

/** What one function works with that may fail it. */
export type Ports = Pick<
  HandlerDeps,
  | 'table'
  | 'clock'
  | 'executions'
  | 'mailer'
  | 'web'
  | 'bus'
  | 'outbox'
  | 'calls'
  | 'walk'
  | 'again'
  | 'tell'
  | 'overflow'
  | 'claimant'
>;

export function portsOf(actor: Actor, { table, past, queues, buses, machine, ses, endpoint }: Services): Ports {
  const { name: by } = actor;
  const queue = (name: QueueName): Queue => ({
    send: (bodies, { delaySeconds = 0 } = {}) => {
      assertMay(by, `send to ${name}`, (grant) => grant.queues?.includes(name));
      return actor.call('queue', () => queues.send(name, bodies, delaySeconds));
    },
  });
  return {
    table: permitted(new ActorTable(actor, table, past), by),
    clock: actor,
    executions: {
      start: (name, input) => {
        assertMay(by, 'start executions', ({ executions }) => executions?.includes('start'));
        return actor.call('start', () => machine.start(name, input));
      },
      succeed: (token, result) => {
        assertMay(by, 'answer tokens', ({ executions }) => executions?.includes('answer'));
        return actor.call('succeed', () => machine.answer(token, { result }));
      },
      fail: (token, error, cause) => {
        assertMay(by, 'answer tokens', ({ executions }) => executions?.includes('answer'));
        return actor.call('fail', () => machine.answer(token, { error, cause }));
      },
    },
    mailer: {
      send: (mail) => {
        assertMay(by, 'send mail', (grant) => grant.mail);
        return actor.call('mail', (fault) => ses.send(mail, fault));
      },
    },
    web: { post: (_, request) => actor.call('web', () => endpoint.answer(request)) },
    bus: {
      put: (entries: readonly LocalEntry[]) => {
        assertMay(by, 'put on the bus', ({ bus }) => bus === true || entries.every(({ source }) => source === bus));
        return actor.call('put', (fault) => {
          const refused = fault === 'some' ? 1 : 0;
          buses.put('tropa', entries.slice(refused));
          return refused ? [0] : [];
        });
      },
    },
    outbox: { transactional: queue('transactional'), marketing: queue('marketing') },
    calls: queue('calls'),
    walk: queue('walk'),
    again: queue('publish'),
    tell: queue('tell'),
    overflow: queue('overflow'),
    claimant: `${actor.name}-${actor.id}`,
  };
}
