import { beforeEach, describe, expect, it } from 'vitest';
import { identitiesOf, idOf } from '#shared/contact/identity.ts';
import { identityKey, profileKey } from '#shared/store/keys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';

const HOUR = 3_600_000;
let shop: HandShop;
/** Ann was erased so many hours ago. */
const hoursAgo = (hours: number) => plusMillis(shop.clock.now(), -hours * HOUR);
beforeEach(async () => {
  shop = await HandShop.open([journey({ steps: [wait('w')] })]);
  const key = identityKey('email', emailHash('ann@shop.example'));
  await shop.table.write({ kind: 'put', row: { ...key, v: 1, erased: hoursAgo(5) } });
});
const states = async () => {
  const { email = {} } = (await shop.contact()).consents;
  return Object.fromEntries(Object.entries(email).map(([topic, { state }]) => [topic, state]));
};

describe('who was erased', () => {
  it('is made known again by nothing that they did before', async () => {
    const before = shop.scan();
    expect(await shop.enrol(event('cart.updated', { at: hoursAgo(6) }))).toBe('erased');
    expect(shop.scan()).toEqual(before);
    expect([shop.metrics.counted, shop.executions.started]).toEqual([[['ErasedContact', 1]], []]);
  });

  it('is another contact once they come again, who has agreed to nothing before', async () => {
    const consents = [
      consent('offers', hoursAgo(6)),
      consent('news', hoursAgo(4)),
      consent('tips', hoursAgo(6), 'denied'),
    ];
    expect(await shop.enrol(event('cart.updated', { at: hoursAgo(1), consents }))).toBe('recorded');
    expect(await states()).toEqual({ news: 'granted', tips: 'denied' });
    expect(shop.executions.started).toHaveLength(1);
  });

  it('has all that they agreed to since', async () => {
    await shop.enrol(event('cart.updated', { at: hoursAgo(1), consents: [consent('offers', hoursAgo(4))] }));
    expect(await states()).toEqual({ offers: 'granted' });
  });

  it('is known by nothing of it where another address names who it is', async () => {
    const bob = { externalId: 'bob' };
    await shop.enrol(event('registration', { at: hoursAgo(3), identities: bob }));
    const both = { ...bob, email: 'ann@shop.example' };
    await shop.enrol(event('login', { at: hoursAgo(6), identities: both, consents: [consent('offers', hoursAgo(6))] }));
    expect(shop.scan().some(({ consents }) => JSON.stringify(consents ?? {}).includes('offers'))).toBe(false);
    expect(await shop.contact().catch(() => 'nobody')).toBe('nobody');
  });
});

describe('an address whose contact has no profile', () => {
  it('has one again with the next event, under the same contact, who gets the other addresses of it', async () => {
    const phone = '+4812345';
    const eve = { email: 'eve@shop.example' };
    await shop.enrol(event('registration', { at: hoursAgo(3), identities: eve, traits: { name: 'Eve' } }));
    const { contact } = await shop.contact(eve.email);
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await shop.enrol(event('cart.updated', { at: hoursAgo(1), identities: { ...eve, phone } }));
    const again = await shop.contact(eve.email);
    expect(again).toMatchObject({ contact, traits: {} });
    expect((await contactOf(shop, { phone })).contact).toBe(contact);
    expect(shop.executions.started).toHaveLength(1);
  });
});

it('a new contact has the identities of its first event, and no others', async () => {
  await shop.enrol(event('registration', { at: hoursAgo(1), identities: { externalId: 'joe', phone: '+4812345' } }));
  const { ids } = await contactOf(shop, { externalId: 'joe' });
  const expected = identitiesOf({ externalId: 'joe', phone: '+4812345' }).map(idOf);
  expect(ids).toEqual(expected.sort());
});
