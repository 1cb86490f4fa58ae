import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '#shared/contact/fold.ts';
import { LAST_LIMIT, type Profile } from '#shared/contact/profile.ts';
import type { Consent, Event } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { emailHash } from '#shared/store/profiles.ts';
import type { Json } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';

const AT = '2026-03-02T09:00:00.000Z';
const DAY = 86_400_000;
const at = (days: number) => plusMillis(AT, days * DAY);

function folded(events: readonly Event[], shop: Settings = settings()): Profile {
  let profile: Profile | undefined;
  for (const one of events) profile = fold(profile, one, 'c1', shop).profile;
  if (!profile) throw new Error('no events');
  return profile;
}

/** What shops derive from events, one of each kind. */
const deriving = settings({
  traits: {
    'name.first': 'text',
    points: 'number',
    'viewed.last': { event: 'product.viewed', last: 'category' },
    'viewed.first': { event: ['product.viewed', 'purchase'], first: 'category' },
    spent: { event: 'purchase', sum: 'total' },
    'items.spent': { event: 'purchase', sum: 'items.price' },
    dearest: { event: 'purchase', max: 'total' },
    cheapest: { event: 'purchase', min: 'items.price' },
    views: { event: 'product.viewed' },
  },
});

/** Few times, types and values, so that they often meet. */
const anyConsent: fc.Arbitrary<Consent> = fc.record({
  channel: fc.constantFrom('email', 'sms'),
  topic: fc.constantFrom('offers', 'marketing'),
  state: fc.constantFrom('granted', 'denied'),
  at: fc.nat({ max: 4 }).map(at),
  source: fc.constantFrom('form', 'shop'),
  wording: fc.constant('Write to me'),
});
const anyEvent = fc.record({
  type: fc.constantFrom('purchase', 'product.viewed', 'registration'),
  at: fc.nat({ max: 6 }).map(at),
  identities: fc.record(
    { email: fc.constantFrom('ann@shop.example', 'ann@home.example'), phone: fc.constantFrom('+48123', '+48456') },
    { requiredKeys: ['email'] },
  ),
  traits: fc.dictionary(
    fc.constantFrom('name.first', 'points', 'city'),
    fc.oneof(fc.constantFrom('Ann', 'Anna', '7', ''), fc.nat({ max: 3 }), fc.boolean(), fc.constant(null)),
  ),
  consents: fc.array(anyConsent, { maxLength: 2 }),
  data: fc.record(
    {
      total: fc.nat({ max: 9999 }).map((cents) => cents / 100),
      category: fc.constantFrom('tea', 'beans', 'cups'),
      items: fc.array(fc.record({ price: fc.nat({ max: 9999 }).map((cents) => cents / 100) }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
});
const anyHistory = fc
  .array(anyEvent, { minLength: 1, maxLength: 14 })
  .map((events) => events.map((one, i) => event(one.type, { ...one, id: `e${i}` })));

describe('a profile', () => {
  it.each(['purchases.count', 'visits.last', 'spent'])('reckons %s itself, whatever an event says of it', (path) => {
    const { keptOut } = fold(undefined, event('registration', { traits: { [path]: 99 } }), 'c1', deriving);
    expect(keptOut).toEqual([path]);
    const told = folded(
      [
        event('registration', { traits: { purchases: { total: 99 }, spent: 99 } }),
        event('purchase', { data: { total: 5 } }),
      ],
      deriving,
    );
    expect(told.traits).toMatchObject({ 'purchases.total': 5, spent: 5 });
  });

  it('is the same, but for its rev, in whatever order the events of a contact arrive', () => {
    const twoOrders = anyHistory.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      ),
    );
    fc.assert(
      fc.property(twoOrders, ([events, shuffled]) => {
        expect(folded(shuffled, deriving)).toEqual(folded(events, deriving));
      }),
      { numRuns: 1000 },
    );
  });

  it('grows its rev with each event', () => {
    expect(folded([event('purchase'), event('purchase'), event('purchase')]).rev).toBe(3);
  });

  it('is not changed itself by a fold', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const before = folded(events, deriving);
        const copy = structuredClone(before);
        fold(before, event('purchase', { data: { total: 1 } }), 'c1', deriving);
        expect(before).toEqual(copy);
      }),
      { numRuns: 100 },
    );
  });

  it('begins with the earliest that is known of the contact', () => {
    expect(folded([event('purchase', { at: at(3) }), event('purchase', { at: at(1) })]).createdAt).toBe(at(1));
  });
});

