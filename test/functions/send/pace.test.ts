import { describe, expect, it } from 'vitest';
import { type PaceDeps, reserve, slotAt, until } from '#functions/send/pace.ts';
import { Conflict } from '#shared/errors.ts';
import { changeFlow, loadFlow } from '#shared/store/flow.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { meanwhile, memoryTable } from '#test/build/table.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const at = (millis: number) => plusMillis(NOW, millis);

/** A sender; `next` is the first slot that nobody has taken yet. */
async function sender(next?: Instant, given: Partial<PaceDeps> = {}) {
  const { table, clock } = memoryTable();
  if (next !== undefined) await table.write(changeFlow({ set: [[['next'], next]] }));
  const sleeps: number[] = [];
  const deps: PaceDeps = {
    ...{ table, rate: 10, claimant: 'test' },
    clock: {
      now: clock.now,
      sleep: async (ms) => {
        sleeps.push(ms);
        clock.pass(ms);
      },
    },
    ...given,
  };
  const take = (lane: 'marketing' | 'transactional', wanted: number, within: number) =>
    reserve(lane, wanted, plusMillis(clock.now(), within), deps);
  return { take, table, clock, deps, sleeps };
}

describe('a lane takes slots', () => {
  it.each<['marketing' | 'transactional', number, number, number]>([
    ['transactional', 3, 1000, 3],
    ['transactional', 100, 1000, 11],
    ['transactional', 100, 0, 1],
    ['transactional', 100, 1099, 11],
    ['transactional', 100, 1100, 12],
    ['marketing', 100, 30_000, 10],
    ['marketing', 100, 500, 6],
  ])('%s: of %i wanted within %i ms, so many as begin by then: %i', async (lane, wanted, within, count) => {
    const { take, table } = await sender();
    expect(await take(lane, wanted, within)).toMatchObject({ first: NOW, count, rate: 10 });
    expect(await loadFlow(table)).toMatchObject({
      ...{ next: at(count * 100), reserved: count },
      day: { date: '2026-03-02', mails: count },
    });
  });

  it('of marketing one at least, however slow the account', async () => {
    const { take } = await sender(undefined, { rate: 0.5 });
    expect(await take('marketing', 5, 30_000)).toMatchObject({ count: 1 });
  });

  it('after those that are taken, and together never more than the rate', async () => {
    const { take } = await sender(undefined, { rate: 3 });
    const [one, two] = [await take('transactional', 2, 9000), await take('transactional', 2, 9000)];
    if (typeof one === 'string' || typeof two === 'string') throw new Error('late');
    expect(slotAt(one, 1)).toBe(at(333));
    expect(two.first).toBe(at(667));
  });

  it('from now on where the last lie behind', async () => {
    const { take } = await sender(at(-9000));
    expect(await take('marketing', 1, 1000)).toMatchObject({ first: NOW });
  });

  it('and each of the day counts, of another day none', async () => {
    const { take, table, clock } = await sender();
    await take('transactional', 2, 9000);
    await take('transactional', 3, 9000);
    expect((await loadFlow(table)).day).toEqual({ date: '2026-03-02', mails: 5 });
    clock.pass(86_400_000);
    await take('transactional', 1, 9000);
    expect(await loadFlow(table)).toMatchObject({ reserved: 6, day: { date: '2026-03-03', mails: 1 } });
  });
});

describe('a lane that is behind others', () => {
  it.each([
    [4999, 'late'],
    [5000, { first: at(5000), count: 1 }],
  ])('has a slot where that begins within %i ms', async (within, taken) => {
    const { take, sleeps } = await sender(at(5000));
    const got = await take('transactional', 9, within);
    if (typeof taken === 'string') expect(got).toBe(taken);
    else expect(got).toMatchObject(taken);
    expect(sleeps).toEqual([]);
  });

  it('of marketing waits until it is a second behind the clock, so that no order is behind more than that', async () => {
    const { take, sleeps } = await sender(at(5000));
    expect(await take('marketing', 1, 9000)).toMatchObject({ first: at(5000), count: 1 });
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]).toBeGreaterThanOrEqual(4000);
    expect(sleeps[0]).toBeLessThan(4064);
    const close = await sender(at(1000));
    await close.take('marketing', 1, 9000);
    expect(close.sleeps).toEqual([]);
  });

  it('of orders waits, too, where it is very far behind', async () => {
    const { take, sleeps } = await sender(at(12_000));
    expect(await take('transactional', 1, 30_000)).toMatchObject({ first: at(12_000) });
    expect(sleeps[0]).toBeGreaterThanOrEqual(2000);
    expect(sleeps[0]).toBeLessThan(2064);
  });
});

describe('a plan for a new domain', () => {
  const warmUp = { since: '2026-03-02', perDay: [2, 5] } as never;

  it('is for marketing alone, which rests until tomorrow after that', async () => {
    const { take, table } = await sender(undefined, { warmUp });
    expect(await take('transactional', 5, 9000)).toMatchObject({ count: 5 });
    const { table: other, take: market } = await sender(undefined, { warmUp });
    expect(await market('marketing', 5, 9000)).toMatchObject({ count: 2 });
    expect(await market('marketing', 1, 9000)).toBe('warm-up');
    expect(await loadFlow(other)).toMatchObject({
      ...{ warm: { until: '2026-03-03T00:00:00.000Z' }, due: '2026-03-03T00:00:00.000Z' },
    });
    expect(await loadFlow(table)).not.toHaveProperty('warm');
    expect(await market('transactional', 1, 9000)).toMatchObject({ count: 1 });
  });
});

it('who meets others at the row tries again after a moment that grows, and fails with the table', async () => {
  const { table, deps, sleeps } = await sender();
  let tries = 0;
  const busy = meanwhile(table, () => {
    tries += 1;
    if (tries < 4) throw new Conflict('busy');
  });
  expect(await reserve('marketing', 1, at(9000), { ...deps, table: busy })).toMatchObject({ count: 1 });
  expect(sleeps).toEqual([5, 10, 15]);
  const broken = meanwhile(table, () => {
    throw new Error('no route');
  });
  await expect(reserve('marketing', 1, at(9000), { ...deps, table: broken })).rejects.toThrow('no route');
});

it('two who take slots in one moment take different ones', async () => {
  const { table, take, deps } = await sender();
  let other: unknown;
  const meeting = meanwhile(table, async () => {
    other ??= await take('transactional', 2, 9000);
  });
  const own = await reserve('transactional', 2, at(9000), { ...deps, table: meeting });
  expect([other, own]).toMatchObject([{ first: NOW }, { first: at(200) }]);
});

it('a moment that has come is not waited for', async () => {
  const { deps, sleeps, clock } = await sender();
  await until(deps.clock, NOW);
  await until(deps.clock, at(-1));
  expect(sleeps).toEqual([]);
  await until(deps.clock, at(70));
  expect([sleeps, toMillis(clock.now()) - toMillis(NOW)]).toEqual([[70], 70]);
});
