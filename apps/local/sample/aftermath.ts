import type { Dice } from '#apps/local/sample/dice.ts';
import { SOURCE } from '#apps/local/sample/life.ts';
import type { Person } from '#apps/local/sample/people.ts';
import type { Event } from '#shared/event/event.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** What follows a person's orders: the parcel, money back or a review, a finished guide, a rise in the loyalty programme. */

const DAY = 86_400_000;

const TIERS = [
  { tier: 'bronze', from: 100 },
  { tier: 'silver', from: 300 },
  { tier: 'gold', from: 800 },
  { tier: 'platinum', from: 2000 },
] as const;

/**
 * Events that follow the orders of a life, up to where it ends, in no particular order.
 *
 * @param dice not those that the life was thrown with, so that it stays as it is
 */
export function aftermathOf(person: Person, life: readonly Event[], dice: Dice, end: Instant): Event[] {
  const cancelled = new Set(life.flatMap(({ type, data }) => (type === 'order.cancelled' ? [data['orderId']] : [])));
  const orders = life
    .filter(({ type, data }) => type === 'purchase' && !cancelled.has(data['orderId']))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return [...orders.flatMap((order) => afterOrder(order, dice)), ...rises(person, orders)].filter(({ at }) => at < end);
}

function afterOrder(order: Event, dice: Dice): Event[] {
  const { orderId, items } = order.data;
  const follows = (type: string, days: number, data: Event['data'] = {}): Event => ({
    id: `${order.id}:${type}`,
    type,
    at: fromMillis(toMillis(order.at) + Math.round(days * DAY)),
    source: SOURCE,
    identities: order.identities,
    data,
  });
  const arrives = dice.between(1.5, 4.5);
  const [refunded, reviewed, through] = [dice.chance(0.03), dice.chance(0.06), dice.chance(0.3)];
  return [
    follows('order.delivered', arrives, { orderId: orderId ?? null, items: items ?? [] }),
    ...(refunded ? [follows('order.refunded', arrives + dice.between(1, 14), { orderId: orderId ?? null })] : []),
    ...(reviewed ? [follows('review.posted', arrives + dice.between(1, 20), { orderId: orderId ?? null })] : []),
    ...(through && hasMachine(items) ? [follows('guide.completed', arrives + dice.between(3, 25))] : []),
  ];
}

const hasMachine = (items: unknown): boolean =>
  Array.isArray(items) && items.some(({ category }) => category === 'espresso-machines');

/** A tier is reached by what was spent in all; who skips one is told of the higher only. */
function rises({ id }: Person, orders: readonly Event[]): Event[] {
  const found: Event[] = [];
  let spent = 0;
  for (const { at, identities, data } of orders) {
    const before = tiersAt(spent);
    spent += typeof data['total'] === 'number' ? data['total'] : 0;
    const reached = tiersAt(spent);
    const tier = reached.at(-1)?.tier;
    if (tier === undefined || reached.length === before.length) continue;
    const next = TIERS[reached.length];
    const toNext = next ? Math.round((next.from - spent) * 100) / 100 : 0;
    found.push({
      id: `${SOURCE}:${id}:tier-${tier}`,
      type: 'loyalty.changed',
      at: fromMillis(toMillis(at) + 60_000),
      source: SOURCE,
      identities,
      data: { tier, direction: 'up', toNext },
    });
  }
  return found;
}

const tiersAt = (spent: number) => TIERS.filter(({ from }) => spent >= from);

/** A birthday, as three in five tell it when they register; some without its year. */
export function birthdayOf(dice: Dice): string | undefined {
  const day = dice.whole(1, 365);
  const year = dice.whole(1950, 2005);
  const date = fromMillis(Date.UTC(2023, 0, day)).slice(5, 10);
  if (!dice.chance(0.6)) return undefined;
  return dice.chance(0.2) ? `--${date}` : `${year}-${date}`;
}
