import { describe, expect, it } from 'vitest';
import { Conflict, Unprocessable } from '#shared/errors.ts';
import { loadParked } from '#shared/store/parked.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const waiting = journey({ steps: [wait('think')], goal: { if: { event: 'purchase' } } });
const cart = (given = {}) => event('cart.updated', given);
const buys = (given = {}) => event('purchase', { data: { total: 40 }, ...given });

describe('the same event twice', () => {
  it('counts once', async () => {
    const shop = await HandShop.open([waiting]);
    const once = cart({ traits: { visits: 1 } });
    const purchase = buys();
    expect(await shop.enrol(once)).toBe('recorded');
    await shop.enrol(purchase);
    const before = [await shop.contact(), await shop.passages(), await shop.events()];
    expect(await shop.enrol(once)).toBe('duplicate');
    expect(await shop.enrol(purchase)).toBe('duplicate');
    expect([await shop.contact(), await shop.passages(), await shop.events()]).toEqual(before);
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
  });

  it('counts once when both are worked on at the same time', async () => {
    const shop = await HandShop.open([waiting]);
    const both = buys();
    const results = await Promise.all([shop.enrol(both), shop.enrol(both)]);
    expect(results.toSorted()).toEqual(['duplicate', 'recorded']);
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
  });

  it('counts once for a known contact when both are worked on at the same time', async () => {
    const shop = await HandShop.open([waiting]);
    await shop.enrol(cart());
    const both = buys();
    await Promise.all([shop.enrol(both), shop.enrol(both)]);
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
    expect((await shop.passage()).heard['!goal/0']).toMatchObject({ n: 1, event: both.id });
  });

  it('skips the transaction and never the hints', async () => {
    const shop = await HandShop.open([waiting]);
    const trigger = cart();
    await expect(
      shop.enrol(trigger, {
        executions: { ...shop.executions, start: async () => Promise.reject(new Error('throttled')) },
      }),
    ).rejects.toThrow('throttled');
    expect(shop.executions.started).toEqual([]);
    expect(await shop.enrol(trigger)).toBe('duplicate');
    expect(shop.executions.started).toHaveLength(1);
  });
});

