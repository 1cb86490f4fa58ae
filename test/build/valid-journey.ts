import fc from 'fast-check';
import { send, wait } from './checked.ts';

/**
 * Journeys as somebody writes them over one shop (`SHOP` below): what they name is there, and nearly all are valid. Made
 * by choices, so that a shorter list of choices is a simpler journey.
 */
export const choices: fc.Arbitrary<number[]> = fc.array(fc.nat(9999), { minLength: 30, maxLength: 160, size: 'max' });

export class Choices {
  readonly #left: number[];

  constructor(list: readonly number[]) {
    this.#left = [...list];
  }

  next(below: number): number {
    return (this.#left.shift() ?? 0) % below;
  }

  /** The first when the choices are used up. */
  pick<const T extends readonly unknown[]>(...from: T): T[number] {
    return from[this.next(from.length)];
  }

  maybe(part: () => object, oneIn = 3): object {
    return this.next(oneIn) === oneIn - 1 ? part() : {};
  }

  many<T>(most: number, one: () => T): T[] {
    return Array.from({ length: 1 + this.next(most) }, one);
  }
}

export const SHOP = {
  topics: { news: { kind: 'marketing' }, offers: { kind: 'marketing' }, orders: { kind: 'transactional' } },
  senders: { default: { email: 'hello@shop.example' } },
  traits: { name: 'text', points: 'number', birthday: 'date', tier: 'text', interests: 'texts' },
  events: {
    purchase: { orderId: 'text', total: 'number' },
    'cart.updated': { cartId: 'text', total: 'number' },
    registration: {},
  },
} as const;
export const SEGMENTS = { vip: { tag: 'vip' }, active: { event: 'purchase', within: 'P30D' } };

type Raw = { type: string; id: string; [part: string]: unknown };
/** What may be asked about where a condition stands. */
type Known = { readonly sends: readonly string[]; readonly left: readonly string[] };
const NOTHING: Known = { sends: [], left: [] };
const FOR = ['P1D', 'PT2H', 'PT30M', 'P1W', { trait: 'purchases.cycle', times: 0.5, otherwise: 'P3D' }];

class Writer {
  readonly #c: Choices;
  #ids = 0;

  constructor(c: Choices) {
    this.#c = c;
  }

