import type { DatabaseSync } from 'node:sqlite';
import type { QueueWiring } from '#functions/wiring.ts';
import { reasonOf } from '#shared/errors.ts';
import type { Queue } from '#shared/ports.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';
import type { VirtualClock } from './clock.ts';
import { type Count, requests } from './metering.ts';
import { QueueRows, type Received } from './queue-rows.ts';

/** A message as a consumer gets it. */
export type Message = {
  readonly id: string;
  readonly body: unknown;
  /** How many times it has been received, this one included. */
  readonly receives: number;
  readonly sent: Instant;
};

/** A message that was not worked off, and why. One that no retry can mend is `hopeless` and given up at once. */
export type Failure = { readonly id: string; readonly reason: string; readonly hopeless?: boolean };

/** Works off a batch and says what failed; a throw fails the whole batch. */
export type Handler = (messages: readonly Message[]) => Promise<readonly Failure[]>;

export type DeadLetter = {
  readonly id: string;
  readonly body: unknown;
  readonly reason: string;
  readonly receives: number;
  readonly sent: Instant;
  readonly died: Instant;
};

export type QueuesOptions = {
  readonly db: DatabaseSync;
  readonly clock: VirtualClock;
  readonly wirings: Readonly<Record<string, QueueWiring>>;
  readonly count?: Count;
  /** Told of every failed receive; never gets a body. */
  readonly onFailure?: (queue: string, failure: Failure) => void;
  /** Milliseconds after which a failed message comes back, instead of at the end of its visibility timeout. */
  readonly retryDelay?: (receives: number) => number;
};

type Consumer = {
  readonly wiring: QueueWiring;
  readonly handler: Handler;
  running: number;
  /** When the queue is looked at next. */
  wakeAt: number;
  cancelWake: () => void;
};

const MAX_DELAY_SECONDS = 900;
const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_BATCH = 10;

/**
 * SQS in one process: at least once, hidden while being worked on, given up after `receives` attempts. It keeps SQS's
 * semantics and promises more than SQS does: messages come in the order in which they became visible.
 */
export class LocalQueues {
  readonly #rows: QueueRows;
  readonly #options: QueuesOptions;
  readonly #consumers = new Map<string, Consumer>();

  constructor(options: QueuesOptions) {
    this.#options = options;
    this.#rows = new QueueRows(options.db);
  }

  /** The sending side. Throws a RangeError for an unknown queue, a delay of more than 900 s or a message of more than 1 MiB. */
  queue(name: string): Queue {
    const { name: queue } = this.#wiring(name);
    return {
      send: async (bodies, options) =>
        this.sendTexts(
          queue,
          bodies.map((body) => JSON.stringify(body)),
          options?.delaySeconds,
        ),
    };
  }

  /** Sends bodies that are JSON already. All or none are taken, within the call. */
  sendTexts(name: string, bodies: readonly string[], delaySeconds = 0): void {
    const { name: queue } = this.#wiring(name);
    if (delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)
      throw new RangeError(`a delay of ${delaySeconds} s: SQS takes 0 to ${MAX_DELAY_SECONDS}`);
    const sizes = bodies.map((body) => Buffer.byteLength(body));
    for (const size of sizes)
      if (size > MAX_MESSAGE_BYTES) throw new RangeError(`a message of ${size} bytes: SQS takes 1 MiB`);
    const now = this.#options.clock.millis();
    const visible = now + delaySeconds * 1000;
    this.#rows.send(queue, bodies, now, visible);
    this.#count('queueRequests', requests(sizes, MAX_BATCH));
    const consumer = this.#consumers.get(queue);
    if (consumer && bodies.length > 0) this.#wake(consumer, visible);
  }

