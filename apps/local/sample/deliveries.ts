import type { Dice } from '#apps/local/sample/dice.ts';
import { SOURCE } from '#apps/local/sample/life.ts';
import type { Event } from '#shared/event/event.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** How a storefront posts events: mostly at once, sometimes twice, now and then late, and seldom something broken. */

/** `at` is when it arrives. A malformed one is what a careless plug-in would send; nothing can be made of it. */
export type Delivery = { readonly at: Instant } & ({ readonly event: Event } | { readonly malformed: object });

const SECOND = 1000;
const HOUR = 3600 * SECOND;

const later = (at: Instant, millis: number) => fromMillis(toMillis(at) + millis);

/** Deliveries of these events in the order of their arrival; what would come after `end` is left out. */
export function deliveriesOf(events: readonly Event[], dice: Dice, end: Instant): Delivery[] {
  const deliveries = events.flatMap((event): Delivery[] => {
    const at = later(event.at, delay(dice));
    // A retry follows soon when the answer was lost, and hours later when the storefront keeps a list of failures.
    const again = dice.chance(0.008) ? [{ at: later(at, dice.chance(0.7) ? 30 * SECOND : 4 * HOUR), event }] : [];
    return [{ at, event }, ...again];
  });
  return deliveries
    .concat(events.filter((_, i) => i % 900 === 450).map((event, i) => ({ at: event.at, malformed: broken(event, i) })))
    .filter(({ at }) => at < end)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function delay(dice: Dice): number {
  const fate = dice.next();
  if (fate < 0.001) return dice.between(26, 60) * HOUR;
  if (fate < 0.006) return dice.between(0.2, 12) * HOUR;
  return dice.whole(150, 3000);
}

const FAULTS: readonly ((event: Event) => object)[] = [
  ({ identities: _, ...event }) => event,
  (event) => ({ ...event, at: 'yesterday' }),
  (event) => ({ ...event, type: 'Cart Updated!' }),
  (event) => ({ ...event, identities: { email: 'nobody' } }),
  (event) => ({ ...event, data: 'total=12' }),
];

function broken(event: Event, i: number): object {
  return { ...FAULTS[i % FAULTS.length]?.(event), id: `${SOURCE}:broken:${i + 1}` };
}
