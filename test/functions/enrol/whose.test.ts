import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identitiesOf } from '#shared/contact/identity.ts';
import { type Identities, postedEventSchema } from '#shared/event/event.ts';
import { identityKeyOf } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offers = journey({ entry: { if: { consent: 'offers' } }, steps: [send('hello')] });

const says = (shop: HandShop, identities: Identities, more: object = {}) =>
  shop.enrol(event('login', { at: shop.clock.now(), identities, ...more }));

async function ownerOf(shop: HandShop, identities: Identities): Promise<string | undefined> {
  const [identity] = identitiesOf(identities);
  const row = identity && (await shop.table.get(identityKeyOf(identity)));
  return row && String(row['contact']);
}

/** Of which contact each of these is, as a number: the first is 0, and so is everything else of theirs. */
async function grouped(shop: HandShop, ...all: Identities[]): Promise<number[]> {
  const owners = await Promise.all(all.map((identities) => ownerOf(shop, identities)));
  const known = [...new Set(owners)];
  return owners.map((owner) => known.indexOf(owner));
}

describe('two people at one browser', () => {
  it('are two contacts, and the consent of one is not the consent of the other', async () => {
    const shop = await HandShop.open([offers]);
    const ann = { externalId: 'ann', email: 'ann@shop.example', anonymousId: 'browser' };
    await says(shop, ann, { traits: { name: 'Ann' }, consents: YES });
    await says(shop, { externalId: 'bob', email: 'bob@shop.example', anonymousId: 'browser' });
    expect((await shop.contact('bob@shop.example')).traits['name']).toBeUndefined();
    expect((await shop.contact('ann@shop.example')).identities).toEqual({
      externalId: 'ann',
      email: 'ann@shop.example',
    });
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { externalId: 'bob' } }));
    expect(shop.executions.started).toEqual([]);
  });

  it('stay two when the second says by e-mail only who they are, and when by customer number only', async () => {
    const shop = await HandShop.open([]);
    await says(shop, { email: 'ann@shop.example', anonymousId: 'browser' });
    await says(shop, { email: 'bob@shop.example', anonymousId: 'browser' });
    await says(shop, { externalId: 'carl', anonymousId: 'browser' });
    const all = [{ email: 'ann@shop.example' }, { email: 'bob@shop.example' }, { externalId: 'carl' }];
    expect(await grouped(shop, ...all, { anonymousId: 'browser' })).toEqual([0, 1, 2, 0]);
  });

  it('are one with the visitor before them who has said nothing of themselves, and only the first', async () => {
    const shop = await HandShop.open([]);
    await says(shop, { anonymousId: 'browser' });
    await says(shop, { anonymousId: 'browser', email: 'ann@shop.example' });
    await says(shop, { anonymousId: 'browser', externalId: 'bob' });
    expect(
      await grouped(shop, { anonymousId: 'browser' }, { email: 'ann@shop.example' }, { externalId: 'bob' }),
    ).toEqual([0, 0, 1]);
  });
});

describe('a browser', () => {
  const person = { externalId: '1', email: 'ann@shop.example' };
  const browser = { anonymousId: 'of-somebody' };
  it.each<[string, Identities, boolean]>([
    ['newsletter', { email: person.email }, false],
    ['checkout.started', { email: person.email }, false],
    ['checkout.started', person, false],
    ['cart.updated', { externalId: '1' }, false],
    ['purchase', { email: person.email }, true],
    ['login', { email: person.email }, true],
    ['review.written', { externalId: '1' }, true],
  ])('is hers by a %s of %o: %s', async (type, who, isHers) => {
    const shop = await HandShop.open([]);
    await says(shop, person);
    await says(shop, browser);
    shop.clock.pass(1000);
    await shop.enrol(event(type, { at: shop.clock.now(), identities: { ...who, ...browser } }));
    expect(await grouped(shop, person, browser)).toEqual([0, isHers ? 0 : 1]);
    expect((await shop.contact()).last[type]).toBe(shop.clock.now());
  });
});

