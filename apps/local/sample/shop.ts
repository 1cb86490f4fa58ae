import { aftermathOf, birthdayOf } from '#apps/local/sample/aftermath.ts';
import { type Delivery, deliveriesOf } from '#apps/local/sample/deliveries.ts';
import { Dice } from '#apps/local/sample/dice.ts';
import { lifeOf } from '#apps/local/sample/life.ts';
import { type Person, person } from '#apps/local/sample/people.ts';
import type { Event } from '#shared/event/event.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

const DAY = 86_400_000;
const HISTORY = 365 * DAY;
const MONTH = 30 * DAY;
/** Pages that somebody looked at are seldom kept for long: a shop's past has those of its last weeks. */
const VIEWS = 60 * DAY;

export type SampleShop = {
  readonly people: readonly Person[];
  /** Twelve months up to the start, the looks at products of the last sixty days of them, in order of time, each marked historic. */
  readonly history: readonly Event[];
  /** The thirty days from the start on, as the storefront delivers them. */
  readonly month: readonly Delivery[];
  /** End of the month. */
  readonly end: Instant;
};

/** A shop made up from a seed: the same seed, number of contacts and start give the same shop, byte for byte. */
export function sampleShop(options: { seed: string; contacts?: number; start: Instant }): SampleShop {
  const { seed, contacts = 2000, start } = options;
  const opened = plusMillis(start, -HISTORY);
  const end = plusMillis(start, MONTH);
  const people: Person[] = [];
  const events: Event[] = [];
  for (let number = 1; number <= contacts; number += 1) {
    const dice = new Dice(seed, 'person', number);
    const more = new Dice(seed, 'more', number);
    const one = { ...person(dice, number, opened, end), birthday: birthdayOf(more) };
    people.push(one);
    const life = lifeOf(one, dice, end);
    events.push(...life, ...aftermathOf(one, life, more, end));
  }
  events.sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
  const kept = plusMillis(start, -VIEWS);
  const history = events
    .filter(({ at, type }) => at < start && (type !== 'product.viewed' || at >= kept))
    .map((event) => ({ ...event, historic: true }));
  const played = events.filter(({ at }) => at >= start);
  return { people, history, month: deliveriesOf(played, new Dice(seed, 'deliveries'), end), end };
}
