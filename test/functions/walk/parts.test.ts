import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { walk } from '#functions/walk/walk.ts';
import { DIRECTORY_SHARDS, walkKey } from '#shared/store/keys.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Table } from '#shared/store/table.ts';
import { HINT_AGAIN, loadWalk, putWalk } from '#shared/store/walks.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';

const [JOURNEY, NAME] = ['cart', 'dates#1'];
const MINUTE = 60_000;

describe('a walk', () => {
  let shop: HandShop;
  beforeEach(async () => {
    shop = await HandShop.open([journey({ steps: [wait('w')] })]);
    const now = shop.clock.now();
    await shop.table.write(putWalk({ journey: JOURNEY, name: NAME, task: 'dates', from: now }, now));
  });
  const done = async (): Promise<number[]> =>
    Object.keys((await loadWalk(shop.table, JOURNEY, NAME))?.done ?? {})
      .map(Number)
      .sort((a, b) => a - b);
  const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);
  const part = { journey: JOURNEY, name: NAME, shard: 0, to: 16 };
  /** Each look at a shard takes so long. */
  const slowly = (milliseconds: number): Table => ({
    ...bound(shop.table),
    queryIndex: async (range) => {
      shop.clock.pass(milliseconds);
      return shop.table.queryIndex(range);
    },
  });
  const bound = (table: Table): Table => ({
    get: (key, options) => table.get(key, options),
    batchGet: (keys) => table.batchGet(keys),
    query: (range) => table.query(range),
    queryIndex: (range) => table.queryIndex(range),
    write: (one) => table.write(one),
    transact: (writes) => table.transact(writes),
  });

  it('goes through the directory in sixteen messages of sixteen shards', async () => {
    await shop.review();
    expect(shop.walking.bodies).toHaveLength(16);
    expect(shop.walking.bodies).toContainEqual({ ...part, shard: 240, to: 256 });
    await shop.walk();
    expect(await done()).toEqual(upTo(DIRECTORY_SHARDS));
    expect(await shop.table.get(walkKey(JOURNEY, NAME))).not.toHaveProperty('due');
  });

  it('that runs out of time notes what is through and leaves the rest to the next call', async () => {
    await walk(part, { ...shop.deps, table: slowly(7000) });
    expect(await done()).toEqual([0, 1, 2]);
    expect(shop.walking.take()).toEqual([{ ...part, shard: 3 }]);
  });

  it('leaves the rest to the next call also where its time is just over', async () => {
    await walk(part, { ...shop.deps, table: slowly(10_000) });
    expect(await done()).toEqual([0, 1]);
    expect(shop.walking.take()).toEqual([{ ...part, shard: 2 }]);
  });

  it('leaves nothing where its time is over with its last shard, the last of all too', async () => {
    const last = { ...part, shard: DIRECTORY_SHARDS - 2, to: DIRECTORY_SHARDS };
    await walk(last, { ...shop.deps, table: slowly(15_000) });
    expect(await done()).toEqual([DIRECTORY_SHARDS - 2, DIRECTORY_SHARDS - 1]);
    expect(shop.walking.take()).toEqual([]);
  });

  it('is hinted again for what is not through, and does nothing twice that is', async () => {
    await walk(part, shop.deps);
    await walk({ ...part, shard: 16, to: 20 }, shop.deps);
    shop.clock.pass(HINT_AGAIN + MINUTE);
    await shop.review();
    expect(shop.walking.bodies).toHaveLength(15);
    expect(shop.walking.bodies[0]).toEqual({ ...part, shard: 20, to: 32 });
    const before = await shop.table.get(walkKey(JOURNEY, NAME));
    const unseen: Table = { ...bound(shop.table), queryIndex: () => Promise.reject(new Error('looked at once more')) };
    expect(await walk(part, { ...shop.deps, table: unseen })).toBe(0);
    expect(await shop.table.get(walkKey(JOURNEY, NAME))).toEqual(before);
  });

  it('leads through the other shards where one has a contact who cannot be visited, and tries that by itself', async () => {
    await shop.enrol(event('cart.updated'));
    const { contact } = await shop.contact();
    const broken = { pk: `C#${contact}`, sk: 'PROFILE' };
    await shop.table.write({ kind: 'update', key: broken, change: { set: [[['consents'], 'broken']] } });
    const all = { journey: JOURNEY, name: NAME, shard: 0, to: DIRECTORY_SHARDS };
    await walk(all, shop.deps);
    const left = shardOf(contact, DIRECTORY_SHARDS);
    expect(await done()).toEqual(upTo(DIRECTORY_SHARDS).filter((shard) => shard !== left));
    const alone = { ...all, shard: left, to: left + 1 };
    expect(shop.walking.take()).toEqual([alone]);
    await expect(walk(alone, shop.deps)).rejects.toThrow(z.ZodError);
    expect(shop.walking.take()).toEqual([]);
  });

  it('understands a message of before, which is about one shard', async () => {
    await walk({ journey: JOURNEY, name: NAME, shard: 7 }, shop.deps);
    expect(await done()).toEqual([7]);
  });
});
