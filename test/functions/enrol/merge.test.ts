import { describe, expect, it } from 'vitest';
import { identitiesOf } from '#shared/contact/identity.ts';
import { AKA_LIMIT, INSIDE_LIMIT } from '#shared/contact/profile.ts';
import type { Event, Identities } from '#shared/event/event.ts';
import { dirShard, formerRange, profileKey } from '#shared/store/keys.ts';
import { identityKeyOf } from '#shared/store/profiles.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';

const VISITOR = { anonymousId: 'browser' };
const GUEST = { email: 'ann@shop.example' };
const CUSTOMER = { externalId: '1' };
const LOGIN = { ...VISITOR, ...CUSTOMER };

const says = (shop: HandShop, identities: Identities, more: object = {}) =>
  shop.enrol(event('page.viewed', { at: shop.clock.now(), identities, ...more }));

const areOne = async (shop: HandShop, ...all: Identities[]): Promise<boolean> =>
  new Set(await Promise.all(all.map(async (one) => (await contactOf(shop, one)).contact))).size === 1;

describe('two contacts become one', () => {
  it.each<[string, Identities, Identities, Identities]>([
    ['when a visitor logs in', VISITOR, CUSTOMER, LOGIN],
    ['when an order tells the address and the browser', VISITOR, GUEST, { ...VISITOR, ...GUEST }],
    ['when a customer gives an address that a guest had', GUEST, CUSTOMER, { ...CUSTOMER, ...GUEST }],
    ['when a telephone and a customer meet', { phone: '+4812345' }, CUSTOMER, { ...CUSTOMER, phone: '+4812345' }],
    ['when a browser and a device are the same nobody', VISITOR, { device: 'd' }, { ...VISITOR, device: 'd' }],
  ])('%s', async (_, a, b, both) => {
    for (const [first, second] of [
      [a, b],
      [b, a],
    ] as const) {
      const shop = await HandShop.open([]);
      await says(shop, first, { traits: { first: true } });
      shop.clock.pass(1000);
      await says(shop, second, { traits: { second: true } });
      const older = (await contactOf(shop, first)).contact;
      const younger = (await contactOf(shop, second)).contact;
      await says(shop, both, { type: 'purchase' });
      expect(await areOne(shop, a, b)).toBe(true);
      const one = await contactOf(shop, a);
      expect(one).toMatchObject({ contact: older, aka: [younger], traits: { first: true, second: true } });
      expect(shop.metrics.counts['ContactsMerged']).toBe(1);
      for (const identity of identitiesOf(both))
        expect(await shop.table.get(identityKeyOf(identity))).toMatchObject({ contact: older });
      expect(await shop.table.get(profileKey(younger))).toEqual(
        expect.objectContaining({ mergedInto: older, inside: {}, traits: {} }),
      );
      const listed = await Promise.all(
        Array.from({ length: 256 }, (__, i) =>
          shop.table.queryIndex({ index: 'directory', pk: dirShard(i), limit: 10 }),
        ),
      );
      expect(listed.flat().map(({ pk }) => pk)).toEqual([`C#${older}`]);
    }
  });

  it('and three by one event', async () => {
    const shop = await HandShop.open([]);
    for (const who of [VISITOR, GUEST, CUSTOMER]) await says(shop, who);
    await says(shop, { ...LOGIN, ...GUEST });
    expect(await areOne(shop, VISITOR, GUEST, CUSTOMER)).toBe(true);
    expect((await contactOf(shop, GUEST)).aka).toHaveLength(2);
  });

  it('and stay so for an event that comes twice, and one that names the contact that is gone', async () => {
    const shop = await HandShop.open([]);
    await says(shop, VISITOR);
    const gone = [(await contactOf(shop, VISITOR)).contact];
    await says(shop, CUSTOMER);
    gone.push((await contactOf(shop, CUSTOMER)).contact);
    const login = event('login', { identities: LOGIN, at: shop.clock.now() });
    for (let i = 0; i < 3; i += 1) await shop.enrol(login);
    for (const contact of gone) await says(shop, {}, { contact, consents: [consent('offers', shop.clock.now())] });
    const { consents, last } = await contactOf(shop, LOGIN);
    expect(consents['email']?.['offers']?.state).toBe('granted');
    expect(Object.keys(last)).toEqual(['page.viewed', 'login']);
    expect(shop.metrics.counts['ContactsMerged']).toBe(1);
  });
});

describe('a refusal', () => {
  it('of a guest stands when an account that agreed later orders with the address, until somebody agrees again', async () => {
    const promo = journey({ trigger: { type: 'event', event: 'promo' }, entry: { again: {} }, steps: [send('hello')] });
    const shop = await HandShop.open([promo]);
    const word = (topic: string, state?: 'denied') => ({ consents: [consent(topic, shop.clock.now(), state)] });
    await says(shop, GUEST, word('marketing', 'denied'));
    shop.clock.pass(1000);
    const account = { externalId: '66', email: 'mallory@shop.example' };
    await says(shop, account, { consents: [...word('marketing').consents, ...word('offers').consents] });
    shop.clock.pass(1000);
    await says(shop, { externalId: '66', ...GUEST });
    expect(await areOne(shop, GUEST, { externalId: '66' })).toBe(true);
    const promoted = async () => {
      await shop.enrol(event('promo', { at: shop.clock.now(), identities: GUEST }));
      await shop.legs().at(-1)?.run();
      await shop.send();
      return shop.mailer.mails.length;
    };
    expect(await promoted()).toBe(0);
    shop.clock.pass(1000);
    await says(shop, GUEST, word('marketing'));
    expect(await promoted()).toBe(1);
  });
});