describe('a trait', () => {
  const said = (...words: [days: number, traits: Event['traits']][]) =>
    folded(words.map(([days, traits]) => event('registration', { at: at(days), traits }))).traits;

  it('is the latest word, by its own time', () => {
    expect(said([2, { city: 'Łódź' }], [1, { city: 'Warsaw' }])).toEqual({ city: 'Łódź' });
    expect(said([1, { city: 'Łódź' }], [2, { city: 'Warsaw' }])).toEqual({ city: 'Warsaw' });
  });

  it('is gone by null, and stays gone for earlier words', () => {
    expect(said([1, { city: 'Łódź' }], [2, { city: null }])).toEqual({});
    expect(said([2, { city: null }], [1, { city: 'Łódź' }])).toEqual({});
  });

  it('may be written as a path or nested', () => {
    expect(said([1, { name: { first: 'Ann', last: 'Lee' }, 'name.middle': 'B' }])).toEqual({
      'name.first': 'Ann',
      'name.last': 'Lee',
      'name.middle': 'B',
    });
  });

  it('that does not fit its declared type is kept out and told of', () => {
    const one = event('registration', { traits: { points: 'many', 'name.first': 'Ann' } });
    const { profile, keptOut } = fold(undefined, one, 'c1', deriving);
    expect(profile.traits).toEqual({ 'name.first': 'Ann' });
    expect(keptOut).toEqual(['points']);
  });

  it('beyond what a profile holds is kept out, and those that are there can still change', () => {
    const traits = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`t${i}`, i]));
    const { profile, keptOut } = fold(undefined, event('registration', { traits }), 'c1', settings());
    expect(Object.keys(profile.traits).length + keptOut.length).toBe(90);
    expect(keptOut.length).toBeGreaterThan(5);
    const later = event('registration', { at: at(1), traits: { t0: 'new' } });
    expect(fold(profile, later, 'c1', settings()).profile.traits['t0']).toBe('new');
  });
});

describe('consent', () => {
  const stateOf = (...consents: Consent[]) =>
    folded([event('registration', { consents })]).consents['email']?.['offers']?.state;

  it('is the latest word, by its own time', () => {
    expect(stateOf(consent('offers', at(2), 'denied'), consent('offers', at(1)))).toBe('denied');
    expect(stateOf(consent('offers', at(1), 'denied'), consent('offers', at(2)))).toBe('granted');
  });

  it('of one moment is the stricter', () => {
    expect(stateOf(consent('offers', at(1)), consent('offers', at(1), 'denied'))).toBe('denied');
    expect(stateOf(consent('offers', at(1), 'denied'), consent('offers', at(1)))).toBe('denied');
  });

  it('said alike twice in one moment has the proof of the smaller id, in whatever order they come', () => {
    const events = ['b', 'a', 'c'].map((id) => event('registration', { id, consents: [consent('offers', at(1))] }));
    for (const all of [events, events.toReversed()]) expect(folded(all).consents['email']?.['offers']?.event).toBe('a');
  });

  it('that was confirmed is bound to the address that it was confirmed for, and no other word is', () => {
    const word = { ...consent('offers', at(1)), confirmed: at(2) };
    const of = (given: Partial<Consent>, identities = {}) =>
      Object.values(folded([event('form', { identities, consents: [{ ...word, ...given }] })]).consents)[0]?.['offers'];
    const ann = { email: 'ann@shop.example' };
    expect(of({}, ann)).toMatchObject({ confirmed: at(2), address: emailHash(ann.email) });
    expect(of({ address: 'hash' }, ann)).toMatchObject({ confirmed: at(2), address: 'hash' });
    expect(of({ channel: 'sms' }, ann)).not.toHaveProperty('address');
    expect(of({})).not.toHaveProperty('address');
    const plain = folded([event('form', { identities: ann, consents: [consent('offers', at(1))] })]);
    for (const name of ['address', 'confirmed']) expect(plain.consents['email']?.['offers']).not.toHaveProperty(name);
  });

  it('is kept by channel and topic, with the event that is its proof', () => {
    const sms: Consent = { ...consent('offers', at(1), 'denied'), channel: 'sms' };
    const { consents } = folded([event('registration', { id: 'proof', consents: [consent('offers', at(1)), sms] })]);
    expect(consents).toMatchObject({
      email: { offers: { state: 'granted', event: 'proof', source: 'form' } },
      sms: { offers: { state: 'denied' } },
    });
  });
});

