import { afterEach, describe, expect, it } from 'vitest';
import { catchUp } from '#functions/catchup/catchup.ts';
import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import { NoSecret } from '#shared/errors.ts';
import { shopify } from '#shared/source/shopify.ts';
import { readFacts } from '#shared/source/source.ts';
import { unreadSchema } from '#shared/source/unread.ts';
import { loadPlace } from '#shared/store/sweeps.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { headersOf, order } from '#test/build/shopify.ts';
import type { Fault } from '#test/faults/shop-server.ts';
import { AskedShop, MINUTE } from './shop.ts';

const KINDS = ['shopify', 'woocommerce'] as const;
const DAY = 86_400_000;

let open: AskedShop[] = [];
afterEach(() => {
  for (const { server } of open) server.close();
  open = [];
});

async function asked(kind: (typeof KINDS)[number], sizes?: readonly number[]): Promise<AskedShop> {
  const one = await AskedShop.open(kind, sizes);
  open.push(one);
  return one;
}

const place = ({ shop, storefront }: AskedShop, feed = 'orders') =>
  loadPlace(shop.table, { source: storefront.source, url: storefront.url, feed });

describe.each(KINDS)('a sweep of %s', (kind) => {
  it('tells of each order that changed in the last day, over all pages, and of nothing older', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 11; id += 1) one.put(id, id * 2 * 60 * MINUTE);
    one.put(99, 2 * DAY);
    expect(await one.sweep()).toEqual({ [`${kind} orders`]: 'done', [`${kind} customers`]: 'done' });
    await one.record();
    expect(one.purchases()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(one.shop.metrics.counts).toMatchObject({ SweepDone: 1 });
    // Before it first ran, there need not have been any webhook.
    expect(one.shop.metrics.counts['CaughtUp']).toBeUndefined();
  });

  it('tells later only of what no webhook has brought, and counts it', async () => {
    const one = await asked(kind);
    await one.sweep();
    one.shop.clock.pass(15 * MINUTE);
    one.put(1);
    one.put(2);
    await one.sweep();
    await one.record();
    expect(one.shop.metrics.counts['CaughtUp']).toBe(2);
    one.shop.clock.pass(4 * MINUTE);
    one.put(3);
    await one.sweep({ told: new Set() });
    expect(one.shop.bus.entries.map(({ detailType }) => detailType)).toEqual(['purchase']);
    await one.sweep();
    expect(one.shop.bus.entries).toHaveLength(1);
  });

  it('leaves to the next sweep what is so young that its webhook may be on the way', async () => {
    const one = await asked(kind);
    one.put(1, MINUTE);
    await one.sweep();
    expect(one.shop.bus.entries).toEqual([]);
    one.shop.clock.pass(15 * MINUTE);
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual([1]);
  });

  it('tells of customers who have registered', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 6; id += 1) one.put(id, id * MINUTE * 60, 'customers');
    one.put(7, 9 * DAY, 'customers');
    await one.sweep();
    const types = one.shop.bus.entries.map(({ detailType }) => detailType);
    expect(types.filter((type) => type === 'registration')).toHaveLength(6);
    expect(
      one.server.asked.every(({ pathname }) => pathname.includes('customers') || pathname.includes('orders')),
    ).toBe(true);
  });

  it.each<Fault>(['busy', 'busy until', 'broken', 'maintenance', 'cut', 'silent'])(
    'asks again when the shop is %s, not before it said, and loses nothing',
    async (fault) => {
      const one = await asked(kind);
      for (let id = 1; id <= 7; id += 1) one.put(id, id * 60 * MINUTE);
      let faults = 0;
      one.server.before = ({ searchParams }) => {
        const isSecond = searchParams.has('page_info') || searchParams.get('offset') !== '0';
        faults += 1;
        return faults % 2 === 0 || (isSecond && faults % 3 === 0) ? fault : undefined;
      };
      const before = one.shop.clock.now();
      expect(await one.sweep()).toEqual({ [`${kind} orders`]: 'done', [`${kind} customers`]: 'done' });
      await one.record();
      expect(one.purchases()).toEqual([1, 2, 3, 4, 5, 6, 7]);
      if (fault.startsWith('busy')) expect(one.shop.clock.now() >= plusMillis(before, 2000)).toBe(true);
    },
  );

  it('sees every order while orders change between its pages', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 20; id += 1) one.put(id, (60 - id) * MINUTE);
    let next = 1;
    one.server.before = ({ pathname }) => {
      if (pathname.includes('orders')) {
        one.put(next, 0);
        next += 1;
      }
      return undefined;
    };
    await one.sweep();
    one.server.before = () => undefined;
    one.shop.clock.pass(15 * MINUTE);
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('sees every order of a second in which more changed than a page holds', async () => {
    const one = await asked(kind, [3]);
    for (let id = 1; id <= 10; id += 1) one.put(id, 5 * MINUTE);
    one.put(11, 4 * MINUTE);
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
  });

  it('stops when its time is over, and the next goes on at that page', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 12; id += 1) one.put(id, id * MINUTE * 10);
    const deadline = plusMillis(one.shop.clock.now(), 1000);
    let pages = 0;
    one.server.before = ({ pathname }) => {
      pages += pathname.includes('orders') ? 1 : 0;
      if (pages === 2) one.shop.clock.pass(2000);
      return undefined;
    };
    expect(await one.sweep({}, deadline)).toMatchObject({ [`${kind} orders`]: 'later' });
    expect(await place(one)).toMatchObject({ next: expect.any(String) });
    await one.record();
    expect(one.purchases().length).toBeGreaterThan(4);
    one.server.asked.splice(0);
    await one.sweep({ told: new Set() });
    await one.record();
    expect(one.purchases()).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(one.server.asked.filter(({ pathname }) => pathname.includes('orders')).length).toBeLessThan(
      kind === 'shopify' ? 3 : 4,
    );
  });

  it('catches up day by day after an outage', async () => {
    const one = await asked(kind);
    await one.sweep();
    one.shop.clock.pass(5 * DAY);
    for (let day = 0; day < 5; day += 1) one.put(day, day * DAY + 60 * MINUTE);
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual([0, 1, 2, 3, 4]);
  });

  it('says that the storefront refuses the token, and does not move on', async () => {
    const one = await asked(kind);
    one.put(1);
    one.server.token = 'new';
    expect(await one.sweep()).toEqual({ [`${kind} orders`]: 'failed', [`${kind} customers`]: 'failed' });
    expect(one.shop.metrics.counts).toEqual({ SweepRefused: 2 });
    expect(await place(one)).toBeUndefined();
    one.server.token = 'token';
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual([1]);
  });

  it('says that there is no token', async () => {
    const one = await asked(kind);
    const secrets = { get: async () => Promise.reject(new NoSecret('none')) };
    expect(await one.sweep({ secrets })).toMatchObject({ [`${kind} orders`]: 'failed' });
    expect(one.server.asked).toEqual([]);
    expect(one.shop.metrics.counts).toEqual({ SweepRefused: 1 });
  });

  it('keeps what it cannot read where unread deliveries lie, once, and goes on', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 3; id += 1) one.put(id);
    const broken = one.server.things.orders.get(2);
    if (broken) one.server.put('orders', { ...broken, body: { ...broken.body, id: null, admin_graphql_api_id: null } });
    for (let sweep = 0; sweep < 2; sweep += 1) {
      await one.sweep();
      await one.record();
      one.shop.clock.pass(MINUTE);
    }
    expect(one.purchases()).toEqual([1, 3]);
    expect(one.shop.overflow.take()).toMatchObject([{ delivery: { source: kind } }]);
  });

  it('keeps an order that it cannot read, however long it is', async () => {
    const one = await asked(kind);
    one.put(1);
    const broken = one.server.things.orders.get(1);
    const note = 'x'.repeat(400_000);
    if (broken)
      one.server.put('orders', { ...broken, body: { ...broken.body, id: null, admin_graphql_api_id: null, note } });
    await one.sweep({ web: new PublicWeb({ trusted: [one.storefront.url], limits: { bytes: 1_000_000 } }) });
    const [kept] = unreadSchema.array().parse(one.shop.overflow.take());
    expect(kept?.delivery.text).toContain(note);
  });

  it('moves on in one of two sweeps that meet, and never back', async () => {
    const one = await asked(kind);
    for (let id = 1; id <= 9; id += 1) one.put(id, id * MINUTE);
    const swept = await Promise.all([one.sweep({ told: new Set() }), one.sweep({ told: new Set() })]);
    expect(swept.map((lists) => lists[`${kind} orders`])).toContain('done');
    await one.sweep();
    await one.record();
    expect(one.purchases()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is not kept from its end by a bus that is down', async () => {
    const one = await asked(kind);
    one.put(1);
    const bus = { put: async () => Promise.reject(new Error('down')) };
    await one.sweep({ bus });
    expect(one.shop.overflow.take()).toMatchObject([{ type: 'purchase' }]);
    const overflow = { send: async () => Promise.reject(new Error('down')) };
    one.put(2);
    one.shop.clock.pass(15 * MINUTE);
    const before = await place(one);
    expect(await one.sweep({ bus, overflow })).toMatchObject({ [`${kind} orders`]: 'failed' });
    expect(await place(one)).toEqual(before);
  });
});