  /** Lets the handler work off the queue: at most `maxConcurrency` batches of at most `batch` messages at a time. */
  consume(wiring: QueueWiring, handler: Handler): void {
    if (this.#consumers.has(wiring.name)) throw new Error(`${wiring.name} has a consumer already`);
    const consumer = { wiring, handler, running: 0, wakeAt: Number.POSITIVE_INFINITY, cancelWake: () => {} };
    this.#consumers.set(wiring.name, consumer);
    this.#wake(consumer, this.#rows.nextVisible(wiring.name) ?? Number.POSITIVE_INFINITY);
  }

  /** After a restart, before `consume`: what a dead process was working on comes back at once. */
  resume(): void {
    this.#rows.uncover(this.#options.clock.millis());
  }

  /** Messages that lie in a queue, hidden ones too. */
  waiting(name: string): number {
    return this.#rows.waiting(this.#wiring(name).name);
  }

  deadLetters(name: string): DeadLetter[] {
    return this.#rows.dead(this.#wiring(name).name).map((dead) => ({
      id: String(dead.id),
      body: JSON.parse(dead.body),
      reason: dead.reason,
      receives: dead.receives,
      sent: fromMillis(dead.sent),
      died: fromMillis(dead.died),
    }));
  }

  /** Sends dead letters to their queue again, as new messages. Returns how many. */
  redrive(name: string, filter: (dead: DeadLetter) => boolean = () => true): number {
    const { name: queue } = this.#wiring(name);
    const chosen = this.deadLetters(queue).filter(filter);
    const now = this.#options.clock.millis();
    this.#rows.revive(
      chosen.map(({ id }) => Number(id)),
      now,
    );
    const consumer = this.#consumers.get(queue);
    if (consumer && chosen.length > 0) this.#wake(consumer, now);
    return chosen.length;
  }

  /** Takes dead letters away for good. Returns how many. */
  discard(name: string, filter: (dead: DeadLetter) => boolean): number {
    const chosen = this.deadLetters(name).filter(filter);
    this.#rows.forget(chosen.map(({ id }) => Number(id)));
    return chosen.length;
  }

  #wiring(name: string): QueueWiring {
    const wiring = this.#options.wirings[name];
    if (!wiring) throw new RangeError(`no queue ${name}`);
    return wiring;
  }

  /** By a timer even for now, so that what is sent in one go is received in full batches. */
  #wake(consumer: Consumer, at: number): void {
    if (at >= consumer.wakeAt) return;
    consumer.cancelWake();
    consumer.wakeAt = at;
    consumer.cancelWake = this.#options.clock.atMillis(at, () => {
      consumer.wakeAt = Number.POSITIVE_INFINITY;
      this.#poll(consumer);
    });
  }

  #poll(consumer: Consumer): void {
    const { wiring } = consumer;
    while (consumer.running < wiring.maxConcurrency) {
      const now = this.#options.clock.millis();
      const next = this.#rows.nextVisible(wiring.name);
      if (next === undefined) return;
      if (next > now) {
        this.#wake(consumer, next);
        return;
      }
      const times = { now, until: now + wiring.visibility * 1000, receives: wiring.receives };
      const batch = this.#rows.receive(wiring.name, wiring.batch, times);
      this.#count('queueRequests', 1);
      // A rejection can only be a fault of this runtime, and must end the process.
      if (batch.length > 0) void this.#options.clock.run(() => this.#work(consumer, batch));
    }
  }

  async #work(consumer: Consumer, batch: readonly Received[]): Promise<void> {
    const { wiring, handler } = consumer;
    consumer.running += 1;
    const failures = await this.#attempt(handler, batch);
    this.#settle(wiring.name, batch, failures);
    consumer.running -= 1;
    this.#wake(consumer, this.#options.clock.millis());
  }

  async #attempt(handler: Handler, batch: readonly Received[]): Promise<readonly Failure[]> {
    this.#count('lambda', 1);
    try {
      return await handler(batch.map(messageOf));
    } catch (error) {
      return batch.map(({ id }) => ({ id: String(id), reason: reasonOf(error) }));
    }
  }

  #settle(queue: string, batch: readonly Received[], failures: readonly Failure[]): void {
    const failed = new Map(failures.map((failure) => [failure.id, failure]));
    const done = batch.filter(({ id }) => !failed.has(String(id)));
    this.#rows.delete(done.map(({ id }) => id));
    if (done.length > 0) this.#count('queueRequests', 1);
    for (const { id, receives } of batch) {
      const failure = failed.get(String(id));
      if (!failure) continue;
      const now = this.#options.clock.millis();
      const delay = this.#options.retryDelay?.(receives);
      if (failure.hopeless) this.#rows.giveUp(id, failure.reason, now);
      else this.#rows.fail(id, failure.reason, delay === undefined ? undefined : now + delay);
      this.#options.onFailure?.(queue, failure);
    }
  }

  #count(name: 'queueRequests' | 'lambda', n: number): void {
    this.#options.count?.(name, n);
  }
}

const messageOf = ({ id, body, receives, sent }: Received): Message => ({
  id: String(id),
  body: JSON.parse(body),
  receives,
  sent: fromMillis(sent),
});
