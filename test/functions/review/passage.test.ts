import { describe, expect, it } from 'vitest';
import { recover } from '#functions/review/passage.ts';
import { Unprocessable } from '#shared/errors.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';
import { FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const waiting = journey({
  steps: [waitFor('paid', { event: 'purchase' }, { then: [tag('bought')] }), wait('rest', 'P30D'), tag('end')],
});

async function begun() {
  const shop = await HandShop.open([waiting]);
  await shop.enrol(event('cart.updated'));
  return { shop, leg: shop.leg() };
}

const failedExecution = (input: object) => ({ detail: { status: 'FAILED', input: JSON.stringify(input) } });
const inputOf = (shop: HandShop) => shop.executions.started.at(-1)?.input ?? {};

/** Lets minutes pass, with review in each. */
async function pass(shop: HandShop, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    shop.clock.pass(MINUTE);
    await shop.review();
  }
}

describe('the audit', () => {
  it('starts a passage whose start was lost, within minutes', async () => {
    const shop = await HandShop.open([waiting]);
    const start = () => Promise.reject(new Error('throttled'));
    await expect(shop.enrol(event('cart.updated'), { executions: { ...shop.executions, start } })).rejects.toThrow();
    await pass(shop, 4);
    expect(shop.executions.started).toHaveLength(0);
    await pass(shop, 1);
    expect(shop.executions.started).toHaveLength(1);
    expect(await shop.leg().run()).toBe('parked');
  });

  it('wakes a pause that should have ended by itself', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.clock.pass(DAY);
    await pass(shop, 4);
    expect(leg.isPaused).toBe(true);
    await pass(shop, 1);
    expect(leg.isPaused).toBe(false);
    await leg.advance();
    expect((await shop.passage()).cursor?.step).toBe('rest');
  });

  it('leaves a pause alone that is not over', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    await pass(shop, 60);
    expect(leg.isPaused).toBe(true);
  });

  it('goes on in a new leg where the execution is gone', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    shop.clock.pass(DAY);
    await pass(shop, 5);
    expect(shop.executions.started).toHaveLength(2);
    const next = shop.leg();
    expect(next.name).toBe(leg.name.replace(/-1$/, '-2'));
    expect(await next.run()).toBe('parked');
    expect((await shop.passage()).cursor?.step).toBe('rest');
  });

  it('goes on in a new leg where the execution ended without a turn', async () => {
    const { shop, leg } = await begun();
    shop.executions.abort(leg.name);
    await pass(shop, 5);
    expect(await shop.leg().run()).toBe('parked');
    expect(await shop.passage()).toMatchObject({ leg: 2, turn: 1 });
  });

  it('does not overtake a turn that is being tried again and again', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.clock.pass(DAY);
    leg.timeOut();
    await pass(shop, 60);
    expect(shop.executions.started).toHaveLength(1);
    await leg.advance({ timedOut: true });
    expect((await shop.passage()).leg).toBe(1);
  });

  it('is not kept from other rows by one that cannot be read', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    const duePk = 'due#0';
    await shop.table.write({
      kind: 'put',
      row: { pk: 'C#broken', sk: 'J#cart##0001', duePk, due: '2026-01-01T00:00:00.000Z' },
    });
    shop.clock.pass(DAY);
    await pass(shop, 5);
    expect(leg.isPaused).toBe(false);
    expect(shop.metrics.counts['ReviewFailed']).toBe(5);
  });
});

describe('an execution that failed', () => {
  it('is followed by the next leg, which goes on where the passage stood', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    const { cursor } = await shop.passage();
    shop.executions.abort(leg.name);
    await recover(failedExecution(inputOf(shop)), shop.deps);
    const next = shop.leg();
    expect(await next.run()).toBe('parked');
    expect(await shop.passage()).toMatchObject({ leg: 2, cursor });
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(next.isPaused).toBe(false);
  });

  it('and of which a purchase was heard since, acts on it in the next leg', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(shop.metrics.counts['WakeLost']).toBe(1);
    await recover(failedExecution(inputOf(shop)), shop.deps);
    await shop.leg().run();
    expect((await shop.contact()).tags).toEqual(['bought']);
  });

  it('is followed by one leg, however often it is told of', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    const told = failedExecution(inputOf(shop));
    await recover(told, shop.deps);
    await recover(told, shop.deps);
    expect(shop.executions.started).toHaveLength(2);
    await shop.leg().run();
    await recover(told, shop.deps);
    expect(shop.executions.started).toHaveLength(2);
    expect((await shop.passage()).leg).toBe(2);
  });

  it('is followed by its leg when telling of it was cut off between the row and the start', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    const told = failedExecution(inputOf(shop));
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(recover(told, { ...shop.deps, table })).rejects.toThrow();
    expect(shop.executions.started).toHaveLength(1);
    await recover(told, shop.deps);
    expect(shop.executions.started).toHaveLength(2);
  });

  it('is followed by its leg within minutes even when nobody tells of it again', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(recover(failedExecution(inputOf(shop)), { ...shop.deps, table })).rejects.toThrow();
    await pass(shop, 5);
    expect(shop.executions.started).toHaveLength(2);
  });

  it('leaves a passage alone that is over', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    await leg.runOut();
    await leg.runOut();
    expect((await shop.passage()).state).toBe('finished');
    await recover(failedExecution(inputOf(shop)), shop.deps);
    expect(shop.executions.started).toHaveLength(1);
  });

  it.each([{}, { detail: { status: 'FAILED' } }, failedExecution({ who: 'else' })])(
    'that is not one of ours (%j) is put aside',
    async (told) => {
      const shop = await HandShop.open([]);
      await expect(recover(told, shop.deps)).rejects.toBeInstanceOf(Unprocessable);
    },
  );
});