describe('an event', () => {
  it('of nobody known makes a contact, and the next of the same address finds it, however it is written', async () => {
    const shop = await HandShop.open([]);
    await shop.enrol(buys({ identities: { email: 'Ann@Shop.example' } }));
    await shop.enrol(buys({ identities: { email: 'ann@shop.EXAMPLE' } }));
    expect((await shop.contact()).traits['purchases.count']).toBe(2);
  });

  it('belongs to whom its first known identity names, and brings them its others', async () => {
    const shop = await HandShop.open([]);
    await shop.enrol(buys({ identities: { externalId: '7', email: 'ann@shop.example' } }));
    await shop.enrol(buys({ identities: { externalId: '7', phone: '+48 123 456 789' } }));
    await shop.enrol(buys({ identities: { phone: '+48123456789' } }));
    expect(await shop.contact()).toMatchObject({
      identities: { externalId: '7', email: 'ann@shop.example', phone: '+48123456789' },
      traits: { 'purchases.count': 3 },
    });
  });

  it('that two contacts are first met by, at the same time, makes one of them', async () => {
    const shop = await HandShop.open([]);
    await Promise.all([shop.enrol(buys()), shop.enrol(buys()), shop.enrol(buys())]);
    expect((await shop.contact()).traits['purchases.count']).toBe(3);
  });

  it('of the future, by more than clocks differ, has happened when it arrived', async () => {
    const shop = await HandShop.open([]);
    const far = plusMillis(shop.clock.now(), 10 * MINUTE);
    await shop.enrol(buys({ at: far }));
    expect((await shop.contact()).last['purchase']).toBe(shop.clock.now());
    const soon = plusMillis(shop.clock.now(), 4 * MINUTE);
    await shop.enrol(buys({ at: soon }));
    expect((await shop.contact()).last['purchase']).toBe(soon);
  });

  it('of years ahead is known for as long as it says: told again after weeks, it counts once', async () => {
    const shop = await HandShop.open([]);
    const far = buys({ at: '2031-01-01T00:00:00.000Z' });
    expect(await shop.enrol(far)).toBe('recorded');
    shop.clock.pass(36 * DAY);
    expect(await shop.enrol(far)).toBe('duplicate');
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
  });

  it('with a consent of a clock that is minutes ahead was consented to when it arrived, and can be withdrawn', async () => {
    const shop = await HandShop.open([]);
    await shop.enrol(buys({ consents: [consent('offers', '2026-03-02T09:04:00.000Z')] }));
    const offers = async () => (await shop.contact()).consents['email']?.['offers'];
    expect(await offers()).toMatchObject({ state: 'granted', at: shop.clock.now() });
    shop.clock.pass(2 * MINUTE);
    const no = consent('offers', shop.clock.now(), 'denied');
    await shop.enrol(event('unsubscribed', { at: shop.clock.now(), consents: [no] }));
    expect((await offers())?.state).toBe('denied');
  });

  it('with a consent of years ahead is a yes as long as nobody says no, however often it is told', async () => {
    const shop = await HandShop.open([]);
    const told = () => buys({ at: shop.clock.now(), consents: [consent('offers', '2031-01-01T00:00:00.000Z')] });
    const offers = async () => (await shop.contact()).consents['email']?.['offers']?.state;
    await shop.enrol(told());
    expect(await offers()).toBe('granted');
    shop.clock.pass(DAY);
    await shop.enrol(event('no', { at: shop.clock.now(), consents: [consent('offers', shop.clock.now(), 'denied')] }));
    shop.clock.pass(DAY);
    await shop.enrol(told());
    expect(await offers()).toBe('denied');
  });

  it('that is older than a day is folded and starts nothing', async () => {
    const shop = await HandShop.open([waiting]);
    await shop.enrol(cart({ at: plusMillis(shop.clock.now(), -DAY - 1) }));
    expect(await shop.passages()).toEqual([]);
    await shop.enrol(cart({ at: plusMillis(shop.clock.now(), -DAY) }));
    expect(await shop.passages()).toHaveLength(1);
  });

  it('of history is folded, and neither starts nor stops anything', async () => {
    const shop = await HandShop.open([waiting]);
    await shop.enrol(cart({ historic: true }));
    expect(await shop.passages()).toEqual([]);
    await shop.enrol(cart());
    await shop.enrol(buys({ historic: true }));
    expect((await shop.passage()).heard).toEqual({});
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
  });

  it('older than receipts live is parked with its reason, unless it says that it is history', async () => {
    const shop = await HandShop.open([]);
    const at = plusMillis(shop.clock.now(), -36 * DAY);
    const old = buys({ at });
    expect(await shop.enrol(old)).toBe('parked');
    expect(await shop.enrol(old)).toBe('parked');
    expect(await loadParked(shop.table, 'too-old')).toMatchObject([{ event: { id: old.id } }]);
    expect(await shop.enrol(buys({ at, historic: true }))).toBe('recorded');
  });

  it.each(['purchase', 'order.delivered', 'order.cancelled', 'order.refunded'])(
    '%s counts once, though a storefront tells it again as of months later',
    async (type) => {
      const shop = await HandShop.open([]);
      const told = () => event(type, { id: 'one', at: shop.clock.now() });
      expect(await shop.enrol(told())).toBe('recorded');
      const other = cart({ id: 'other', at: shop.clock.now() });
      expect(await shop.enrol(other)).toBe('recorded');
      shop.clock.pass(90 * DAY);
      expect(await shop.enrol(told())).toBe('duplicate');
      expect(await shop.enrol({ ...other, at: shop.clock.now() })).toBe('recorded');
    },
  );

  it('that journeys have thrown to each other too often is parked', async () => {
    const shop = await HandShop.open([]);
    expect(await shop.enrol(buys({ hops: 5 }))).toBe('recorded');
    expect(await shop.enrol(buys({ hops: 6 }))).toBe('parked');
    expect(await loadParked(shop.table, 'too-many-hops')).toHaveLength(1);
  });

  it('that is none is refused, with the reason', async () => {
    const shop = await HandShop.open([]);
    const failure = shop.enrol({ ...buys(), type: 'no type' });
    await expect(failure).rejects.toBeInstanceOf(Unprocessable);
    await expect(failure).rejects.toMatchObject({ reason: 'bad-event', message: expect.stringMatching(/^type: /) });
  });
});

describe('what no table holds', () => {
  it.each<[string, object]>([
    ['half a megabyte', { text: 'x'.repeat(500_000) }],
    ['a number out of reach', { n: 1e200 }],
  ])('is refused for good, and the next event is not: %s', async (_, data) => {
    const shop = await HandShop.open([]);
    await shop.enrol(buys());
    const failure = shop.enrol(buys({ data }));
    await expect(failure).rejects.toBeInstanceOf(Unprocessable);
    await expect(failure).rejects.toMatchObject({ reason: 'unstorable' });
    expect(await shop.enrol(buys())).toBe('recorded');
  });
});

