import { beforeEach, describe, expect, it } from 'vitest';
import { tell } from '#functions/tell/tell.ts';
import { event } from '#test/build/event.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';
import { CloudWatch } from './watch.ts';

/** What a shop's files bring about, the alarms on it, and what their runbooks say to upload. */

const MINUTE = 60_000;
const coupon = { type: 'coupon', id: 'code', pool: 'gift', otherwise: [tag('none')] };

let files: PublishingShop;
let shop: HandShop;
let watch: CloudWatch;

beforeEach(async () => {
  files = new PublishingShop();
  shop = files.shop;
  watch = CloudWatch.of(shop);
  await files.put('settings.json', shopFile({ pools: { gift: {} } }));
  await files.put('templates/hello/email.mjml', templateFile());
});

const buys = (n: number, currency: string) =>
  shop.enrol(
    event('purchase', {
      id: `p${n}`,
      at: shop.clock.now(),
      identities: { email: 'ann@shop.example' },
      data: { total: 100, currency },
    }),
  );

/** Later than what the functions know of the files may be old. */
const settle = (): void => {
  shop.clock.pass(MINUTE);
  shop.deps.published.refresh();
};

describe('no-rate', () => {
  it('speaks of an order in a currency without a rate; with the rate, the next one counts', async () => {
    await buys(1, 'USD');
    expect(watch.speaks('no-rate')).toBe(true);
    await files.put('settings.json', shopFile({ pools: { gift: {} }, rates: { USD: 0.5 } }));
    settle();
    shop.clock.pass(5 * MINUTE);
    await buys(2, 'USD');
    expect(watch.speaks('no-rate')).toBe(false);
    expect((await shop.contact()).traits).toMatchObject({ 'purchases.count': 2, 'purchases.total': 50 });
  });
});

describe('pool-empty', () => {
  it('speaks when the codes have run out; who comes after more are uploaded gets one', async () => {
    await files.put('pools/gift.csv', 'code\nONE\n');
    await files.put('journeys/cart.json', journey({ steps: [coupon, wait('rest')] }));
    settle();
    const enters = async (name: string) => {
      const email = `${name}@shop.example`;
      await shop.enrol(event('cart.updated', { id: name, at: shop.clock.now(), identities: { email } }));
      await shop.leg().run();
      return (await shop.contact(email)).tags;
    };
    expect(await enters('ann')).toEqual([]);
    expect(await enters('bob')).toEqual(['none']);
    expect(watch.speaks('pool-empty')).toBe(true);
    await files.put('pools/gift.csv', 'code\nONE\nTWO\n');
    settle();
    shop.clock.pass(5 * MINUTE);
    expect(await enters('eva')).toEqual([]);
    expect(watch.speaks('pool-empty')).toBe(false);
  });
});

describe('upload-refused', () => {
  it('speaks of a file with errors two minutes later; what was live stays, and the mended file goes live', async () => {
    const deps = { ...shop.deps, bucket: shop.bucket, tell: files.telling, metrics: watch.metrics('tell') };
    const told = async () => {
      for (const hint of files.telling.take()) await tell(hint, deps);
    };
    const good = journey({ entry: { if: { consent: 'offers' } }, steps: [send('first')] });
    await files.put('journeys/cart.json', good);
    await told();
    expect(watch.speaks('upload-refused')).toBe(false);
    await files.put('journeys/cart.json', { ...good, steps: [send('first', { template: 'helo' })] });
    await told();
    expect(watch.speaks('upload-refused')).toBe(true);
    expect(await files.live()).toMatchObject({ version: 1 });
    expect(await files.report('journeys/cart.json')).toContain('Did you mean "hello"?');
    settle();
    shop.clock.pass(5 * MINUTE);
    await files.put('journeys/cart.json', { ...good, name: 'Mended' });
    await told();
    expect(await files.live()).toMatchObject({ version: 2 });
    expect(watch.speaks('upload-refused')).toBe(false);
  });
});
