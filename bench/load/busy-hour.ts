import type { Arrival } from '#apps/local/play.ts';
import { Dice } from '#apps/local/sample/dice.ts';
import { anyProduct, basket, SOURCE } from '#apps/local/sample/life.ts';
import { type SampleShop, sampleShop } from '#apps/local/sample/shop.ts';
import type { Event } from '#shared/event/event.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/** What a shop's customers do in its busiest hour, in parts of all events: a stated mix, nobody's measured one. */
export const MIX = { 'product.viewed': 0.7, 'cart.updated': 0.2, purchase: 0.06, registration: 0.04 } as const;
/** Said by browsers, which say it again by themselves; the rest is posted by the storefront's server. */
export const BY_BROWSER = MIX['product.viewed'] + MIX['cart.updated'];
export const START: Instant = '2026-11-27T09:00:00.000Z';
export const HOUR = 3_600_000;
/** When the hour begins; what was before has come to rest by then. */
export const OPENS: Instant = '2026-11-27T11:00:00.000Z';
/** Events of each customer's past that are told beforehand: the registration and the newest. */
const PAST = 3;
const EVENTS_A_CONTACT = 4;

export type BusyHour = {
  readonly shop: SampleShop;
  readonly past: readonly Arrival[];
  readonly hour: readonly Arrival[];
};

/**
 * An hour of so many events, of a quarter as many customers that are known, and of those who become known in it. `moments`:
 * milliseconds of the hour at which they come, instead of evenly.
 */
export function busyHour(events: number, moments?: readonly number[]): BusyHour {
  const seed = 'load';
  const contacts = Math.ceil(events / EVENTS_A_CONTACT);
  const newcomers = Math.ceil(events * MIX.registration * 1.5);
  const shop = sampleShop({ seed, contacts: contacts + newcomers, start: START });
  const past = pastOf(shop.history);
  const known = past.flatMap(({ type, identities }) => (type === 'registration' ? [identities] : []));
  const coming = shop.month.flatMap((one) => ('event' in one && one.event.type === 'registration' ? [one.event] : []));
  const dice = new Dice(seed, 'busy hour');
  const carts: Event['identities'][] = [];
  const anybody = (): Event['identities'] => known[dice.whole(0, known.length - 1)] ?? {};
  const happens = (n: number, at: Instant): Event => {
    const type = kindAt(dice.next());
    const id = `${SOURCE}:busy:${n}`;
    const registration = type === 'registration' ? coming.pop() : undefined;
    if (registration) return { ...registration, at };
    if (type === 'purchase') {
      const identities = carts[dice.whole(0, Math.max(0, carts.length - 1))] ?? anybody();
      return { id, type, at, source: SOURCE, identities, data: { orderId: `busy-${n}`, ...items(dice) } };
    }
    const identities = anybody();
    if (type === 'cart.updated') carts.push(identities);
    const data = type === 'cart.updated' ? { cartId: `busy-${n}`, ...items(dice) } : { ...anyProduct(dice) };
    return { id, type: type === 'cart.updated' ? type : 'product.viewed', at, source: SOURCE, identities, data };
  };
  const evenly = Array.from({ length: events }, () => dice.next() * HOUR).sort((a, b) => a - b);
  const hour = (moments ?? evenly).map((after, n) => happens(n, plusMillis(OPENS, Math.round(after))));
  return { shop, past: arrivals(past, 0, () => START), hour: arrivals(hour, past.length, ({ at }) => at) };
}

const items = (dice: Dice): Event['data'] =>
  basket(Array.from({ length: dice.whole(1, 3) }, () => ({ ...anyProduct(dice), quantity: 1 })));

function kindAt(drawn: number): string {
  let sum = 0;
  for (const [type, share] of Object.entries(MIX)) {
    sum += share;
    if (drawn < sum) return type;
  }
  return 'product.viewed';
}

/** Of each customer the registration and the newest events. */
function pastOf(history: readonly Event[]): Event[] {
  const by = Map.groupBy(history, ({ id }) => id.split(':')[1] ?? '');
  return [...by.values()].flatMap((events) => {
    const first = events.find(({ type }) => type === 'registration');
    const rest = events.filter((event) => event !== first);
    return first ? [first, ...rest.slice(-(PAST - 1))] : [];
  });
}

const arrivals = (events: readonly Event[], after: number, at: (event: Event) => Instant): Arrival[] =>
  events.map((event, i) => ({ sequence: after + i + 1, at: at(event), detail: event, type: event.type }));

/** The id of the event that arrives. */
export const idOf = (detail: Arrival['detail']): string => ('id' in detail ? String(detail.id) : '');
