import { expect, it } from 'vitest';
import { audit } from '#functions/audit/audit.ts';
import type { AuditState } from '#shared/store/audit.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';
import { auditOnce, DAY, HOUR, MINUTE } from './story.ts';

const CONTACTS = 30;

/** A shop in which every contact waits, and nobody would wake any of them. */
async function asleep(): Promise<HandShop> {
  const shop = await HandShop.open([journey({ steps: [wait('long', 'P90D')] })]);
  for (let i = 0; i < CONTACTS; i += 1) {
    await shop.enrol(event('cart.updated', { identities: { email: `c${i}@shop.example` } }));
    await shop.leg().run();
  }
  for (const { pk, sk } of shop.scan().filter((row) => row.sk.startsWith('J#')))
    await shop.table.write({ kind: 'update', key: { pk, sk }, change: { remove: [['duePk'], ['due']] } });
  return shop;
}

const isThrough = ({ round }: AuditState): boolean => round.shard >= 256;
const unwatched = (shop: HandShop): number =>
  shop.scan().filter((row) => row.sk.startsWith('J#') && row['due'] === undefined).length;

it('looks at nobody after its time is over, and goes on there with the next run', async () => {
  const shop = await asleep();
  await auditOnce(shop);
  shop.clock.pass(DAY);
  let state: AuditState | undefined;
  let [runs, most, pages] = [0, 0, 0];
  const mended = new Set<number>();
  // Each page of an index takes a second of the shop's clock.
  const table = interrupted(shop.table, { methods: ['queryIndex'], nth: 'each' }, () => {
    pages += 1;
    shop.clock.pass(1000);
  });
  for (; runs < 40 && !(state && isThrough(state)); runs += 1) {
    pages = 0;
    state = await audit(plusMillis(shop.clock.now(), 20_000), { ...shop.deps, table });
    most = Math.max(most, pages);
    mended.add(state.mended.unwatched ?? 0);
  }
  expect(most).toBeLessThanOrEqual(20);
  expect(runs).toBeGreaterThan(10);
  expect(state?.mended).toEqual({ unwatched: CONTACTS });
  expect(mended.size).toBeGreaterThan(3);
});

it('looks at contacts as the time of day goes on, and at each once', async () => {
  const shop = await asleep();
  await auditOnce(shop);
  const looked: number[] = [];
  let mended = 0;
  for (let run = 0; run < 24; run += 1) {
    shop.clock.pass(HOUR);
    const state = await auditOnce(shop);
    looked.push(state.round.shard);
    mended += state.mended.unwatched ?? 0;
  }
  expect(looked.slice(0, 3)).toEqual([11, 22, 33]);
  expect(looked.at(-1)).toBe(256);
  expect(mended).toBe(CONTACTS);
});

it('begins anew a day after it began', async () => {
  const shop = await asleep();
  await auditOnce(shop);
  shop.clock.pass(DAY);
  const first = await auditOnce(shop);
  shop.clock.pass(5 * MINUTE);
  const second = await auditOnce(shop);
  expect([isThrough(first), second.round.shard, second.round.at]).toEqual([true, 0, shop.clock.now()]);
});

it('does again what a run had done that broke off, wherever it did', async () => {
  const began = async () => {
    const shop = await asleep();
    await auditOnce(shop);
    shop.clock.pass(DAY);
    return shop;
  };
  const whole = await began();
  const counting = new FaultyTable(whole.table, () => undefined);
  await auditOnce(whole, { table: counting });
  const all = counting.calls.length;
  for (const place of [1, 40, 100, Math.floor(all / 2), all - 20, all]) {
    const shop = await began();
    const dying = new FaultyTable(shop.table, ({ n }) => (n === place ? 'crash-before' : undefined));
    await expect(auditOnce(shop, { table: dying })).rejects.toThrow(Crash);
    expect(isThrough(await auditOnce(shop))).toBe(true);
    expect(unwatched(shop)).toBe(0);
  }
});

it('leaves the numbers of the slower of two runs out', async () => {
  const shop = await asleep();
  await auditOnce(shop);
  shop.clock.pass(DAY);
  const table = interrupted(shop.table, { methods: ['query'] }, () => auditOnce(shop));
  await auditOnce(shop, { table });
  expect((await auditOnce(shop)).mended).toEqual({ unwatched: CONTACTS });
});