describe('purchases', () => {
  const buys = (days: number, total?: number) =>
    event('purchase', { at: at(days), data: total === undefined ? {} : { total } });

  it('are counted, summed and dated', () => {
    expect(folded([buys(5, 20), buys(0, 10.1), buys(2, 0.2), buys(3)]).traits).toMatchObject({
      'purchases.count': 4,
      'purchases.total': 30.3,
      'purchases.average': 7.575,
      'purchases.first': at(0),
      'purchases.last': at(5),
    });
  });

  it('have a rhythm from the third on: the median gap, and when the next is due', () => {
    expect(folded([buys(0), buys(10)]).traits).not.toHaveProperty('purchases.cycle');
    expect(folded([buys(0), buys(10), buys(40)]).traits).toMatchObject({
      'purchases.cycle': 'P20D',
      'purchases.next': at(60),
    });
    expect(folded([buys(0), buys(10), buys(40), buys(52)]).traits).toMatchObject({
      'purchases.cycle': 'P12D',
      'purchases.next': at(64),
    });
  });

  it('of one day have a rhythm of a day', () => {
    expect(folded([buys(0), buys(0), buys(0)]).traits['purchases.cycle']).toBe('P1D');
  });

  it('keep the times of the newest twelve', () => {
    const { purchaseTimes } = folded(Array.from({ length: 15 }, (_, i) => buys(15 - i)));
    expect(purchaseTimes).toEqual(Array.from({ length: 12 }, (_, i) => at(i + 4)));
  });
});

describe('what settings derive', () => {
  const view = (days: number, category?: string) =>
    event('product.viewed', { at: at(days), data: category ? { category } : {} });
  const traitsOf = (...events: Event[]) => folded(events, deriving).traits;

  it('of the first and the last goes by time, and skips who does not say', () => {
    const traits = traitsOf(view(2, 'beans'), view(3), view(1, 'tea'), view(4, 'cups'), view(0));
    expect(traits).toMatchObject({ 'viewed.first': 'tea', 'viewed.last': 'cups', views: 5 });
  });

  it('of amounts reaches through lists', () => {
    const buys = (total: number, ...prices: number[]) =>
      event('purchase', { data: { total, items: prices.map((price) => ({ price })) } });
    expect(traitsOf(buys(0.3, 0.1, 0.2), buys(5, 5))).toMatchObject({
      spent: 5.3,
      'items.spent': 5.3,
      dearest: 5,
      cheapest: 0.1,
    });
  });

  it('of the first and the last takes a text, a number or a flag, and of a list its last', () => {
    const shop = settings({ traits: { seen: { event: 'product.viewed', last: 'category' } } });
    const seen = (category: Json) => folded([event('product.viewed', { data: { category } })], shop).traits['seen'];
    expect([seen('tea'), seen(7), seen(false), seen(['tea', 'cups', 'pots']), seen([1, 2, 3])]).toEqual([
      ...['tea', 7, false, 'pots', 3],
    ]);
    for (const nothing of [null, { name: 'tea' }, [], [null], [['tea']], [{ name: 'tea' }]])
      expect(seen(nothing)).toBeUndefined();
  });

  it('of two at one moment is the weightier, in whatever order they come', () => {
    const events = ['tea', 'cups', 'beans'].map((category) => view(1, category));
    for (const all of [events, events.toReversed()])
      expect(traitsOf(...all)).toMatchObject({ 'viewed.first': 'tea', 'viewed.last': 'tea' });
  });

  it('of amounts counts numbers, and nothing that only looks like one', () => {
    const buys = (total: Json) => event('purchase', { data: { total } });
    expect(traitsOf(buys('9'), buys(null), buys([1, '5', 2]))).toMatchObject({ spent: 3, dearest: 2 });
    expect(traitsOf(buys('9'))).not.toHaveProperty('dearest');
  });

  it('concerns the events that are named, and no others', () => {
    expect(traitsOf(event('registration', { data: { category: 'tea', total: 9 } }))).toEqual({});
  });
});