  condition(known: Known, depth = 0): object {
    const c = this.#c;
    const inner = () => this.condition(known, depth + 1);
    if (depth < 2 && c.next(4) === 3)
      return c.pick(
        () => ({ not: inner() }),
        () => ({ all: c.many(2, inner) }),
        () => ({ any: c.many(2, inner) }),
      )();
    const leaf = c.pick(
      () => ({ event: c.pick('purchase', 'cart.updated', ['purchase', 'registration']), ...this.#span() }),
      () => ({ trait: 'points', [c.pick('gte', 'lt', 'gt')]: c.next(9) * 10 }),
      () => ({ tag: c.pick('vip', 'new', ['vip', 'staff']) }),
      () => ({ segment: c.pick('vip', 'active') }),
      () => ({ trait: 'tier', [c.pick('is', 'isNot')]: c.pick('gold', ['gold', 'silver']) }),
      () => ({ trait: 'birthday', every: 'P1Y', next: 'P30D' }),
      () => ({ consent: c.pick('news', 'offers'), is: c.pick('granted', 'denied', 'unknown') }),
      () => ({ event: 'purchase', sum: 'total', gte: c.next(5) * 20, within: 'P30D' }),
      () => ({ event: 'purchase', where: { data: 'total', gt: c.next(4) * 30 } }),
      () => ({ message: c.pick('any', ...known.sends), is: c.pick('clicked', 'opened', 'sent', 'bounced') }),
      () => ({ journey: c.pick('next', 'j'), is: c.pick('inside', 'entered', 'converted') }),
      () => ({ reachable: 'email' }),
      () => ({ sample: c.pick(5, 50, 95) }),
      () => ({ now: { days: ['sat', 'sun'] } }),
      () => (known.left.length === 0 ? { tag: 'vip' } : { step: c.pick(...known.left), exists: true }),
    );
    return leaf();
  }

  #span(): object {
    return this.#c.pick({}, { within: 'P7D' }, { since: 'entry' }, { gte: 2 }, { within: 'P30D', is: 0 });
  }

  #step(known: Known, depth: number, places: number): Raw[] {
    const c = this.#c;
    const list = (more: Known = known) => (c.next(4) === 3 ? [] : this.list(more, depth + 1));
    this.#ids += 1;
    const id = `s${this.#ids}`;
    const own = c.maybe(() => ({ if: this.condition(known) }), 6);
    const plain = [
      () => ({
        ...send(id),
        ...c.maybe(() => ({ when: { from: '09:00', to: c.pick('18:00', '10:00') } })),
        ...c.maybe(() => ({ expires: c.pick('PT0S', 'PT6H', 'P3D') })),
        ...c.maybe(() => ({ topic: c.pick('offers', 'orders') })),
      }),
      () => wait(id, { for: c.pick(...FOR) }),
      () =>
        wait(id, {
          until: c.pick({ days: ['thu'], at: '18:00' }, { from: '10:00', to: '18:00' }),
          ...c.maybe(() => ({ for: 'P2D' })),
        }),
      () =>
        wait(id, {
          until: { trait: 'birthday', every: 'P1Y', ...c.maybe(() => ({ before: 'P7D' })) },
          missed: c.pick('continue', 'end'),
        }),
      () => ({
        type: 'update',
        id,
        ...c.pick(
          { tag: ['vip'] },
          { untag: ['vip'] },
          { add: { points: 10 } },
          { set: { tier: 'gold' } },
          { consent: { news: 'denied' } },
          { append: { interests: 'tea' } },
        ),
      }),
      () => ({ type: 'emit', id, event: 'course.finished', data: { points: { trait: 'points' } } }),
      () => ({ type: 'enrol', id, journey: 'next' }),
      () => ({ type: 'leave', id, journey: 'next' }),
    ];
    const deep = [
      () => ({
        type: 'waitFor',
        id,
        for: this.condition(known),
        upTo: c.pick('PT1H', 'P2D'),
        ...c.maybe(() => ({ then: list() }), 2),
        ...c.maybe(() => ({ otherwise: list() }), 2),
      }),
      () => ({
        type: 'branch',
        id,
        cases: c.many(3, () => ({ if: this.condition(known), steps: list() })),
        ...c.maybe(() => ({ otherwise: list() }), 2),
      }),
      () => ({
        type: 'split',
        id,
        arms: c
          .pick([50, 50], [100, 0], [20, 30, 50])
          .map((weight, i) => ({ name: `arm-${i}`, weight, steps: list() })),
      }),
      () => ({ type: 'coupon', id, pool: 'cart-10', otherwise: list(), ...c.maybe(() => ({ valid: 'P7D' })) }),
      () => ({
        type: 'repeat',
        id,
        times: 1 + c.next(4),
        ...c.maybe(() => ({ until: this.condition(known) })),
        steps: this.#pass(known, depth),
      }),
    ];
    const of = depth < 4 && places > 0 && c.next(3) === 2 ? deep : plain;
    return [{ ...c.pick(...of)(), ...own } as Raw];
  }