describe('two people stay two', () => {
  it.each<[string, Identities, Identities, Identities]>([
    [
      'customers of two numbers at one address',
      { ...CUSTOMER, ...GUEST },
      { externalId: '2' },
      { externalId: '2', ...GUEST },
    ],
    [
      'at one browser',
      { ...VISITOR, ...GUEST },
      { email: 'bob@shop.example' },
      { ...VISITOR, email: 'bob@shop.example' },
    ],
    ['at one telephone', { phone: '+4812345', ...GUEST }, CUSTOMER, { ...CUSTOMER, phone: '+4812345' }],
    [
      'at one device and browser',
      { ...VISITOR, ...GUEST },
      { device: 'd', email: 'bob@shop.example' },
      { ...VISITOR, device: 'd' },
    ],
  ])('%s', async (_, a, b, both) => {
    const shop = await HandShop.open([]);
    for (const who of [a, b, both]) await says(shop, who);
    expect(await areOne(shop, { ...a, anonymousId: undefined }, b)).toBe(false);
    expect(shop.metrics.counts['ContactsMerged']).toBeUndefined();
  });

  it('where one of them has been erased', async () => {
    const shop = await HandShop.open([]);
    await says(shop, VISITOR, { traits: { secret: 1 } });
    await says(shop, CUSTOMER);
    const { contact } = await contactOf(shop, VISITOR);
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await says(shop, LOGIN);
    const one = await contactOf(shop, CUSTOMER);
    expect(one.aka).toEqual([]);
    expect(one.traits).toEqual({ 'visits.last': expect.anything() });
    expect(await shop.table.get(profileKey(contact))).toBeUndefined();
  });
});

describe('two who are inside of many journeys', () => {
  it.each([
    [INSIDE_LIMIT, true],
    [INSIDE_LIMIT + 1, false],
  ])('become one as long as that one has room for all (%i)', async (count, isMerged) => {
    const shop = await HandShop.open([journey({ entry: { key: 'cart' } })]);
    await says(shop, VISITOR);
    await says(shop, CUSTOMER);
    const names = Array.from({ length: count }, (_, n) => `cart#${n}#1`);
    for (const [who, some] of [
      [VISITOR, names.slice(0, 3)],
      [CUSTOMER, names.slice(3)],
    ] as const) {
      const inside = Object.fromEntries(some.map((name) => [name, 1]));
      const key = profileKey((await contactOf(shop, who)).contact);
      await shop.table.write({ kind: 'update', key, change: { set: [[['inside'], inside]] } });
    }
    await says(shop, LOGIN);
    expect(await areOne(shop, VISITOR, CUSTOMER)).toBe(isMerged);
    expect(shop.metrics.counts).toEqual({ [isMerged ? 'ContactsMerged' : 'MergeRefused']: 1 });
  });
});

describe('one who was many', () => {
  const logsIn = async (shop: HandShop, browsers: number, data: Event['data'] = {}): Promise<void> => {
    for (let i = 0; i < browsers; i += 1) {
      await says(shop, { anonymousId: `b${i}` }, { data });
      await says(shop, { anonymousId: `b${i}`, ...CUSTOMER });
      shop.clock.pass(1000);
    }
  };

  it('is made of no more than so many, and those that left nothing but events are let go', async () => {
    const shop = await HandShop.open([]);
    await says(shop, CUSTOMER);
    shop.clock.pass(1000);
    await logsIn(shop, AKA_LIMIT + 5);
    const one = await contactOf(shop, CUSTOMER);
    expect(one.aka).toHaveLength(AKA_LIMIT);
    // Of those that were let go, whoever forgets the contact knows still.
    const former = await shop.table.query(formerRange(one.contact));
    expect(former).toHaveLength(5);
    for (const { contact } of former) expect(one.aka).not.toContain(contact);
    expect(await areOne(shop, CUSTOMER, { anonymousId: 'b0' }, { anonymousId: `b${AKA_LIMIT + 4}` })).toBe(true);
  });

  it('is not merged any more when all have left something, and both go on', async () => {
    const carts = journey({
      trigger: { type: 'event', event: 'page.viewed', quietFor: 'PT1H' },
      entry: { key: 'page' },
    });
    const shop = await HandShop.open([carts]);
    await says(shop, CUSTOMER);
    shop.clock.pass(1000);
    await logsIn(shop, AKA_LIMIT + 2, { page: 'a' });
    expect((await contactOf(shop, CUSTOMER)).aka).toHaveLength(AKA_LIMIT);
    expect(shop.metrics.counts['MergeRefused']).toBe(2);
    const last = { anonymousId: `b${AKA_LIMIT + 1}` };
    await says(shop, last, { traits: { later: true } });
    expect((await contactOf(shop, last)).traits['later']).toBe(true);
    expect(await areOne(shop, CUSTOMER, last)).toBe(false);
    // Nor does the log say who: ids are of the shop's making.
    const said: object[] = [];
    Object.assign(shop.deps, { log: { ...shop.deps.log, warn: (_: string, about: object) => said.push(about) } });
    await says(shop, { ...CUSTOMER, ...last }, { id: 'login-ann@shop.example' });
    expect(said).toMatchObject([{ event: '...@...' }]);
  });
});
