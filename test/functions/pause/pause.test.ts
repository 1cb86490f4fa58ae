import { describe, expect, it } from 'vitest';
import { pause } from '#functions/pause/pause.ts';
import { Conflict, FINISHED } from '#shared/errors.ts';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, waitFor } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const DAY = 86_400_000;
const waiting = journey({ goal: { if: { event: 'purchase' } }, steps: [waitFor('w', { event: 'page.viewed' })] });

async function advanced(definition = waiting) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  return { shop, leg, output: await leg.advance() };
}

describe('a pause', () => {
  it('parks its token, and changes nothing that was heard', async () => {
    const { shop, leg } = await advanced();
    const before = await shop.passage();
    expect(await leg.pause()).toBe('parked');
    expect(await shop.passage()).toEqual({ ...before, token: leg.token, attempt: 0 });
  });

  it('that is tried again parks its new token over the old one', async () => {
    const { shop, leg } = await advanced();
    await leg.pause();
    await leg.pause();
    expect((await shop.passage()).token).toBe('token-2');
  });

  it('whose first attempt lives on keeps the token of its second', async () => {
    const { shop, leg } = await advanced();
    // The state machine has lost the connection to the first attempt, and tries again before that has parked.
    const table = interrupted<Table>(shop.table, { methods: ['write'] }, () => leg.pause());
    expect(await leg.pause({ table })).toBe('overtaken');
    expect((await shop.passage()).token).toBe(leg.token);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(leg.isPaused).toBe(false);
  });

  it('of an execution that does not count its attempts parks over any older token', async () => {
    const { shop, leg, output } = await advanced();
    await leg.pause();
    const token = shop.executions.newToken();
    expect(await pause({ ...output, token }, shop.deps)).toBe('parked');
    expect((await shop.passage()).token).toBe(token);
  });

  it('whose answer was lost finds its own token, and leaves it', async () => {
    const { shop, leg, output } = await advanced();
    await leg.pause();
    expect(await pause({ ...output, token: leg.token, attempt: 0 }, shop.deps)).toBe('parked');
  });

  it('of an earlier turn answers its own token, and leaves the later one', async () => {
    const { shop, leg, output } = await advanced();
    await leg.pause();
    shop.clock.pass(1000);
    await leg.advance();
    await leg.pause();
    const { token } = await shop.passage();
    const stale = shop.executions.newToken();
    expect(await pause({ ...output, token: stale }, shop.deps)).toBe('woken');
    expect((await shop.passage()).token).toBe(token);
    expect(leg.isPaused).toBe(true);
  });

  it('whose moment has come already wakes itself', async () => {
    const { shop, leg } = await advanced();
    shop.clock.pass(DAY);
    expect(await leg.pause()).toBe('woken');
  });

  it('of a passage that is over ends its execution', async () => {
    const { shop, leg } = await advanced(journey({ steps: [] }));
    const said: string[] = [];
    const fail = async (token: string, error: string, cause: string) => {
      said.push(error, cause);
      return shop.executions.fail(token);
    };
    const executions = { start: shop.executions.start, succeed: shop.executions.succeed, fail };
    const { contact } = await shop.contact();
    const ended = { contact, journey: 'cart', key: '', n: 1, leg: 1, turn: 1, wakeAt: shop.clock.now() };
    const token = shop.executions.newToken();
    expect(await pause({ ...ended, token }, { ...shop.deps, executions })).toBe('finished');
    expect(said).toEqual([FINISHED, 'the passage is over, or goes on in a later leg']);
    expect(await leg.pause()).toBe('finished');
  });

  it("of a leg that is no longer the passage's ends its execution, and leaves the token of the later one", async () => {
    const { shop, leg, output } = await advanced();
    await leg.pause();
    const token = shop.executions.newToken();
    expect(await pause({ ...output, leg: output.leg - 1, token, attempt: 1 }, shop.deps)).toBe('finished');
    expect(leg.isPaused).toBe(true);
  });

  it('of a passage whose row is gone ends its execution', async () => {
    const { shop, output } = await advanced();
    expect(await pause({ ...output, n: output.n + 1, token: shop.executions.newToken() }, shop.deps)).toBe('finished');
  });

  it('of the same attempt with another token parks nothing over the first', async () => {
    const { shop, leg, output } = await advanced();
    await leg.pause();
    const token = shop.executions.newToken();
    expect(await pause({ ...output, token, attempt: 0 }, shop.deps)).toBe('overtaken');
    expect((await shop.passage()).token).toBe(leg.token);
  });

  it.each(['conflict', 'throttle'] as const)('that meets another writer (%s) looks again and parks', async (fault) => {
    const { shop, leg } = await advanced();
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? fault : undefined));
    expect(await leg.pause({ table })).toBe('parked');
    expect((await shop.passage()).token).toBe(leg.token);
  });

  it('that meets one again and again is left to the state machine', async () => {
    const { shop, leg } = await advanced();
    const writes: number[] = [];
    const table = new FaultyTable(shop.table, ({ write }) => {
      if (write === undefined) return undefined;
      writes.push(write);
      return 'conflict';
    });
    await expect(leg.pause({ table })).rejects.toThrow(new Conflict('pause 1 was disturbed 8 times'));
    expect(writes).toHaveLength(8);
    expect(await leg.pause()).toBe('parked');
  });

  it.each(['crash-before', 'crash-after', 'lost'] as const)(
    'that was cut off (%s) and is tried again is woken by what comes after',
    async (fault) => {
      const { shop, leg } = await advanced();
      const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? fault : undefined));
      await expect(leg.pause({ table })).rejects.toThrow(fault === 'lost' ? 'lost' : Crash);
      await leg.pause();
      await shop.enrol(event('purchase', { at: shop.clock.now() }));
      expect(leg.isPaused).toBe(false);
      await leg.run();
      expect((await shop.passage()).state).toBe('converted');
    },
  );
});