  /** Most have a wait of their own, some only what looks like one; a send among them would go out again and again. */
  #pass(known: Known, depth: number): Raw[] {
    const steps = this.list(known, depth + 1);
    const id = () => {
      this.#ids += 1;
      return `s${this.#ids}`;
    };
    const pause = this.#c.pick(
      () => [wait(id(), { for: 'P1D' })],
      () => [wait(id(), { for: 'P1D' }), send(id())],
      () => [send(id()), wait(id(), { until: { days: ['thu'], at: '18:00' } })],
      () => [{ type: 'waitFor', id: id(), for: this.condition(known), upTo: 'P1D' }, send(id())],
      () => [],
    )();
    return this.#c.next(2) === 0 ? [...pause, ...steps] : [...steps, ...pause];
  }

  list(known: Known, depth = 0): Raw[] {
    let here = known;
    const steps: Raw[] = [];
    for (let left = 1 + this.#c.next(depth === 0 ? 5 : 3); left > 0; left -= 1) {
      const [step] = this.#step(here, depth, left);
      if (!step) break;
      steps.push(step);
      const { type, id } = step;
      const fields = type === 'coupon' ? [`${id}.code`] : type === 'split' ? [`${id}.arm`] : [`${id}.at`];
      here = { sends: type === 'send' ? [...here.sends, id] : here.sends, left: [...here.left, ...fields] };
    }
    // The last of an arm may end the way or leap over what stands below; where that is, is known at the end.
    if (depth > 0 && this.#c.next(4) === 3) {
      this.#ids += 1;
      const id = `s${this.#ids}`;
      steps.push(this.#c.pick({ type: 'end', id, outcome: 'enough' }, { type: 'skip', id, to: this.#c.next(99) }));
    }
    return steps;
  }

  trigger(): object {
    const c = this.#c;
    return c.pick(
      () => ({
        type: 'event',
        event: c.pick('cart.updated', ['cart.updated', 'registration']),
        ...c.maybe(() => ({ quietFor: 'PT1H' })),
      }),
      () => ({ type: 'event', event: 'purchase', where: { data: 'total', gt: 20 } }),
      () => ({
        type: 'segment',
        segment: c.pick('vip', 'active'),
        when: c.pick('enters', 'leaves'),
        existing: c.next(2) === 1,
      }),
      () => ({ type: 'date', trait: 'birthday', every: 'P1Y', ...c.maybe(() => ({ before: 'P7D', at: '10:00' })) }),
      () => ({ type: 'schedule', segment: 'vip', at: '10:00', every: c.pick('P1W', 'P1M'), on: undefined }),
      () => ({ type: 'manual' }),
    )();
  }

  journey(): object {
    const c = this.#c;
    const again = () => ({ again: { after: c.pick('PT1H', 'P1D'), whileInside: c.pick('ignore', 'restart') } });
    const steps = this.list(NOTHING);
    return {
      ...{ id: 'j', name: 'J', status: 'live', topic: c.pick('news', 'orders') },
      trigger: this.trigger(),
      entry: { ...c.maybe(() => ({ if: this.condition(NOTHING) }), 4), ...c.maybe(again, 2) },
      ...c.maybe(() => ({ goal: { if: this.condition(NOTHING), ...c.maybe(() => ({ leave: false })) } })),
      ...c.maybe(() => ({ exits: [{ if: this.condition(NOTHING), outcome: 'gone' }] }), 4),
      ...c.maybe(() => ({ caps: [{ count: 2, per: 'P1D' }] })),
      ...c.maybe(() => ({ quiet: [{ from: '21:00', to: '09:00' }] })),
      steps: aimed(steps, []),
    };
  }
}

const isList = (value: unknown): value is Raw[] => Array.isArray(value) && value.every((one) => 'type' in one);

/** Leads each skip to a step below it in a list around it; where there is none, the way ends. */
function aimed(steps: Raw[], later: readonly string[]): Raw[] {
  return steps.map((step, i) => {
    const below = [...steps.slice(i + 1).map(({ id }) => id), ...later];
    if (step.type === 'skip') {
      const to = below[Number(step['to']) % below.length];
      return to === undefined ? { type: 'end', id: step.id } : { ...step, to };
    }
    // Out of a repeat one may leap as well.
    const inside = (value: unknown): unknown => {
      if (isList(value)) return aimed(value, below);
      if (!Array.isArray(value)) return value;
      return value.map((arm) => ('steps' in arm ? { ...arm, steps: aimed(arm.steps, below) } : arm));
    };
    const LISTS = ['then', 'otherwise', 'steps', 'cases', 'arms'];
    const parts = Object.entries(step).map(([key, value]) => [key, LISTS.includes(key) ? inside(value) : value]);
    return Object.fromEntries(parts) as Raw;
  });
}

/** The journey that these choices make, as a file has it. */
export const writtenBy = (c: Choices): object => JSON.parse(JSON.stringify(new Writer(c).journey()));