describe('one address', () => {
  it('of two customer numbers is of two contacts', async () => {
    const shop = await HandShop.open([]);
    await says(shop, { externalId: '1', email: 'ann@shop.example' });
    await says(shop, { externalId: '2', email: 'ann@shop.example' });
    await says(shop, { email: 'ann@shop.example' }, { traits: { name: 'Ann' } });
    expect(await grouped(shop, { externalId: '1' }, { externalId: '2' }, { email: 'ann@shop.example' })).toEqual([
      0, 1, 0,
    ]);
    expect((await shop.contact()).traits['name']).toBe('Ann');
  });

  it('of a guest becomes that of the customer who registers with it', async () => {
    const shop = await HandShop.open([]);
    await says(shop, { email: 'ann@shop.example', anonymousId: 'browser' });
    await says(shop, { externalId: '1', email: 'ann@shop.example', anonymousId: 'another' });
    const all = [{ externalId: '1' }, { email: 'ann@shop.example' }, { anonymousId: 'another' }];
    expect(await grouped(shop, ...all)).toEqual([0, 0, 0]);
  });

  it('that two customers share gets no offers once one of them has refused, and service as before', async () => {
    const orders = journey({ id: 'orders', topic: 'orders', steps: [send('receipt')] });
    const shop = await HandShop.open([offers, orders]);
    await says(shop, { externalId: '1', email: 'ann@shop.example' });
    const second = { externalId: '2', email: 'ann@shop.example' };
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: second, consents: YES }));
    const no = [consent('offers', '2026-03-01T12:00:00.000Z', 'denied')];
    await says(shop, { email: 'ann@shop.example' }, { consents: no });
    for (const leg of shop.legs()) await leg.run();
    await shop.send();
    expect(shop.mailer.mails.map(({ tags }) => tags['step'])).toEqual(['receipt']);
    expect((await shop.message('hello')).reason).toBe('no-consent');
  });

  it('is not the way from one to another who have the same phone', async () => {
    const shop = await HandShop.open([]);
    await says(shop, { email: 'ann@shop.example', phone: '+48 22 123 45 67' });
    await says(shop, { email: 'bob@shop.example', phone: '+48221234567' });
    expect(await grouped(shop, { email: 'ann@shop.example' }, { email: 'bob@shop.example' })).toEqual([0, 1]);
  });
});

it.each(['-----', '.....', '(0) 112', '00 00'])('a phone number has five digits at least: %j is none', (phone) => {
  const { source: _, ...posted } = event('page.viewed', { identities: { email: 'ann@shop.example', phone } });
  expect(postedEventSchema.safeParse(posted).error?.issues[0]?.message).toBe('a phone number has at least 5 digits');
});

/** Few of each kind, so that they meet in every way. */
const anyIdentities: fc.Arbitrary<Identities> = fc
  .record(
    {
      externalId: fc.constantFrom('1', '2', '3'),
      email: fc.constantFrom('a@shop.example', 'b@shop.example'),
      phone: fc.constantFrom('+4811111', '+4822222'),
      anonymousId: fc.constantFrom('x', 'y'),
      device: fc.constantFrom('d'),
    },
    { requiredKeys: [] },
  )
  .filter((identities) => Object.keys(identities).length > 0);

it('no sequence of events gives one contact two customer numbers, or two addresses without one', async () => {
  const perhaps = (kind: string, ...values: string[]) => values.map((value): Identities => ({ [kind]: value }));
  await fc.assert(
    fc.asyncProperty(fc.array(anyIdentities, { minLength: 2, maxLength: 12 }), async (all) => {
      const shop = await HandShop.open([]);
      for (const identities of all) {
        await says(shop, identities, { at: plusMillis(shop.clock.now(), -all.indexOf(identities)) });
        shop.clock.pass(1000);
      }
      const ownersOf = async (identities: Identities[]) =>
        (await Promise.all(identities.map((one) => ownerOf(shop, one)))).filter((owner) => owner !== undefined);
      const customers = await ownersOf(perhaps('externalId', '1', '2', '3'));
      expect(new Set(customers).size).toBe(customers.length);
      const guests = (await ownersOf(perhaps('email', 'a@shop.example', 'b@shop.example'))).filter(
        (owner) => !customers.includes(owner),
      );
      expect(new Set(guests).size).toBe(guests.length);
    }),
    { numRuns: 150, seed: 26 },
  );
});
