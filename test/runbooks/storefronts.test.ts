import { afterEach, describe, expect, it } from 'vitest';
import { privacy } from '#functions/privacy/privacy.ts';
import { NoSecret } from '#shared/errors.ts';
import { keepEvents } from '#shared/event/keep.ts';
import { loadParked } from '#shared/store/parked.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { quiet } from '#test/build/ports.ts';
import { AskedShop, MINUTE } from '#test/functions/catchup/shop.ts';
import { drained } from '#test/functions/ingest/drained.ts';
import { ownMetric, SOURCES } from './alarms.ts';
import { CloudWatch } from './watch.ts';

/** What brings each alarm on what storefronts say, the alarm itself, and what its runbook says to do. */

let open: AskedShop[] = [];
afterEach(() => {
  for (const { server } of open) server.close();
  open = [];
});

async function asked(source: (typeof SOURCES)[number]) {
  const one = await AskedShop.open(source);
  open.push(one);
  const watch = CloudWatch.of(one.shop);
  const deps = { metrics: watch.metrics('catchup') };
  /** Hours in which a sweep runs every quarter of an hour. */
  const pass = async (hours: number, more: Parameters<AskedShop['sweep']>[0] = {}): Promise<void> => {
    for (let n = 0; n < hours * 4; n += 1) {
      one.shop.clock.pass(15 * MINUTE);
      await one.sweep({ ...deps, ...more });
    }
  };
  return { one, watch, pass };
}
const wrong = { secrets: { get: (name: string) => Promise.reject(new NoSecret(name)) } };

describe.each(SOURCES)('catchup-stopped and catchup-refused of %s', (source) => {
  it('speak while there is no token, and end with the first sweeps that have one, which find what was missed', async () => {
    const { one, watch, pass } = await asked(source);
    await pass(4);
    expect(watch.speaks(`catchup-${source}-stopped`)).toBe(false);
    await pass(1, wrong);
    expect(watch.speaks(`catchup-${source}-refused`)).toBe(true);
    await pass(2, wrong);
    expect(watch.speaks(`catchup-${source}-stopped`)).toBe(true);
    one.put(7, 90 * MINUTE);
    await pass(2);
    expect(watch.speaks(`catchup-${source}-stopped`)).toBe(false);
    expect(watch.speaks(`catchup-${source}-refused`)).toBe(false);
    await one.record();
    expect(one.purchases()).toEqual([7]);
  });
});

describe.each(SOURCES)('webhooks-missed of %s', (source) => {
  it('speaks of five orders that no webhook has brought; each is recorded once, also where its webhook comes late', async () => {
    const { one, watch, pass } = await asked(source);
    await pass(1);
    for (let id = 1; id <= 5; id += 1) one.put(id, 0);
    await pass(1);
    expect(watch.speaks(`webhooks-${source}-missed`)).toBe(true);
    const late = one.shop.bus.entries.map(({ detail }) => detail);
    await one.record();
    for (const detail of late) expect(await one.shop.enrol(detail)).toBe('duplicate');
    expect(one.purchases()).toEqual([1, 2, 3, 4, 5]);
    await pass(7);
    expect(watch.speaks(`webhooks-${source}-missed`)).toBe(false);
  });
});

describe('api-errors', () => {
  it('looks at the answers of the one API; what neither the bus nor the queue has taken counts once when it is posted again', async () => {
    expect(ownMetric('api-errors')).toBe('AWS/ApiGateway 5xx of api');
    const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
    const posted = event('cart.updated');
    const refuses = { put: () => Promise.reject(new Error('no')), send: () => Promise.reject(new Error('no')) };
    const deps = { bus: shop.bus, overflow: shop.overflow, log: quiet, metrics: shop.metrics };
    await expect(keepEvents([posted], { ...deps, bus: refuses, overflow: refuses })).rejects.toThrow('no');
    await keepEvents([posted], { ...deps, bus: refuses });
    await keepEvents([posted], deps);
    for (const body of shop.overflow.take()) await drained(body, shop);
    const outcomes = [];
    for (const { detail } of shop.bus.entries) outcomes.push(await shop.enrol(detail));
    expect(outcomes).toEqual(['recorded', 'duplicate']);
  });
});

describe('privacy-requested', () => {
  it('speaks when a whole shop has left; nobody is forgotten, and the request lies there until it is deleted', async () => {
    const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
    const watch = CloudWatch.of(shop);
    await shop.enrol(event('cart.updated'));
    const request = {
      ...{ type: 'privacy.requested', source: 'shopify', shop: 's', requestId: '1', id: 'shopify:s:privacy:1' },
      ...{ kind: 'erase-shop', at: shop.clock.now(), identities: {} },
    };
    const deps = { ...shop.given('privacy'), bucket: shop.bucket };
    await privacy(request, deps);
    expect(watch.speaks('privacy-requested')).toBe(true);
    expect(await shop.contact()).toMatchObject({ identities: { email: 'ann@shop.example' } });
    const [parked] = await loadParked(shop.table, 'privacy');
    expect(parked?.['event']).toMatchObject({ id: 'shopify:s:privacy:1' });
    shop.clock.pass(6 * MINUTE);
    expect(watch.speaks('privacy-requested')).toBe(false);
  });
});
