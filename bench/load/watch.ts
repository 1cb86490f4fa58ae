import { AsyncLocalStorage } from 'node:async_hooks';
import type { Counts } from '#apps/local/meter.ts';
import type { Ports, Wrap } from '#apps/local/runtime.ts';
import { type FunctionName, STREAM } from '#functions/wiring.ts';
import type { Queue } from '#shared/ports.ts';
import type { Key, Table, Write } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import { nothing, type Use } from './use.ts';

/** One run of a function, and the event that it is about just now. */
type Current = { readonly run: Use; event: Use; of: string | undefined };

/** What was seen while `on`. */
export type Seen = { readonly functions: Map<FunctionName, Use[]>; readonly events: Map<string, Use[]> };

/** Rows of one contact, one event or one address: no two writers of different contacts meet in them. */
const OWN = /^[CRIX]#/;

const add = (to: Record<string, number>, name: string, n: number): void => {
  to[name] = (to[name] ?? 0) + n;
};

/** Looks on while the real functions work, and notes what they ask of AWS: by function, and by event for enrol. */
export class Watcher {
  readonly seen: Seen = { functions: new Map(), events: new Map() };
  on = false;
  readonly #now = new AsyncLocalStorage<Current>();
  readonly #counts: () => Counts;
  readonly #typeOf: (event: string) => string | undefined;
  #running = 0;
  #met = false;

  /** `counts`: what the runtime's meter has counted. `typeOf`: the type of an event that is watched, by its id. */
  constructor(counts: () => Counts, typeOf: (event: string) => string | undefined) {
    this.#counts = counts;
    this.#typeOf = typeOf;
  }

  readonly wrap: Wrap = {
    ports: (ports) => this.#ports(ports),
    call: (name, work) => this.#run(name, work),
    scheduled: (name, work) => this.#run(name, work),
  };

  /** Enrol asks for an event's receipt first: what follows is for that event. */
  #begin(store: Current | undefined, [first]: readonly Key[]): void {
    const event = first?.pk.startsWith('R#') ? first.pk.slice(2) : undefined;
    if (!store || event === undefined || event === store.of) return;
    this.#end(store);
    store.of = event;
  }

  #end(store: Current): void {
    const type = store.of === undefined ? undefined : this.#typeOf(store.of);
    if (type !== undefined && this.on) this.seen.events.set(type, [...(this.seen.events.get(type) ?? []), store.event]);
    store.event = nothing();
    store.of = undefined;
  }

  async #run<T>(name: FunctionName, work: () => Promise<T>): Promise<T> {
    const use: Current = { run: nothing(), event: nothing(), of: undefined };
    this.#met = this.#running > 0;
    this.#running += 1;
    const before = process.cpuUsage();
    try {
      const result = await this.#now.run(use, work);
      if (typeof result === 'number') use.run.rows = result;
      return result;
    } finally {
      const { user, system } = process.cpuUsage(before);
      if (!this.#met && this.#running === 1) use.run.cpu = (user + system) / 1000;
      this.#running -= 1;
      this.#end(use);
      if (this.on) this.seen.functions.set(name, [...(this.seen.functions.get(name) ?? []), use.run]);
    }
  }

  #note<T>(call: string, work: () => T, more: (use: Use) => void = () => {}): T {
    const store = this.#now.getStore();
    const before = this.#counts().tableWrite;
    // What the table does it has done by the time that it returns its promise.
    const result = work();
    const units = this.#counts().tableWrite - before;
    for (const use of store ? [store.run, store.event] : []) {
      add(use.calls, call, 1);
      use.writeUnits += units;
      more(use);
    }
    return result;
  }

  #ports({ table, executions, mailer, outbox, bus }: Ports): Ports {
    const noting = (writes: readonly Write[]) => (use: Use) => {
      for (const key of writes.map(keyOf)) {
        if (!OWN.test(key.pk)) add(use.shared, key.pk, 1);
        if (isShown(key)) use.records += 1;
      }
    };
    const watched: Table = {
      get: (key, options) => this.#note('get', () => table.get(key, options)),
      batchGet: (keys) => {
        this.#begin(this.#now.getStore(), keys);
        return this.#note('batchGet', () => table.batchGet(keys));
      },
      query: (range) => this.#note('query', () => table.query(range)),
      queryIndex: (range) => this.#note('queryIndex', () => table.queryIndex(range)),
      write: (write) => this.#note('write', () => table.write(write), noting([write])),
      transact: (writes) => this.#note('transact', () => table.transact(writes), noting(writes)),
    };
    const queue = (name: string, to: Queue): Queue => ({
      send: (bodies, options) =>
        this.#note(
          'send',
          () => to.send(bodies, options),
          ({ put }) => add(put, name, bodies.length),
        ),
    });
    return {
      table: watched,
      executions: {
        start: (...given) => this.#note('startExecution', () => executions.start(...given)),
        succeed: (...given) => this.#note('sendTask', () => executions.succeed(...given)),
        fail: (...given) => this.#note('sendTask', () => executions.fail(...given)),
      },
      mailer: { send: (mail) => this.#note('mail', () => mailer.send(mail)) },
      bus: { put: (entries) => this.#note('putEvents', () => bus.put(entries)) },
      outbox: {
        transactional: queue('transactional', outbox.transactional),
        marketing: queue('marketing', outbox.marketing),
      },
    };
  }
}

const isShown = ({ pk, sk }: Key): boolean =>
  STREAM.keys.some((kind) => pk.startsWith(kind.pk) && sk.startsWith(kind.sk));
