import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { Published } from '#shared/store/published.ts';
import type { Json } from '#shared/store/table.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait, waitFor } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { createTable, type Engine, engineIsHere, startEngine } from './dynamo-engine.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

/** What SQLite does not mind and DynamoDB does: rows of more than 32 levels, expressions of more than 4 KB. */
describe.skipIf(!engineIsHere)('within the limits of DynamoDB', () => {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(async () => {
    await engine?.stop();
  });

  let tables = 0;
  async function open(journeys: readonly Journey[], given = settings()) {
    if (!engine) throw new Error('the engine runs while the suite does');
    const shop = new HandShop();
    tables += 1;
    await createTable(engine.client, `tropa-${tables}`);
    const table = new DynamoTable(`tropa-${tables}`, shop.clock, dynamoApi(engine.options));
    await putPublished({ table, bucket: shop.bucket }, given, journeys);
    Object.assign(shop, { table });
    Object.assign(shop.deps, { table, published: new Published(table, shop.clock) });
    return shop;
  }

  const all = (depth: number): object => (depth === 0 ? { tag: 'x' } : { all: [{ not: all(depth - 1) }] });
  const lists = (depth: number): object[] =>
    depth === 0
      ? [send('deep')]
      : [{ type: 'branch', id: `b${depth}`, cases: [{ if: all(5), steps: lists(depth - 1) }], otherwise: [] }];
  const values = (depth: number): Json => (depth === 0 ? 1 : { a: values(depth - 1) });

  it('a journey as deep as the language allows is published and read, settings too', async () => {
    const deep = journey({ entry: { if: all(5) }, steps: lists(7) });
    const shop = await open([deep], settings({ suppress: { any: [{ all: [{ not: { tag: 'staff' } }] }] } }));
    expect((await shop.deps.published.version('cart', 1)).definition).toEqual(deep);
    expect((await shop.deps.published.settings()).suppress).toBeDefined();
  });

  it('what a step prints and what an event carries may be as deep as they may be at all', async () => {
    const deep = { a: values(24) };
    const shop = await open([
      journey({
        steps: [send('hello', { data: deep }), { type: 'emit', id: 'say', event: 'said', data: deep }, wait('w')],
      }),
    ]);
    await shop.enrol(event('cart.updated', { data: deep, consents: YES }));
    expect(await shop.leg().run()).toBe('parked');
    expect((await shop.message('hello')).data).toEqual(deep);
    await expect(shop.enrol(event('cart.updated', { data: { a: values(26) } }))).rejects.toThrow('nested too deeply');
  });

  it('sixty steps hear one event', async () => {
    const steps = Array.from({ length: 60 }, (_, i) => waitFor(`wait-${i}`, { event: 'page.viewed' }));
    const shop = await open([journey({ steps })]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    await shop.enrol(event('page.viewed', { at: shop.clock.now() }));
    expect(Object.keys((await shop.passage()).heard)).toHaveLength(60);
    expect(shop.leg().isPaused).toBe(false);
  });
});