describe('a passage whose every leg breaks off', () => {
  /** Publish does not let this step through, and the interpreter stops at it. */
  const broken = journey({
    goal: { if: { event: 'purchase' } },
    steps: [wait('first'), { type: 'skip', id: 'no', to: 'nowhere' }],
  });

  /** The present leg runs until it breaks off, and review is told. */
  async function breaksOff(shop: HandShop): Promise<void> {
    await expect(shop.leg().run()).rejects.toThrow('does not have');
    shop.executions.abort(shop.leg().name);
    await recover(failedExecution(inputOf(shop)), shop.deps);
  }

  async function stranded() {
    const shop = await HandShop.open([broken]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    shop.clock.pass(DAY);
    for (let leg = 1; leg <= 11; leg += 1) await breaksOff(shop);
    return shop;
  }

  it('is put aside after ten legs without a turn, and an alarm tells of it', async () => {
    const shop = await stranded();
    expect(shop.executions.started).toHaveLength(11);
    expect(await shop.passage()).toMatchObject({ state: 'inside', stranded: true, leg: 11 });
    expect(shop.metrics.counts['PassageStranded']).toBe(1);
    await recover(failedExecution(inputOf(shop)), shop.deps);
    expect(shop.executions.started).toHaveLength(11);
  });

  it('is tried again once a day for a month, and no more', async () => {
    const shop = await stranded();
    let tries = 0;
    for (let day = 0; day < 60; day += 1) {
      shop.clock.pass(DAY);
      const before = shop.executions.started.length;
      await shop.review();
      if (shop.executions.started.length === before) continue;
      tries += 1;
      await breaksOff(shop);
    }
    expect(tries).toBe(30);
    expect(await shop.review()).toBe(0);
  });

  it('goes on when it has been mended by then', async () => {
    const shop = await stranded();
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    shop.clock.pass(DAY);
    await shop.review();
    expect(await shop.leg().run()).toBe('finished');
    const passage = await shop.passage();
    expect(passage.state).toBe('converted');
    expect(passage.stranded).toBeUndefined();
  });
});

describe('a wake that meets no pause', () => {
  it('of an execution that is gone is mended within minutes, however long the pause was to be', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.executions.abort(leg.name);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    await pass(shop, 6);
    expect(shop.executions.started).toHaveLength(2);
    await shop.leg().run();
    expect((await shop.contact()).tags).toEqual(['bought']);
  });

  it('of an attempt that was given up, and of which no other came, is mended within minutes', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    leg.timeOut();
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(shop.metrics.counts['WakeLost']).toBeUndefined();
    await pass(shop, 6);
    expect(shop.executions.started).toHaveLength(2);
    await shop.leg().run();
    expect((await shop.contact()).tags).toEqual(['bought']);
  });

  it('since the pause has just ended at its moment leaves the rest to the turn that follows', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    shop.clock.pass(DAY);
    leg.timeOut();
    const { contact } = await shop.contact();
    const due = async () => (await shop.table.query({ pk: `C#${contact}`, prefix: 'J#' }))[0]?.['due'];
    const before = await due();
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(await due()).toBe(before);
  });
});

describe('a stale leg', () => {
  it('finishes silently, and moves nothing', async () => {
    const { shop, leg } = await begun();
    await leg.run();
    const told = failedExecution(inputOf(shop));
    await recover(told, shop.deps);
    const next = shop.leg();
    await next.run();
    const before = await shop.passage();
    leg.timeOut();
    await leg.advance({ timedOut: true });
    expect(await leg.pause()).toBe('finished');
    expect(await shop.passage()).toEqual(before);
    expect(next.isPaused).toBe(true);
  });
});
