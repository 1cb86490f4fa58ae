import { expect, it } from 'vitest';
import type { Event } from '#shared/event/event.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const AT = '2026-03-02T09:00:00.000Z';
const given = settings({ rates: { USD: 0.92, GBP: 1.15 }, sources: { test: { consent: ['offers'] } } });
const large = { type: 'event', event: 'purchase', where: { data: 'total', gte: 100 } } as const;
const thanks = journey({ id: 'thanks', trigger: large, steps: [wait('think')] });
const buys = (total: number, currency: string): Event =>
  event('purchase', { data: { total, currency, items: [{ price: total }] } });

it('what is folded, stored and asked is in the currency of the shop', async () => {
  const shop = await HandShop.open([thanks], given);
  await shop.enrol(buys(105, 'USD'));
  expect((await shop.contact()).traits).toMatchObject({ 'purchases.count': 1, 'purchases.total': 96.6 });
  expect(await shop.passages()).toEqual([]);
  await shop.enrol(buys(109, 'USD'));
  expect(await shop.passages()).toHaveLength(1);
  const data = (await shop.events()).map((row) => row['data']);
  expect(data).toContainEqual(expect.objectContaining({ total: 100.28, currency: 'EUR', items: [{ price: 100.28 }] }));
});

it('a purchase without a rate counts without an amount, and is told of', async () => {
  const shop = await HandShop.open([thanks], given);
  await shop.enrol(buys(500, 'CHF'));
  expect((await shop.contact()).traits).toMatchObject({ 'purchases.count': 1, 'purchases.total': 0 });
  expect(await shop.passages()).toEqual([]);
  expect(shop.metrics.counts['NoRate']).toBe(1);
});

it('what anybody may write makes no metric of its own, and what a browser says none at all', async () => {
  const counted: object[] = [];
  const metrics = {
    count: (name: string, _?: number, by?: object) => void (name === 'NoRate' && counted.push({ ...by })),
  };
  const shop = await HandShop.open([thanks], given);
  for (const one of [buys(5, 'CHF'), buys(5, 'QQQ'), { ...buys(5, 'CHF'), source: 'browser' }])
    await shop.enrol(one, { metrics });
  expect(counted).toEqual([{ currency: 'CHF' }, { currency: 'other' }]);
});

it('a yes to marketing lets the topics through that its source stands for, until marketing is withdrawn', async () => {
  const offer = journey({ id: 'offer', topic: 'offers', trigger: { type: 'event', event: 'x' }, steps: [send('a')] });
  const shop = await HandShop.open([offer], given);
  await shop.enrol(event('registration', { consents: [consent('marketing', AT)] }));
  expect((await shop.contact()).consents['email']).toMatchObject({ offers: { state: 'granted', at: AT } });
  const no = consent('marketing', '2026-03-02T09:00:01.000Z', 'denied');
  await shop.enrol(event('customer.updated', { consents: [no] }));
  expect((await shop.contact()).consents['email']).toMatchObject({ marketing: { state: 'denied' } });
});

it('a journey that one transaction has no room for sees the same', async () => {
  const quiet = { ...large, quietFor: 'PT1H' };
  const many = Array.from({ length: 220 }, (_, i) => ({ ...thanks, id: `j${i}`, trigger: quiet }));
  const shop = await HandShop.open(many, given);
  await shop.enrol(buys(90, 'GBP'));
  const { contact } = await shop.contact();
  expect(await shop.table.query({ pk: `C#${contact}`, prefix: 'D#' })).toHaveLength(220);
});

it('a simulation makes the same of it', async () => {
  const shop = await HandShop.open([thanks], given);
  const events = [
    event('registration', { consents: [consent('marketing', AT)] }),
    buys(105, 'USD'),
    buys(109, 'USD'),
    buys(500, 'CHF'),
  ];
  const play = new ContactPlay(worldOf({ settings: given, segments: {}, journeys: [thanks] }), 'c1', AT);
  for (const one of events) {
    await shop.enrol(one);
    play.hear(one, AT);
  }
  const { traits, consents } = await shop.contact();
  expect(play.profile).toMatchObject({ traits, consents });
  expect(play.passages).toHaveLength((await shop.passages()).length);
});
