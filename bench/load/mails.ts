import { Carry, TokenBucket } from './bucket.ts';
import { Latencies } from './latencies.ts';
import { Later, Line } from './line.ts';
import type { Queued } from './passages.ts';
import { Pollers, type World } from './world.ts';

const LANES = ['transactional', 'marketing'] as const;
/** Of the day's quota, what marketing may use: as `leftOf` in shared/sending/flow.ts has it. */
const MARKETING_SHARE = 0.9;
/** Seconds after which SES has told of a mail what it tells at once; the rest comes while it is read. */
const [TOLD_SOON, READ_AFTER] = [4, 1800];
const SOON = 1;

/** The two lanes, the slots of SES, and what it says of mails. */
export class Mails {
  readonly #world: World;
  readonly #slots: TokenBucket;
  readonly lanes = { transactional: new Line(), marketing: new Line() };
  readonly latency = { transactional: new Latencies(), marketing: new Latencies() };
  readonly #pollers;
  readonly #runs = { transactional: new Carry(), marketing: new Carry() };
  readonly words = new Line();
  readonly #told: Later;
  readonly #said = { soon: new Carry(), later: new Carry() };
  readonly #trackers: Pollers;
  readonly #tracked = new Carry();
  queued = 0;
  handed = 0;
  tracked = 0;
  /** When the day's quota was first in somebody's way. */
  fullAt: number | undefined;

  constructor(world: World) {
    this.#world = world;
    const { plant, step } = world;
    this.#slots = new TokenBucket({ perSecond: plant.mailsPerSecond, burst: 1 }, step);
    const pollers = (name: 'transactional' | 'marketing') => new Pollers(plant.queues[name].concurrency);
    this.#pollers = { transactional: pollers('transactional'), marketing: pollers('marketing') };
    this.#trackers = new Pollers(plant.queues.track.concurrency);
    this.#told = new Later(step);
  }

  get waiting(): number {
    return this.lanes.transactional.length + this.lanes.marketing.length;
  }

  get toldLater(): number {
    return this.#told.length;
  }

  next(queued: Queued): void {
    const { now, step, plant } = this.#world;
    this.#slots.fill(step);
    for (const lane of LANES) {
      for (const cohort of queued[lane]) {
        this.queued += cohort.n;
        this.lanes[lane].push(cohort, now);
      }
    }
    for (const lane of LANES) this.#send(lane);
    for (const cohort of this.#told.take(now)) this.words.push(cohort, now);
    const runs = this.#trackers.next(this.words.length, step);
    const able = this.#tracked.whole(this.#world.runs(plant.track.seconds, this.words.length, runs));
    const room = Math.floor(this.#world.room(plant.track.units, Math.min(able, this.words.length)) + 1e-9);
    for (const { n } of this.words.take(room, now)) this.tracked += n;
  }

  #send(lane: (typeof LANES)[number]): void {
    const { now, step, plant } = this.#world;
    const line = this.lanes[lane];
    const quota = Math.floor(plant.mailsPerDay * (lane === 'marketing' ? MARKETING_SHARE : 1)) - this.handed;
    if (quota <= 0 && line.length > 0) this.fullAt ??= now;
    const runs = this.#pollers[lane].next(line.length, step);
    const able = this.#runs[lane].whole(this.#world.runs(plant.mail.seconds, line.length, runs));
    const room = this.#world.room(plant.mail.units, Math.min(able, line.length));
    const goes = this.#slots.take(Math.max(0, Math.min(quota, Math.floor(room + 1e-9))));
    for (const { born, n } of line.take(goes, now)) {
      this.handed += n;
      this.latency[lane].note(now - born + plant.mail.seconds, n);
      const soon = Math.min(SOON, plant.mail.words);
      this.#told.put(now + TOLD_SOON, { born, n: this.#said.soon.whole(n * soon), tries: 0 });
      this.#told.put(now + READ_AFTER, { born, n: this.#said.later.whole(n * (plant.mail.words - soon)), tries: 0 });
    }
  }
}