it('asks with the token that Shopify gives for the id and the secret of an app', async () => {
  const one = await asked('shopify');
  one.put(1);
  const stored = (value: string) => ({ secrets: { get: async () => [value] } });
  one.server.before = ({ pathname }) =>
    pathname.includes('oauth') && one.server.asked.length < 3 ? 'broken' : undefined;
  expect(await one.sweep(stored('app:its secret'))).toMatchObject({ 'shopify orders': 'done' });
  await one.record();
  expect(one.purchases()).toEqual([1]);
  one.server.asked.splice(0);
  one.server.before = () => undefined;
  expect(await one.sweep(stored('app:another secret'))).toMatchObject({ 'shopify orders': 'failed' });
  expect(one.server.asked.map(({ pathname }) => pathname)).toEqual(['/admin/oauth/access_token']);
  expect(one.shop.metrics.counts).toMatchObject({ SweepRefused: 1 });
});

it('says that a shop which answers nothing in time was not swept', async () => {
  const one = await asked('shopify');
  one.server.before = () => 'busy';
  expect(await one.sweep({}, plusMillis(one.shop.clock.now(), 9000))).toMatchObject({ 'shopify orders': 'failed' });
  expect(one.shop.metrics.counts).toEqual({});
});

it('gives each list its share of the time', async () => {
  const one = await asked('shopify');
  one.put(1);
  one.server.before = ({ pathname }) => (pathname.includes('customers') ? 'busy' : undefined);
  const swept = await one.sweep({}, plusMillis(one.shop.clock.now(), 9000));
  expect(swept).toEqual({ 'shopify customers': 'failed', 'shopify orders': 'done' });
});

