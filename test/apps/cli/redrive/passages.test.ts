import { describe, expect, it } from 'vitest';
import { redrivePassages } from '#apps/cli/redrive/passages.ts';
import type { RedriveRequest } from '#apps/cli/redrive/request.ts';
import { recover } from '#functions/review/passage.ts';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { FaultyTable } from '#test/faults/table.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const watch = { seen: () => {}, signal: new AbortController().signal };

/** Publish does not let its second step through, and the interpreter stops at it. */
const broken = journey({
  goal: { if: { event: 'purchase' } },
  steps: [wait('first'), { type: 'skip', id: 'no', to: 'nowhere' }],
});

/** The present leg runs until it breaks off, and review is told of it. */
async function breaksOff(shop: HandShop): Promise<void> {
  await expect(shop.leg().run()).rejects.toThrow('does not have');
  const started = shop.executions.started.at(-1);
  shop.executions.abort(started?.name ?? '');
  const detail = { status: 'FAILED', error: 'BrokenJourney', input: JSON.stringify(started?.input) };
  await recover({ detail }, shop.deps);
}

/** A passage that breaks off at its second step, so many legs long. */
async function open(legs: number) {
  const shop = await HandShop.open([broken]);
  await shop.enrol(event('cart.updated'));
  await shop.leg().run();
  shop.clock.pass(DAY);
  for (let leg = 1; leg <= legs; leg += 1) await breaksOff(shop);
  const redrive = (given: Partial<RedriveRequest> = {}, table: Table = shop.table) =>
    redrivePassages(
      { what: 'passages', dryRun: false, discard: false, ...given },
      { table, clock: shop.clock, pass: async () => {} },
      watch,
      false,
    );
  const legsOf = () => shop.executions.started.length;
  return { shop, redrive, legsOf };
}

const SINCE = '2026-03-03T09:00:00.000Z';
const pile = (reason: string) => ({ reason, journey: 'cart', step: 'first', count: 1, oldest: SINCE });

describe('a passage that was put aside', () => {
  it('is named with the error that its legs broke off by, and where it stands', async () => {
    const { redrive, legsOf } = await open(11);
    const dry = await redrive({ dryRun: true });
    expect(dry).toMatchObject({ meant: [pile('put-aside: BrokenJourney')], became: {} });
    expect((await redrive({ dryRun: true, reason: 'TypeError' })).meant).toEqual([]);
    expect((await redrive({ dryRun: true, journey: 'other' })).lies).toEqual([]);
    expect(legsOf()).toBe(11);
  });

  it('goes on in its next leg within a minute, and is put aside again when it breaks off again', async () => {
    const { shop, redrive, legsOf } = await open(11);
    await shop.review();
    expect(legsOf()).toBe(11);
    expect(await redrive({ reason: 'BrokenJourney', journey: 'cart' })).toMatchObject({ became: { asked: 1 } });
    await shop.review();
    expect(legsOf()).toBe(12);
    expect(await shop.passage()).toMatchObject({ leg: 12, next: 'start' });
    expect((await shop.passage()).stranded).toBeUndefined();
    await breaksOff(shop);
    expect(await shop.passage()).toMatchObject({ leg: 12, stranded: true });
    await redrive();
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    await shop.review();
    expect(await shop.leg().run()).toBe('finished');
    expect((await redrive({ dryRun: true })).lies).toEqual([]);
  });

  it('goes on, too, when review has given it up after a month', async () => {
    const { shop, redrive, legsOf } = await open(11);
    for (let day = 0; day < 60; day += 1) {
      shop.clock.pass(DAY);
      const before = legsOf();
      await shop.review();
      if (legsOf() > before) await breaksOff(shop);
    }
    expect(await shop.review()).toBe(0);
    const given = legsOf();
    expect((await redrive()).meant).toEqual([pile('given-up: BrokenJourney')]);
    await shop.review();
    expect(legsOf()).toBe(given + 1);
    await breaksOff(shop);
    expect((await redrive({ dryRun: true })).meant).toEqual([pile('given-up: BrokenJourney')]);
  });

  it('is left alone when it has moved while it was looked at', async () => {
    const { shop, redrive } = await open(11);
    const { table } = shop;
    const slow: Table = {
      get: (...asked) => table.get(...asked),
      batchGet: (keys) => table.batchGet(keys),
      query: (range) => table.query(range),
      queryIndex: (range) => table.queryIndex(range),
      transact: (writes) => table.transact(writes),
      write: async (write) => {
        await shop.enrol(event('purchase', { at: shop.clock.now() }));
        return table.write(write);
      },
    };
    expect(await redrive({}, slow)).toMatchObject({ became: { moved: 1 } });
  });

  it('is asked for again where others write at the same time', async () => {
    const { shop, redrive } = await open(11);
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'conflict' : undefined));
    expect(await redrive({}, table)).toMatchObject({ became: { asked: 1 } });
  });
});

describe('a passage that is being tried', () => {
  it('is named, and no leg of it is begun while one runs', async () => {
    const { shop, redrive, legsOf } = await open(2);
    expect((await redrive()).meant).toEqual([pile('breaks-off: BrokenJourney')]);
    await shop.review();
    expect(legsOf()).toBe(3);
  });

  it('stands still once nothing was heard of it for hours', async () => {
    const { shop, redrive, legsOf } = await open(0);
    shop.clock.pass(HOUR);
    expect((await redrive()).lies).toEqual([]);
    shop.clock.pass(2 * HOUR);
    expect((await redrive()).meant).toMatchObject([pile('overdue: nothing was heard of its execution')]);
    shop.executions.abort(shop.leg().name);
    await shop.review();
    expect(legsOf()).toBe(2);
  });
});

it('a passage that waits as it should is no matter', async () => {
  const shop = await HandShop.open([journey({ steps: [wait('rest', 'P30D')] })]);
  await shop.enrol(event('cart.updated'));
  await shop.leg().run();
  shop.clock.pass(10 * DAY);
  const asked = { what: 'passages', dryRun: false, discard: false };
  const opened = { table: shop.table, clock: shop.clock, pass: async () => {} };
  expect(await redrivePassages(asked, opened, watch, false)).toMatchObject({ lies: [], became: {} });
});
