import { consumers, type HandlerDeps } from '#apps/local/handlers.ts';
import { QUEUES, type QueueName, type QueueWiring } from '#functions/wiring.ts';
import type { Random } from '../random.ts';
import type { Invoke } from './lambda.ts';
import type { Scheduler } from './scheduler.ts';

type Message = { readonly id: number; readonly body: unknown; readonly sent: string; receives: number; gone: boolean };
export type DeadLetter = { readonly queue: QueueName; readonly body: unknown; readonly reason: string };

/** Milliseconds until a message is seen: mostly none, sometimes long after those that were sent later. */
const DELAYS = [0, 0, 0, 0, 0, 0, 15, 15, 400, 2000, 40_000] as const;
const SECONDS = 1000;

export type QueuesOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly invoke: Invoke;
};

/** SQS and the Lambdas on it: in any order, at least once, until it has been received too often. */
export class Queues {
  readonly dead: DeadLetter[] = [];
  readonly #options: QueuesOptions;
  readonly #seen = new Map<QueueName, Message[]>();
  readonly #running = new Map<QueueName, number>();
  readonly #asked = new Set<QueueName>();
  #numbered = 0;
  #waiting = 0;

  constructor(options: QueuesOptions) {
    this.#options = options;
  }

  /** Messages that nobody has worked off yet. */
  get waiting(): number {
    return this.#waiting;
  }

  send(queue: QueueName, bodies: readonly unknown[], delaySeconds = 0): void {
    const { scheduler, random } = this.#options;
    for (const body of bodies) {
      this.#numbered += 1;
      this.#waiting += 1;
      const sent = scheduler.now();
      const message: Message = {
        id: this.#numbered,
        body: JSON.parse(JSON.stringify(body)),
        sent,
        receives: 0,
        gone: false,
      };
      scheduler.after(delaySeconds * SECONDS + random.pick(DELAYS), () => this.#show(queue, message));
      // At least once.
      if (random.chance(0.01))
        scheduler.after(random.below(90_000), () => this.#show(queue, { ...message, gone: true }));
    }
  }

  #show(queue: QueueName, message: Message): void {
    const seen = this.#seen.get(queue) ?? [];
    this.#seen.set(queue, seen);
    seen.push(message);
    this.#ask(queue);
  }

  #ask(queue: QueueName): void {
    if (this.#asked.has(queue)) return;
    this.#asked.add(queue);
    this.#options.scheduler.push(() => this.#poll(queue));
  }

  #poll(queue: QueueName): void {
    this.#asked.delete(queue);
    const wiring: QueueWiring = QUEUES[queue];
    const seen = this.#seen.get(queue) ?? [];
    const running = this.#running.get(queue) ?? 0;
    if (seen.length === 0 || running >= wiring.maxConcurrency) return;
    const batch: Message[] = [];
    for (let n = 1 + this.#options.random.below(wiring.batch); n > 0 && seen.length > 0; n -= 1)
      batch.push(...seen.splice(this.#options.random.below(seen.length), 1));
    for (const message of batch) message.receives += 1;
    this.#running.set(queue, running + 1);
    this.#work(queue, wiring, batch);
    if (seen.length > 0) this.#ask(queue);
  }

  #work(queue: QueueName, wiring: QueueWiring, batch: readonly Message[]): void {
    const again = this.#options.scheduler.millis + wiring.visibility * SECONDS;
    const work = (deps: HandlerDeps) =>
      consumers(deps, {})[queue](
        batch.map(({ id, body, receives, sent }) => ({ id: String(id), body, receives, sent })),
      );
    this.#options.invoke(wiring.consumer, work, (ended) => {
      this.#running.set(queue, (this.#running.get(queue) ?? 1) - 1);
      const failures = 'result' in ended ? new Map(ended.result.map((failure) => [failure.id, failure])) : undefined;
      const reason = 'error' in ended ? String(ended.error) : 'the function died';
      for (const message of batch) {
        const failure = failures ? failures.get(String(message.id)) : { reason, hopeless: false };
        if (!failure) this.#delete(message);
        else if (failure.hopeless || message.receives >= wiring.receives) this.#bury(queue, message, failure.reason);
        // A copy comes only once.
        else if (!message.gone) this.#options.scheduler.at(again, () => this.#show(queue, message));
      }
      this.#ask(queue);
    });
  }

  #delete(message: Message): void {
    if (!message.gone) this.#waiting -= 1;
    message.gone = true;
  }

  #bury(queue: QueueName, message: Message, reason: string): void {
    if (message.gone) return;
    this.#delete(message);
    this.dead.push({ queue, body: message.body, reason });
  }
}
