import { describe, expect, it } from 'vitest';
import type { Event } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const SINCE = '2026-03-01T00:00:00.000Z';
const YES = [consent('offers', SINCE), consent('news', SINCE)];
const TOPICS: Settings['topics'] = {
  offers: { kind: 'marketing' },
  news: { kind: 'marketing' },
  orders: { kind: 'transactional' },
};

/** A passage through this journey whose mail lies in the outbox. */
async function queued(definition: Journey): Promise<HandShop> {
  const shop = await HandShop.open([definition], settings({ topics: TOPICS }));
  await shop.enrol(event('cart.updated', { consents: YES }));
  await shop.leg().run();
  return shop;
}

/** Something happens after it was asked whether the mail may go, just before it is claimed. */
async function betweenQuestionAndClaim(shop: HandShop, happens: () => Promise<unknown>): Promise<void> {
  await shop.send({ table: interrupted<Table>(shop.table, { methods: ['transact'] }, happens) });
}

const unsubscribes = (shop: HandShop, topic: string) => (): Promise<unknown> =>
  shop.enrol(event('unsubscribed', { consents: [consent(topic, shop.clock.now(), 'denied')] }));
const happens = (shop: HandShop, type: string, given: Partial<Event> = {}) =>
  shop.enrol(event(type, { at: shop.clock.now(), ...given }));

describe('what is recorded before the claim stops the mail', () => {
  it('consent withdrawn, when the passage is over and hears nothing any more', async () => {
    const shop = await queued(journey({ steps: [send('hello')] }));
    await betweenQuestionAndClaim(shop, unsubscribes(shop, 'offers'));
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'no-consent' });
  });

  it('consent withdrawn for the topic of the step alone', async () => {
    const shop = await queued(journey({ steps: [send('hello', { topic: 'news' }), wait('w')] }));
    await betweenQuestionAndClaim(shop, unsubscribes(shop, 'news'));
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'no-consent' });
  });

  it('a suppression of the address, which no passage hears of', async () => {
    const shop = await queued(journey({ topic: 'orders', steps: [send('hello'), wait('w')] }));
    const bounced = suppress('email', emailHash('ann@shop.example'), 'bounced', shop.clock.now());
    await betweenQuestionAndClaim(shop, () => shop.table.write(bounced));
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'suppressed' });
  });

  it('the goal, when the passage is over', async () => {
    const shop = await queued(journey({ goal: { if: { event: 'purchase' } }, steps: [send('hello')] }));
    await betweenQuestionAndClaim(shop, () => happens(shop, 'purchase'));
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'goal-reached' });
  });

  it('an exit, when the passage is over', async () => {
    const shop = await queued(journey({ exits: [{ if: { event: 'order.cancelled' } }], steps: [send('hello')] }));
    await betweenQuestionAndClaim(shop, () => happens(shop, 'order.cancelled'));
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'left' });
  });
});

it('goes to the address that the contact has by the claim', async () => {
  const known = { externalId: '7', email: 'old@shop.example' };
  const order = journey({ topic: 'orders', steps: [send('hello')] });
  const shop = await HandShop.open([order], settings({ topics: TOPICS }));
  await shop.enrol(event('cart.updated', { identities: known }));
  await shop.leg().run();
  shop.clock.pass(1000);
  await betweenQuestionAndClaim(shop, () =>
    happens(shop, 'profile.updated', { identities: { ...known, email: 'new@shop.example' } }),
  );
  expect(shop.mailer.mails.map(({ to }) => to)).toEqual(['new@shop.example']);
});

describe('the last mail of a passage that is over', () => {
  const exits = [{ if: { event: 'order.cancelled', where: { data: 'order', is: 7 } } }];
  const last = journey({ topic: 'orders', exits, steps: [send('hello')] });

  it('does not go when an exit has come true since', async () => {
    const shop = await queued(last);
    await happens(shop, 'order.cancelled', { data: { order: 7 } });
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'left' });
  });

  it('goes when what happened is not what the exit asks for, or was before the passage', async () => {
    const other = await queued(last);
    await happens(other, 'order.cancelled', { data: { order: 8 } });
    await other.send();
    expect(other.mailer.mails).toHaveLength(1);
    const shop = await HandShop.open([last], settings({ topics: TOPICS }));
    await happens(shop, 'order.cancelled', { data: { order: 7 } });
    shop.clock.pass(1000);
    await happens(shop, 'cart.updated');
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });
});