it('begins a window of Shopify anew when the shop no longer knows the page', async () => {
  const one = await asked('shopify');
  for (let id = 1; id <= 9; id += 1) one.put(id);
  let forgotten = 0;
  one.server.before = ({ searchParams }) =>
    searchParams.has('page_info') && forgotten++ < 2 ? 'forgets pages' : undefined;
  await one.sweep();
  await one.record();
  expect(one.purchases()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('gives up on a window of Shopify whose pages the shop forgets each time', async () => {
  const one = await asked('shopify');
  for (let id = 1; id <= 9; id += 1) one.put(id);
  one.server.before = () => 'forgets pages';
  expect(await one.sweep()).toEqual({ 'shopify customers': 'done', 'shopify orders': 'failed' });
  expect(one.server.asked.length).toBeLessThan(10);
});

it('follows no shop to another address, where the token would go with it', async () => {
  const one = await asked('woocommerce');
  one.server.before = () => 'moved';
  expect(await one.sweep()).toEqual({ 'woocommerce customers': 'failed', 'woocommerce orders': 'failed' });
  expect(one.server.asked).toHaveLength(2);
});

it.each([
  ['https://shop.example', 'shop.example'],
  ['https://www.shop.example/tea', 'www.shop.example/tea'],
])('knows a shop of WooCommerce as its webhooks do, by what it says of itself: %s', async (home, known) => {
  const one = await asked('woocommerce');
  one.server.home = home;
  one.put(1);
  await one.sweep();
  await one.record();
  expect(one.recorded).toEqual([`woocommerce:${known}:order:1:purchase`]);
});

it('begins where the settings say', async () => {
  const one = await asked('shopify');
  one.put(1, 20 * DAY);
  const since = plusMillis(one.shop.clock.now(), -30 * DAY);
  await catchUp([{ ...one.storefront, since }], plusMillis(one.shop.clock.now(), MINUTE), one.deps);
  await one.record();
  expect(one.purchases()).toEqual([1]);
});

it('waits until there is room in the bucket of Shopify', async () => {
  const one = await asked('shopify');
  one.server.bucket = 38;
  const before = one.shop.clock.now();
  await one.sweep();
  expect(one.shop.clock.now()).toBe(plusMillis(before, 2 * 4000));
});

it('asks a slow shop for smaller pages', async () => {
  const one = await asked('woocommerce', [8, 2, 1]);
  for (let id = 1; id <= 5; id += 1) one.put(id);
  one.server.before = ({ searchParams }) => (Number(searchParams.get('per_page')) > 1 ? 'silent' : undefined);
  await one.sweep();
  await one.record();
  expect(one.purchases()).toEqual([1, 2, 3, 4, 5]);
});

it('knows an order by the same facts as its webhook', async () => {
  const one = await asked('shopify');
  one.put(1);
  await one.sweep();
  const [fetched] = one.shop.bus.entries;
  const thing = one.server.things.orders.get(1);
  const body = { ...order({ ...thing?.body }), created_at: thing?.created, updated_at: thing?.updated };
  const told = shopify.tell({ headers: headersOf('orders/create'), text: JSON.stringify(body) });
  expect('facts' in told && readFacts(told.facts, 'shopify').events).toEqual([fetched?.detail]);
});
