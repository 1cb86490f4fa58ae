import { Carry, TokenBucket } from './bucket.ts';
import { type Profile, rateAt } from './hour.ts';
import { type Cohort, Later, Line, sizeOf } from './line.ts';
import { Pollers, type World } from './world.ts';

/**
 * Seconds after which Shopify tries again: eight times in four hours. It does not say when; here each pause is twice the one
 * before. Nobody tries at the very same moment: they are spread over as long again.
 */
const SHOPIFY = Array.from({ length: 8 }, (_, i) => 56 * 2 ** i);
/** A page says it again with the next thing that its visitor does. */
const PAGE = 30;
const PARTS = 10;
/** Seconds within which those who were refused are as one. */
const ALIKE = 30;

/** The way in: the API, ingest, the bus and its overflow. What comes through lies in the queue of enrol. */
export class Door {
  readonly #world: World;
  readonly #api: TokenBucket;
  readonly #bus: TokenBucket;
  readonly #fresh = new Carry();
  readonly #pages = new Carry();
  readonly #ingested = new Carry();
  readonly #drained = new Carry();
  readonly #pollers: Pollers;
  /** Those whom the door has refused, and who come again. */
  readonly again: Later;
  readonly #pagesAgain: Later;
  readonly overflow = new Line();
  arrived = 0;
  readonly refused = { throttled: 0, noLambda: 0, givenUp: 0 };
  readonly #seconds: { from: number; to: number } = { from: 0, to: 0 };

  constructor(world: World) {
    this.#world = world;
    this.#api = new TokenBucket(world.plant.door, world.step);
    this.#bus = new TokenBucket(world.plant.bus, world.step);
    this.again = new Later(world.step, ALIKE);
    this.#pagesAgain = new Later(world.step, ALIKE);
    this.#pollers = new Pollers(world.plant.queues.overflow.concurrency);
  }

  get waiting(): number {
    return this.again.length + this.#pagesAgain.length + this.overflow.length;
  }

  /** Between the first and the last time that somebody was refused. */
  get refusing(): { readonly from: number; readonly to: number } {
    return this.#seconds;
  }

  next(profile: Profile): Cohort[] {
    const { now, step, plant } = this.#world;
    this.#api.fill(step);
    this.#bus.fill(step);
    const n = this.#fresh.whole(rateAt(profile, now) * step);
    this.arrived += n;
    const pages = Math.min(n, this.#pages.whole(n * profile.byBrowser));
    const fromPages = [{ born: now, n: pages, tries: 0 }, ...this.#pagesAgain.take(now)];
    const fromShop = [{ born: now, n: n - pages, tries: 0 }, ...this.again.take(now)];
    const all = sizeOf(fromPages) + sizeOf(fromShop);
    const admitted = this.#api.take(all);
    const served = Math.min(admitted, this.#ingested.whole(this.#world.runs(plant.ingest.seconds, admitted)));
    this.refused.throttled += all - admitted;
    this.refused.noLambda += admitted - served;
    if (served < all) this.#note(now);
    const share = all === 0 ? 0 : served / all;
    const [pagesIn, pagesOut] = part(fromPages, Math.round(sizeOf(fromPages) * share));
    const [shopIn, shopOut] = part(fromShop, served - sizeOf(pagesIn));
    for (const cohort of pagesOut) this.#comeAgain(this.#pagesAgain, { ...cohort, tries: -1 }, PAGE);
    for (const cohort of shopOut) this.#shopAgain(cohort);
    return this.#toBus([...pagesIn, ...shopIn]);
  }

  #shopAgain(cohort: Cohort): void {
    const pause = SHOPIFY[cohort.tries];
    if (pause === undefined) this.refused.givenUp += cohort.n;
    else this.#comeAgain(this.again, cohort, pause);
  }

  #comeAgain(later: Later, { born, n, tries }: Cohort, pause: number): void {
    for (let i = 0; i < PARTS; i += 1) {
      const some = Math.floor(((i + 1) * n) / PARTS) - Math.floor((i * n) / PARTS);
      later.put(Math.ceil(this.#world.now + pause * (1 + i / PARTS)), { born, n: some, tries: tries + 1 });
    }
  }

  /** What the bus refuses goes to the overflow queue, and comes back from there. */
  #toBus(come: readonly Cohort[]): Cohort[] {
    const { now, step, plant } = this.#world;
    const [taken, refused] = part(come, this.#bus.take(sizeOf(come)));
    for (const cohort of refused) this.overflow.push({ ...cohort, tries: 0 }, now);
    const runs = this.#pollers.next(this.overflow.length, step);
    const drained = this.#drained.whole(this.#world.runs(plant.ingest.seconds, this.overflow.length, runs));
    const back = this.overflow.take(this.#bus.take(Math.min(drained, this.overflow.length)), now);
    return [...taken, ...back].map((cohort) => ({ ...cohort, tries: 0 }));
  }

  #note(now: number): void {
    if (this.#seconds.to === 0) this.#seconds.from = now;
    this.#seconds.to = now;
  }
}

/** The first so many, and the rest. */
function part(cohorts: readonly Cohort[], wanted: number): [Cohort[], Cohort[]] {
  const [first, rest]: [Cohort[], Cohort[]] = [[], []];
  let left = Math.max(0, wanted);
  for (const cohort of cohorts) {
    const n = Math.min(left, cohort.n);
    left -= n;
    if (n > 0) first.push({ ...cohort, n });
    if (n < cohort.n) rest.push({ ...cohort, n: cohort.n - n });
  }
  return [first, rest];
}
