import type { Reply, Web } from '#shared/ports.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from './scheduler.ts';

/** A request that has come to the shop's other system, and what it answered. */
export type Heard = {
  readonly at: number;
  readonly body: string;
  /** Undefined: it did its work, and the answer was lost. */
  readonly status: number | undefined;
};

const YES = JSON.stringify({ ok: true, points: 7 });
const BUSY = 503;
const NO = 404;

/** Another system of the shop's, which is there mostly; it knows a repetition by the id of the request. */
export class Endpoint {
  /** By the id of the call. */
  readonly heard = new Map<string, Heard[]>();
  readonly #scheduler: Scheduler;
  readonly #random: Random;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  answer({ headers, body }: Parameters<Web['post']>[1]): Reply {
    const random = this.#random;
    if (random.chance(0.1)) return { failed: 'unreachable' };
    const status = random.chance(0.1) ? undefined : random.chance(0.25) ? BUSY : random.chance(0.05) ? NO : 200;
    const id = headers['webhook-id'] ?? '';
    const all = this.heard.get(id) ?? [];
    all.push({ at: this.#scheduler.millis, body, status });
    this.heard.set(id, all);
    return status === undefined ? { failed: 'timed-out' } : { status, body: status === 200 ? YES : '' };
  }
}
