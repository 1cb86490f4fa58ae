import { CATALOGUE, type Product, weightOf } from '#apps/local/sample/catalogue.ts';
import type { Dice } from '#apps/local/sample/dice.ts';
import type { Person } from '#apps/local/sample/people.ts';
import { shoppingTime } from '#apps/local/sample/rhythm.ts';
import type { Event, Identities } from '#shared/event/event.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';

/** What one person does in the sample shop, from registration until they leave or the story ends. */

export const SOURCE = 'sample-shop';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Item = Product & { readonly quantity: number };

const shelf = CATALOGUE.map((product) => ({ product, weight: weightOf(product) }));

/** Something from the catalogue; coffee and tea more often than machines. */
export const anyProduct = (dice: Dice): Product => dice.weighted(shelf).product;

const total = (items: readonly Item[]) =>
  Math.round(items.reduce((sum, { price, quantity }) => sum + price * quantity, 0) * 100) / 100;

/** The data of an order or a cart. */
export const basket = (items: readonly Item[]): Event['data'] => ({ total: total(items), items: [...items] });

/** All events of a person up to `end`, in no particular order; what began before it may go on for a few days. */
export function lifeOf(person: Person, dice: Dice, end: Instant): Event[] {
  const life = new Life(person, dice, end);
  life.register();
  life.browse();
  life.shop();
  return life.events;
}

class Life {
  readonly events: Event[] = [];
  readonly #person: Person;
  readonly #dice: Dice;
  readonly #until: Instant;
  #orders = 0;
  #carts = 0;

  constructor(person: Person, dice: Dice, end: Instant) {
    this.#person = person;
    this.#dice = dice;
    this.#until = person.leavesAt < end ? person.leavesAt : end;
  }

  register(): void {
    const { name, place, locale, country, registeredAt, identities, anonymousId, consents, tellsZone, birthday } =
      this.#person;
    const [first = name, last = ''] = name.split(' ');
    const lookedBefore = this.#dice.chance(0.3);
    if (lookedBefore)
      this.#look(fromMillis(toMillis(registeredAt) - this.#dice.between(2, 40) * MINUTE), { anonymousId });
    this.#add('registration', registeredAt, {}, lookedBefore ? { ...identities, anonymousId } : identities, {
      traits: {
        'name.first': first,
        'name.last': last,
        locale,
        'location.country': country,
        'location.city': place.city,
        ...(tellsZone ? { timeZone: place.timeZone } : {}),
        ...(birthday === undefined ? {} : { birthday }),
      },
      ...(consents.length > 0 ? { consents: [...consents] } : {}),
    });
  }

  /** Visits without a plan: they look, and now and then something lands in the cart. */
  browse(): void {
    for (let at = this.#after(this.#person.registeredAt, this.#dice.gap(this.#person.visits)); at < this.#until; ) {
      const seen = this.#look(at, this.#person.identities);
      if (this.#dice.chance(0.12)) this.#fillCart(seen, this.#person.abandons + 0.3);
      at = this.#after(at, 0.2 + this.#dice.gap(this.#person.visits));
    }
  }

  /** Orders by their own cycle, the first one soon after registration. */
  shop(): void {
    const { cycle, registeredAt, identities, abandons } = this.#person;
    if (cycle === undefined) return;
    for (let at = this.#after(registeredAt, this.#dice.gap(4)); at < this.#until; ) {
      this.#fillCart(this.#look(at, identities), abandons);
      at = this.#after(at, Math.max(2, this.#dice.around(cycle, 0.25)));
    }
  }

  #after(at: Instant, days: number): Instant {
    return shoppingTime(this.#dice, fromMillis(toMillis(at) + days * DAY), this.#person.place.timeZone);
  }

  /** One session of looking at products. Returns when it ended and what was seen. */
  #look(from: Instant, identities: Identities): { at: Instant; seen: Product[] } {
    const seen = Array.from({ length: this.#dice.pick([1, 1, 2, 3]) }, () => anyProduct(this.#dice));
    let at = from;
    for (const product of seen) {
      this.#add('product.viewed', at, { ...product }, identities);
      at = fromMillis(toMillis(at) + this.#dice.between(0.3, 4) * MINUTE);
    }
    return { at, seen };
  }

  #fillCart(look: { at: Instant; seen: readonly Product[] }, abandons: number): void {
    this.#carts += 1;
    const cartId = `${this.#person.id}-cart-${this.#carts}`;
    let at = look.at;
    let items: Item[] = [];
    for (const product of look.seen.filter((_, i) => i === 0 || this.#dice.chance(0.5))) {
      items = [...items, { ...product, quantity: this.#dice.chance(0.2) ? 2 : 1 }];
      this.#add('cart.updated', at, { cartId, ...basket(items) });
      at = fromMillis(toMillis(at) + this.#dice.between(0.5, 5) * MINUTE);
    }
    if (!this.#dice.chance(abandons)) this.#buy(fromMillis(toMillis(at) + this.#dice.between(1, 35) * MINUTE), items);
    else if (this.#dice.chance(0.06)) this.#add('cart.updated', at, { cartId, total: 0, items: [] });
    else if (this.#dice.chance(0.12)) this.#buy(this.#after(at, this.#dice.between(0.5, 3)), items);
  }

  #buy(at: Instant, items: readonly Item[]): void {
    this.#orders += 1;
    const orderId = `${this.#person.id}-order-${this.#orders}`;
    this.#add('purchase', at, { orderId, ...basket(items) });
    if (!this.#dice.chance(0.04)) return;
    const cancelled = fromMillis(toMillis(at) + this.#dice.between(0.3, 40) * HOUR);
    this.#add('order.cancelled', cancelled, {
      orderId,
      reason: this.#dice.pick(['changed-mind', 'too-late', 'mistake']),
    });
  }

  #add(
    type: string,
    at: Instant,
    data: Event['data'],
    identities: Identities = this.#person.identities,
    more: Pick<Event, 'traits' | 'consents'> = {},
  ): void {
    const id = `${SOURCE}:${this.#person.id}:${this.events.length + 1}`;
    this.events.push({ id, type, at, source: SOURCE, identities, data, ...more });
  }
}
