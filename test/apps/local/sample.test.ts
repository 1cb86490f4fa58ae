import { describe, expect, it } from 'vitest';
import { orderAfterClick, reactionsTo } from '#apps/local/sample/behaviour.ts';
import { CATALOGUE } from '#apps/local/sample/catalogue.ts';
import { Dice } from '#apps/local/sample/dice.ts';
import { sampleShop } from '#apps/local/sample/shop.ts';
import { type Event, eventSchema } from '#shared/event/event.ts';
import { toMillis } from '#shared/time/instant.ts';

const START = '2026-10-01T00:00:00.000Z';
const DAY = 86_400_000;
const shop = sampleShop({ seed: 'test', contacts: 600, start: START });
const arrived = shop.month.flatMap((delivery) => ('event' in delivery ? [delivery] : []));
const once = [...new Map(arrived.map(({ event }) => [event.id, event])).values()];
const all = [...shop.history, ...once];
const share = (part: number, whole: number) => part / whole;
const ofType = (type: string) => all.filter((event) => event.type === type);
const millisBetween = (a: Event, b: Event) => toMillis(b.at) - toMillis(a.at);

describe('the sample shop', () => {
  it('is the same for the same seed, and another for another', () => {
    const small = (seed: string) => JSON.stringify(sampleShop({ seed, contacts: 20, start: START }));
    expect(small('a')).toBe(small('a'));
    expect(small('a')).not.toBe(small('b'));
  });

  it('does not change the life of anybody when there are more people', () => {
    const few = sampleShop({ seed: 'a', contacts: 5, start: START });
    const more = sampleShop({ seed: 'a', contacts: 9, start: START });
    const theirs = (events: readonly Event[]) => events.filter(({ id }) => /C-0000[1-5]:/.test(id));
    expect(theirs(more.history)).toEqual(few.history);
  });

  it('has valid events only, each with an id of its own', () => {
    expect(all.filter((event) => !eventSchema.safeParse(event).success)).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('has twelve historic months in order of time, and then a month', () => {
    const times = shop.history.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(shop.history.every(({ at, historic }) => historic && at < START && at >= '2025-10-01')).toBe(true);
    expect(once.every(({ at, historic }) => !historic && at >= START && at < shop.end)).toBe(true);
    expect(shop.end).toBe('2026-10-31T00:00:00.000Z');
  });

  it('remembers of what was looked at the last sixty days alone', () => {
    const looks = shop.history.filter(({ type }) => type === 'product.viewed').map(({ at }) => at);
    expect(looks[0]).toMatch(/^2026-08-02/);
    expect(shop.history[0]?.at).toMatch(/^2025-10/);
  });

  it('registers everybody once, with zone, country and the words of their consents', () => {
    const registered = ofType('registration');
    expect(new Set(registered.map(({ identities }) => identities.externalId)).size).toBe(600);
    expect(registered).toHaveLength(600);
    expect(new Set(registered.map(({ traits }) => traits?.['location.country'])).size).toBe(7);
    expect(new Set(registered.map(({ traits }) => traits?.['timeZone'])).size).toBeGreaterThan(7);
    const consents = registered.flatMap(({ consents: given }) => given ?? []);
    expect(new Set(consents.map(({ topic }) => topic))).toEqual(
      new Set(['marketing', 'news', 'offers', 'care', 'tastings']),
    );
    expect(consents.every(({ wording }) => wording.length > 10)).toBe(true);
  });

  it('knows people without consent, with consent denied, and with a phone only', () => {
    const count = (is: (person: (typeof shop.people)[number]) => boolean) => share(shop.people.filter(is).length, 600);
    expect(count(({ consents }) => consents.length === 0)).toBeGreaterThan(0.1);
    expect(count(({ consents }) => consents.some(({ state }) => state === 'denied'))).toBeGreaterThan(0.03);
    expect(count(({ identities }) => !identities.email && identities.phone !== undefined)).toBeGreaterThan(0.01);
  });

  it('sees more than half of the carts bought within the hour, and many left lying', () => {
    const last = new Map(ofType('cart.updated').map((event) => [event.data['cartId'], event]));
    const orders = Map.groupBy(ofType('purchase'), ({ identities }) => identities.externalId);
    const bought = [...last.values()].filter((cart) =>
      orders
        .get(cart.identities.externalId)
        ?.some((order) => millisBetween(cart, order) >= 0 && millisBetween(cart, order) < 3_600_000),
    );
    expect(share(bought.length, last.size)).toBeGreaterThan(0.5);
    expect(share(bought.length, last.size)).toBeLessThan(0.8);
  });

  it('has carts and orders whose total is that of their items', () => {
    for (const { data } of [...ofType('cart.updated'), ...ofType('purchase')]) {
      const items = (Array.isArray(data['items']) ? data['items'] : []) as { price: number; quantity: number }[];
      expect(data['total']).toBeCloseTo(
        items.reduce((sum, item) => sum + item.price * item.quantity, 0),
        6,
      );
    }
  });

  it('cancels some orders, after they were made', () => {
    const orders = new Map(ofType('purchase').map((event) => [event.data['orderId'], event]));
    const cancelled = ofType('order.cancelled');
    expect(cancelled.length).toBeGreaterThan(10);
    for (const event of cancelled) {
      const order = orders.get(event.data['orderId']);
      expect(order && millisBetween(order, event)).toBeGreaterThan(0);
    }
  });

  it('delivers what was not cancelled, a few days later, with what was in the order', () => {
    const orders = new Map(ofType('purchase').map((event) => [event.data['orderId'], event]));
    const cancelled = new Set(ofType('order.cancelled').map(({ data }) => data['orderId']));
    const delivered = ofType('order.delivered');
    expect(delivered.length).toBeGreaterThan(0.85 * (orders.size - cancelled.size));
    for (const event of delivered) {
      const order = orders.get(event.data['orderId']);
      expect(order && millisBetween(order, event)).toBeGreaterThan(DAY);
      expect(event.data['items']).toEqual(order?.data['items']);
      expect(cancelled).not.toContain(event.data['orderId']);
    }
    const arrival = new Map(delivered.map((event) => [event.data['orderId'], event]));
    for (const event of [...ofType('order.refunded'), ...ofType('review.posted')]) {
      const parcel = arrival.get(event.data['orderId']);
      if (parcel) expect(millisBetween(parcel, event)).toBeGreaterThan(DAY);
    }
  });

  it('raises who has spent enough, tier after tier, and says what is missing to the next', () => {
    const rises = Map.groupBy(ofType('loyalty.changed'), ({ identities }) => identities.externalId);
    expect(rises.size).toBeGreaterThan(100);
    const order = ['bronze', 'silver', 'gold', 'platinum'];
    for (const events of rises.values()) {
      const ranks = events.map(({ data }) => order.indexOf(String(data['tier'])));
      expect(ranks).toEqual([...new Set(ranks)].sort());
      expect(events.every(({ data }) => Number(data['toNext']) > 0 || data['tier'] === 'platinum')).toBe(true);
    }
  });

  it('hears the birthdays of some, now and then without the year', () => {
    const told = ofType('registration').flatMap(({ traits }) => traits?.['birthday'] ?? []);
    expect(share(told.length, 600)).toBeCloseTo(0.6, 1);
    expect(told.filter((one) => !/^(\d{4}|-)-\d\d-\d\d$/.test(String(one)))).toEqual([]);
    expect(told.some((one) => String(one).startsWith('--'))).toBe(true);
  });

  it('sleeps at night, in the zone of each', () => {
    const hours = shop.history.flatMap(({ at, identities }) => {
      const person = shop.people.find(({ id }) => id === identities.externalId);
      const zone = person && { timeZone: person.place.timeZone, hour: 'numeric', hourCycle: 'h23' };
      return zone ? [Number(new Intl.DateTimeFormat('en', zone as object).format(toMillis(at)))] : [];
    });
    const between = (from: number, to: number) => hours.filter((hour) => hour >= from && hour < to).length;
    expect(between(18, 22)).toBeGreaterThan(10 * between(1, 5));
  });

  it('delivers in order of arrival: some twice, some late, some broken', () => {
    const times = shop.month.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(arrived.every(({ at, event }) => at > event.at)).toBe(true);
    expect(arrived.length - once.length).toBeGreaterThan(3);
    expect(arrived.some(({ at, event }) => toMillis(at) - toMillis(event.at) > 600_000)).toBe(true);
    const broken = shop.month.flatMap((delivery) => ('malformed' in delivery ? [delivery.malformed] : []));
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.filter((body) => eventSchema.safeParse(body).success)).toEqual([]);
  });

  it('sells eighty products, each with an id of its own', () => {
    expect(new Set(CATALOGUE.map(({ productId }) => productId)).size).toBe(80);
  });
});

describe('the answers to a mail', () => {
  const mails = Array.from({ length: 6000 }, (_, i) => ({ messageId: `m${i}`, email: `p${i % 500}@mail.example` }));
  const answers = mails.map((mail) => ({ mail, reactions: reactionsTo(mail) }));
  const having = (kind: string) => answers.filter(({ reactions }) => reactions.some((one) => one.kind === kind));

  it('are decided by the message', () => {
    expect(mails.slice(0, 50).map(reactionsTo)).toEqual(answers.slice(0, 50).map(({ reactions }) => reactions));
    expect(new Set(answers.slice(0, 50).map(({ reactions }) => JSON.stringify(reactions))).size).toBeGreaterThan(40);
  });

  it('come in order of time, and either bounce or arrive', () => {
    for (const { reactions } of answers) {
      const times = reactions.map(({ after: time }) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(['delivered', 'bounced']).toContain(reactions[0]?.kind);
      if (reactions[0]?.kind === 'bounced') expect(reactions).toHaveLength(1);
    }
  });

  it('bounce for dead addresses every time, few enough not to worry the provider', () => {
    const dead = new Set(having('bounced').map(({ mail }) => mail.email));
    expect(dead.size).toBeGreaterThan(0);
    expect(share(dead.size, 500)).toBeLessThan(0.05);
    expect(having('delivered').some(({ mail }) => dead.has(mail.email))).toBe(false);
  });

  it('have machine opens at once, and clicks and purchases of people only', () => {
    const machine = answers.filter(({ reactions }) => reactions.some((one) => one.machine));
    expect(share(machine.length, mails.length)).toBeGreaterThan(0.15);
    for (const { reactions } of having('clicked'))
      expect(reactions.some((one) => one.kind === 'opened' && !one.machine)).toBe(true);
    for (const { reactions } of having('purchase')) expect(reactions.some(({ kind }) => kind === 'clicked')).toBe(true);
    expect(share(having('clicked').length, mails.length)).toBeGreaterThan(0.03);
    expect(share(having('purchase').length, having('clicked').length)).toBeGreaterThan(0.1);
    expect(share(having('complained').length, mails.length)).toBeLessThan(0.002);
  });

  it('make an order that is the same for the same click', () => {
    const click = { messageId: 'm1', identities: { externalId: 'C-1' }, at: START };
    expect(eventSchema.parse(orderAfterClick(click))).toMatchObject({ type: 'purchase', at: START });
    expect(orderAfterClick(click)).toEqual(orderAfterClick(click));
  });
});

describe('dice', () => {
  it('throw the same numbers everywhere', () => {
    const dice = new Dice('seed', 1);
    expect([dice.whole(1, 6), dice.whole(1, 6), dice.whole(1, 6), dice.whole(1, 6)]).toMatchInlineSnapshot(`
      [
        4,
        5,
        2,
        5,
      ]
    `);
  });

  it('spread evenly, weigh, and keep to their ends', () => {
    const dice = new Dice('even');
    const throws = Array.from({ length: 20_000 }, () => dice.whole(1, 6));
    for (let face = 1; face <= 6; face += 1)
      expect(share(throws.filter((one) => one === face).length, 20_000)).toBeCloseTo(1 / 6, 1);
    const heavy = Array.from({ length: 5000 }, () => dice.weighted([{ weight: 1 }, { weight: 3 }]).weight);
    expect(share(heavy.filter((weight) => weight === 3).length, 5000)).toBeCloseTo(0.75, 1);
    expect(() => dice.pick([])).toThrow(RangeError);
  });
});
