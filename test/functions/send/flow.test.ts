import { describe, expect, it } from 'vitest';
import { openRuntime } from '#apps/local/runtime.ts';
import { MailAmbiguous } from '#shared/errors.ts';
import { SOURCE } from '#shared/event/put.ts';
import { changeFlow } from '#shared/store/flow.ts';
import { parkShard } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('offer')] });
const order = journey({
  id: 'order',
  topic: 'orders',
  trigger: { type: 'event', event: 'purchase' },
  entry: { key: 'orderId' },
  steps: [send('receipt')],
});

const paused = (lanes: 'marketing' | 'all') => ({
  lanes,
  at: '2026-03-02T09:00:00.000Z',
  by: 'ann',
  reason: 'wrong price',
});

async function shopWith(n = 1): Promise<HandShop> {
  const shop = await HandShop.open([offer, order]);
  for (let i = 0; i < n; i += 1) {
    shop.clock.pass(1000);
    await shop.enrol(
      event('cart.updated', {
        id: `cart-${i}`,
        at: shop.clock.now(),
        identities: { email: `a${i}@shop.example` },
        consents: YES,
      }),
    );
    await shop.leg().run();
  }
  return shop;
}
const pause = (shop: HandShop, lanes: 'marketing' | 'all') =>
  shop.table.write(changeFlow({ set: [[['pause'], paused(lanes)]] }));
const resume = (shop: HandShop) => shop.table.write(changeFlow({ remove: [['pause']] }));
async function parked(shop: HandShop): Promise<number> {
  const lanes = ['marketing', 'transactional'].flatMap((lane) =>
    Array.from({ length: 32 }, (_, shard) =>
      shop.table.queryIndex({ index: 'due', pk: parkShard(lane, shard), limit: 1000 }),
    ),
  );
  return (await Promise.all(lanes)).flat().length;
}
/** Minutes pass, review runs in each, and what it hints at is worked off. */
async function pass(shop: HandShop, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    shop.clock.pass(MINUTE);
    await shop.review();
    await shop.send();
  }
}

describe('while marketing is paused', () => {
  it('what waits is parked, nobody looks at it, and it goes when mail may go again', async () => {
    const shop = await shopWith(40);
    await pause(shop, 'marketing');
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await parked(shop)).toBe(40);
    shop.clock.pass(60 * MINUTE);
    expect(await shop.review()).toBe(0);
    await resume(shop);
    await shop.review();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(40);
    expect(await parked(shop)).toBe(0);
  });

  it('one whose hint was lost is parked by review, and not hinted at', async () => {
    const shop = await shopWith();
    shop.outbox.marketing.take();
    await pause(shop, 'marketing');
    await pass(shop, 6);
    expect(await parked(shop)).toBe(1);
    await resume(shop);
    await pass(shop, 1);
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('order mails go', async () => {
    const shop = await shopWith(0);
    await pause(shop, 'marketing');
    await shop.enrol(event('purchase', { at: shop.clock.now(), data: { orderId: '1' } }));
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('one that a hint of before finds once mail may go is sent once', async () => {
    const shop = await shopWith();
    const hints = shop.outbox.marketing.take();
    await pause(shop, 'marketing');
    await shop.outbox.marketing.send(hints as object[]);
    await shop.send();
    await resume(shop);
    await shop.outbox.marketing.send(hints as object[]);
    await shop.send();
    await pass(shop, 30);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await parked(shop)).toBe(0);
  });

  it('one that a hint of before finds, and of which nobody knows then whether it went, is looked at by review', async () => {
    const shop = await shopWith();
    const hints = shop.outbox.marketing.take();
    await pause(shop, 'marketing');
    await shop.outbox.marketing.send(hints as object[]);
    await shop.send();
    await resume(shop);
    shop.mailer.before = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.outbox.marketing.send(hints as object[]);
    await shop.send();
    await pass(shop, 16);
    expect(await shop.message('offer')).toMatchObject({ state: 'done', facts: { unknown: expect.any(String) } });
  });

  it('one that expires is withheld, and says what held it', async () => {
    const shop = await HandShop.open([journey({ steps: [send('offer', { expires: 'PT1H' })] })]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    await shop.leg().run();
    await pause(shop, 'marketing');
    await shop.send();
    await pass(shop, 120);
    await resume(shop);
    await pass(shop, 1);
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('offer')).toMatchObject({ state: 'done', reason: 'mail-paused' });
  });
});

it('while all mail is paused order mails wait, too', async () => {
  const shop = await shopWith(0);
  await pause(shop, 'all');
  await shop.enrol(event('purchase', { at: shop.clock.now(), data: { orderId: '1' } }));
  await shop.leg().run();
  await shop.send();
  await pass(shop, 20);
  expect(shop.mailer.mails).toEqual([]);
  await resume(shop);
  await pass(shop, 1);
  expect(shop.mailer.mails).toHaveLength(1);
});

it('a mailing on its way stops within ten seconds, and goes on where it was', async () => {
  const start = '2026-03-02T09:00:00.000Z';
  const runtime = openRuntime({ start, eventDays: 400, mailsPerSecond: 3, publicUrl: 'https://shop.example' });
  await putPublished(runtime, settings(), [offer]);
  for (let i = 0; i < 200; i += 1) {
    const detail = event('cart.updated', {
      id: `c${i}`,
      at: start,
      identities: { email: `a${i}@shop.example` },
      consents: YES,
    });
    await runtime.bus.put([{ source: SOURCE, detailType: detail.type, detail }]);
  }
  const sent = () => runtime.inbox.mails.page({}, 1000).entries.length;
  await runtime.drive(plusMillis(start, 20_000));
  await runtime.table.write(changeFlow({ set: [[['pause'], paused('marketing')]] }));
  await runtime.drive(plusMillis(start, 30_000));
  const then = sent();
  expect(then).toBeGreaterThan(20);
  await runtime.drive(plusMillis(start, 3_600_000));
  expect(sent()).toBe(then);
  await runtime.table.write(
    changeFlow({
      set: [
        [['duePk'], 'due#0'],
        [['due'], runtime.clock.now()],
      ],
      remove: [['pause']],
    }),
  );
  await runtime.drive(plusMillis(start, 3_600_000 + 300_000));
  expect(sent()).toBe(200);
  runtime.close();
});

it('a pause set while slots are taken is not overwritten', async () => {
  const shop = await shopWith(3);
  await shop.send();
  await pause(shop, 'marketing');
  await shop.send();
  const row = await shop.table.get({ pk: 'RATE#email', sk: 'all' });
  expect(row).toMatchObject({ next: expect.any(String), pause: paused('marketing') });
});