describe('a profile knows', () => {
  it.each(['page.viewed', 'product.viewed'])('when somebody was last there, by a %s', (type) => {
    const { traits } = folded([
      event(type, { at: at(2) }),
      event(type, { at: at(1) }),
      event('purchase', { at: at(3) }),
    ]);
    expect(traits['visits.last']).toBe(at(2));
  });

  it('in which hours somebody did something, and of what others do none', () => {
    const hour = Math.floor(Date.parse(AT) / 3_600_000);
    const doing = ['page.viewed', 'product.viewed', 'purchase', 'message.clicked'];
    const events = [...doing, 'registration'].map((type, i) => event(type, { at: at(4 - i) }));
    expect(folded(events).hours).toEqual([1, 2, 3, 4].map((day) => hour + 24 * day));
    expect(folded([event('registration')])).not.toHaveProperty('hours');
  });

  it('where somebody is reached, and not by which browser or device they came', () => {
    const identities = { externalId: '7', email: 'ann@shop.example', phone: '+48123', anonymousId: 'b1', device: 'd1' };
    const profile = folded([event('registration', { identities })]);
    expect(Object.keys(profile.identities).sort()).toEqual(['email', 'externalId', 'phone']);
    expect(Object.keys(profile.traitsAt).sort()).toEqual(['@email', '@externalId', '@phone']);
  });

  it('the tags that it was given, as far as there is room', () => {
    const tags = Array.from({ length: 60 }, (_, i) => `${'t'.repeat(96)}${String(i).padStart(2, '0')}`);
    const { profile, keptOut } = fold(undefined, event('registration', { tags: ['b', 'a', 'b'] }), 'c1', settings());
    expect([profile.tags, keptOut]).toEqual([['a', 'b'], []]);
    const full = fold(profile, event('registration', { tags }), 'c1', settings());
    expect(full.keptOut).toEqual(tags.slice(full.profile.tags.length - 2).map((tag) => `tag ${tag}`));
    expect(full.keptOut.length).toBeGreaterThan(10);
    // What it has already needs no room.
    expect(fold(full.profile, event('registration', { tags: tags.slice(0, 2) }), 'c1', settings()).keptOut).toEqual([]);
  });

  it('of one who has said nothing, nothing', () => {
    const { rev: _, createdAt: __, last: ___, ...rest } = folded([event('registration', { identities: {} })]);
    expect(rest).toEqual({
      ...{ v: 1, contact: 'c1', identities: {}, traits: {}, traitsAt: {}, tags: [], consents: {} },
      ...{ purchaseTimes: [], inside: {}, watching: {}, aka: [] },
    });
  });
});

describe('the newest time of each type', () => {
  it('is kept', () => {
    expect(folded([event('a', { at: at(2) }), event('a', { at: at(1) }), event('b', { at: at(0) })]).last).toEqual({
      a: at(2),
      b: at(0),
    });
  });

  it('is kept of so many types, the newest, in whatever order they come', () => {
    const types = Array.from({ length: LAST_LIMIT + 5 }, (_, i) => event(`t${i}`, { at: at(Math.floor(i / 3)) }));
    const { last } = folded(types);
    expect(Object.keys(last)).toHaveLength(LAST_LIMIT);
    expect(last).not.toHaveProperty('t0');
    expect(folded(types.toReversed()).last).toEqual(last);
    const few = folded(types.slice(0, LAST_LIMIT)).last;
    expect(Object.keys(few)).toEqual(types.slice(0, LAST_LIMIT).map(({ type }) => type));
  });
});