describe('entering a journey', () => {
  it('starts one execution, with ids only', async () => {
    const shop = await HandShop.open([waiting]);
    await shop.enrol(cart({ data: { secret: 'birthday' } }));
    const { id, contact } = await shop.passage();
    expect(shop.executions.started).toEqual([
      { name: `cart-${id}-1`, input: { contact, journey: 'cart', key: '', n: 1, leg: 1, turn: 0 } },
    ]);
    expect((await shop.contact()).inside).toEqual({ 'cart##1': 1 });
  });

  it('a purchase recorded between the cart event and its enrolment still stops the mail', async () => {
    const mails = journey({ steps: [send('hello')], goal: { if: { event: 'purchase' } } });
    const shop = await HandShop.open([mails]);
    const trigger = cart();
    await shop.enrol(buys({ at: plusMillis(trigger.at, 1000) }));
    await shop.enrol(trigger);
    expect(await shop.passages()).toEqual([]);
    expect(shop.metrics.counts['EntryRefused']).toBe(1);
  });

  it('a purchase recorded while the cart event is being enrolled still stops the mail', async () => {
    const mails = journey({ steps: [send('hello')], goal: { if: { event: 'purchase' } } });
    const shop = await HandShop.open([mails]);
    await shop.enrol(event('page.viewed'));
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => shop.enrol(buys()));
    await shop.enrol(cart(), { table });
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
    expect(await shop.passages()).toEqual([]);
  });

  it('a purchase from before the cart does not stop it', async () => {
    const shop = await HandShop.open([waiting]);
    const trigger = cart();
    await shop.enrol(buys({ at: plusMillis(trigger.at, -1) }));
    await shop.enrol(trigger);
    expect(await shop.passages()).toHaveLength(1);
  });

  it('happens once for a journey that says nothing else, and again as often as one allows', async () => {
    const again = journey({ id: 'again', entry: { again: { after: 'PT1H' } }, steps: [] });
    const shop = await HandShop.open([waiting, again]);
    for (let i = 0; i < 3; i += 1) {
      await shop.enrol(cart({ at: shop.clock.now() }));
      const started = shop.executions.started.filter(({ name }) => name.startsWith('again-'));
      if (started.length > i) await shop.leg().run();
      shop.clock.pass(60 * MINUTE);
    }
    const journeys = (await shop.passages()).map(({ journey: id, n }) => `${id} ${n}`);
    expect(journeys).toEqual(['again 1', 'again 2', 'again 3', 'cart 1']);
  });

  it('by key is once for each value of it, and not at all without one', async () => {
    const keyed = journey({ entry: { key: 'cartId' }, steps: [wait('think')] });
    const shop = await HandShop.open([keyed]);
    for (const cartId of ['a', 'b#1', 'a', '']) await shop.enrol(cart({ data: { cartId } }));
    await shop.enrol(cart());
    expect((await shop.passages()).map(({ key }) => key).toSorted()).toEqual(['a', 'b#1']);
  });

  it('is for those whom the entry rule wants', async () => {
    const asked = journey({ entry: { if: { consent: 'offers' } }, steps: [wait('think')] });
    const shop = await HandShop.open([asked]);
    await shop.enrol(cart());
    expect(await shop.passages()).toEqual([]);
    await shop.enrol(cart({ consents: [consent('offers', shop.clock.now())] }));
    expect(await shop.passages()).toHaveLength(1);
  });

  it('counts the event itself where the rule counts events', async () => {
    const trigger = { type: 'event' as const, event: 'purchase' };
    const nth = (id: string, rule: object) =>
      journey({ id, trigger, entry: { if: { event: 'purchase', ...rule }, key: 'order' }, steps: [wait('think')] });
    const shop = await HandShop.open([
      nth('first', { is: 1 }),
      nth('third', { gte: 3 }),
      nth('rich', { sum: 'total', gte: 120 }),
    ]);
    const entered = async (order: string) => {
      await shop.enrol(buys({ at: shop.clock.now(), data: { order, total: 40 } }));
      return (await shop.passages()).filter(({ key }) => key === order).map(({ journey: id }) => id);
    };
    expect(await entered('a')).toEqual(['first']);
    expect(await entered('b')).toEqual([]);
    expect(await entered('c')).toEqual(['rich', 'third']);
  });

  it('is not for who is out of a journey that is closing', async () => {
    const shop = await HandShop.open([{ ...waiting, status: 'closing' }]);
    await shop.enrol(cart());
    expect(await shop.passages()).toEqual([]);
  });
});

describe('when others write at the same time, an event', () => {
  it('is decided again with what they wrote', async () => {
    const shop = await HandShop.open([waiting]);
    await shop.enrol(cart());
    await Promise.all(Array.from({ length: 5 }, () => shop.enrol(buys())));
    expect((await shop.contact()).traits['purchases.count']).toBe(5);
    expect((await shop.passage()).heard['!goal/0']?.n).toBe(5);
  });

  it('is given up for this time after many attempts, and nothing is half written', async () => {
    const shop = await HandShop.open([waiting]);
    const table = new FaultyTable(shop.table, ({ write }) => (write === undefined ? undefined : 'conflict'));
    const late = cart();
    await expect(shop.enrol(late, { table })).rejects.toBeInstanceOf(Conflict);
    expect(await shop.enrol(late)).toBe('recorded');
  });

  it.each(['crash-before', 'crash-after', 'lost'] as const)(
    'that was cut off (%s) is whole when it comes again',
    async (fault) => {
      const shop = await HandShop.open([waiting]);
      const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? fault : undefined));
      const trigger = cart();
      await expect(shop.enrol(trigger, { table })).rejects.toThrow(fault === 'lost' ? 'lost' : Crash);
      await shop.enrol(trigger);
      expect(await shop.passages()).toHaveLength(1);
      expect(await shop.events()).toHaveLength(1);
      expect(shop.executions.started).toHaveLength(1);
    },
  );
});
