import { beforeEach, describe, expect, it } from 'vitest';
import { walk } from '#functions/walk/walk.ts';
import { INSIDE_MARKETING } from '#shared/contact/profile.ts';
import { appointmentKey, DIRECTORY_SHARDS } from '#shared/store/keys.ts';
import { putProfile } from '#shared/store/profiles.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { Table } from '#shared/store/table.ts';
import { loadWalk, putWalk, WALK_TASKS } from '#shared/store/walks.ts';
import { edit, told } from '#test/build/edit.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { inside, MOVE } from '#test/build/moved.ts';
import { profile } from '#test/build/profile.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const birthday = journey({
  trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' },
  steps: [wait('w')],
});
const ONE = { journey: 'cart', name: 'dates#1', shard: 5, to: 6 };

/** Contacts that lie in one shard of the directory. */
function contactsIn(shard: number, count: number): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i += 1)
    if (shardOf(`contact-${i}`, DIRECTORY_SHARDS) === shard) found.push(`contact-${i}`);
  return found;
}

describe('a shard of the directory', () => {
  let shop: HandShop;
  let reads: number;
  let table: Table;

  const put = async (contacts: readonly string[], given: object = {}) => {
    for (const contact of contacts)
      await shop.table.write(putProfile(profile({ contact, traits: { birthday: '1990-05-01' }, ...given }), undefined));
  };
  const arranged = async (contacts: readonly string[]) =>
    (await shop.table.batchGet(contacts.map((contact) => appointmentKey(contact, 'cart', '')))).filter(Boolean).length;
  const done = async () => Object.keys((await loadWalk(shop.table, 'cart', 'dates#1'))?.done ?? {});

  beforeEach(async () => {
    shop = await HandShop.open([birthday]);
    const now = shop.clock.now();
    await shop.table.write(putWalk({ journey: 'cart', name: 'dates#1', task: 'dates', from: now }, now));
    reads = 0;
    table = interrupted<Table>(shop.table, { methods: ['queryIndex'], nth: 'each' }, () => {
      reads += 1;
    });
  });

  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [230, 3],
  ])('with %i contacts is walked to its end, page by page', async (count, pages) => {
    const contacts = contactsIn(5, count);
    await put(contacts);
    expect(await walk(ONE, { ...shop.deps, table })).toBe(count);
    expect(await arranged(contacts)).toBe(count);
    expect(reads).toBe(pages);
    expect(await done()).toEqual(['5']);
    expect(shop.walking.take()).toEqual([]);
  });

  it('is gone on with where a call ran out of time, to its end', async () => {
    const contacts = contactsIn(5, 150);
    const next = contactsIn(6, 9);
    await put([...contacts, ...next]);
    const slow = interrupted<Table>(shop.table, { methods: ['queryIndex'], nth: 'each' }, () =>
      shop.clock.pass(20_000),
    );
    expect(await walk({ ...ONE, to: 7 }, { ...shop.deps, table: slow })).toBe(100);
    const [rest, ...more] = shop.walking.take();
    expect(rest).toMatchObject({ ...ONE, to: 7, after: { sk: 'PROFILE' } });
    expect([more, await done(), await arranged(contacts)]).toEqual([[], [], 100]);
    expect(await walk(rest, shop.deps)).toBe(50 + 9);
    expect([await done(), await arranged(contacts), await arranged(next)]).toEqual([['5', '6'], 150, 9]);
  });

  it('that fails in the middle comes again from where its call began', async () => {
    const contacts = contactsIn(5, 150);
    await put(contacts);
    const [first] = await shop.table.queryIndex({ index: 'directory', pk: 'dir#5', limit: 1 });
    const failing = interrupted<Table>(shop.table, { methods: ['queryIndex'], nth: 2 }, () => {
      throw new Error('no route');
    });
    expect(await walk({ ...ONE, to: 7, after: first }, { ...shop.deps, table: failing })).toBe(0);
    expect(shop.walking.take()).toEqual([{ ...ONE, after: first }]);
    expect(await done()).toEqual(['6']);
  });

  it('passes by who was merged since, and is of no use for a walk or a journey that is gone', async () => {
    const contacts = contactsIn(5, 3);
    await put(contacts.slice(0, 2));
    const [first = ''] = contacts;
    const before = profile({ contact: first });
    await shop.table.write({
      kind: 'update',
      key: { pk: `C#${first}`, sk: 'PROFILE' },
      change: { set: [[['mergedInto'], 'x']] },
      if: { equals: { rev: before.rev } },
    });
    expect(await walk(ONE, shop.deps)).toBe(2);
    expect(await arranged(contacts)).toBe(1);
    expect(await walk({ ...ONE, name: 'dates#9' }, shop.deps)).toBe(0);
    const now = shop.clock.now();
    await shop.table.write(putWalk({ journey: 'gone', name: 'dates#1', task: 'dates', from: now }, now));
    await walk({ ...ONE, journey: 'gone' }, shop.deps);
    expect(await arranged(contacts)).toBe(1);
  });

  it.each([
    ['before the first', { shard: -1 }],
    ['after the last', { shard: DIRECTORY_SHARDS, to: DIRECTORY_SHARDS + 1 }],
  ])('%s is none', async (_, given) => {
    await expect(walk({ ...ONE, ...given }, shop.deps)).rejects.toThrow();
  });
});

it.each(WALK_TASKS)('a walk for %s says nothing to contacts whom it does not concern', async (task) => {
  const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
  const now = shop.clock.now();
  const [contact = ''] = contactsIn(5, 1);
  await shop.table.write(putProfile(profile({ contact, traits: { birthday: '1990-05-01' } }), undefined));
  await shop.table.write(putWalk({ journey: 'cart', name: 'w#1', task, from: now, occurrence: '2026-03-02' }, now));
  const before = shop.scan().filter(({ pk }) => pk.startsWith('C#'));
  expect(await walk({ ...ONE, name: 'w#1' }, shop.deps)).toBe(1);
  expect(shop.scan().filter(({ pk }) => pk.startsWith('C#'))).toEqual(before);
  expect(shop.executions.started).toEqual([]);
});

describe('a walk counts', () => {
  it('who stays on their version, since the edit leads nowhere from where they stand', async () => {
    const { shop } = await inside(journey({ steps: [wait('think', 'P2D'), tag('old')] }));
    await edit(shop, journey({ publish: MOVE, steps: [tag('new')] }), 2);
    await told(shop);
    expect(shop.metrics.counted).toEqual([['PassageNotMoved', 1, { journey: 'cart' }]]);
  });

  it('nothing of who is moved', async () => {
    const { shop } = await inside(journey({ steps: [wait('think', 'P2D'), tag('old')] }));
    await edit(shop, journey({ publish: MOVE, steps: [wait('think', 'P3D')] }), 2);
    await told(shop);
    expect(shop.metrics.counted).toEqual([]);
  });

  it('whom a broadcast misses because they are in too many journeys', async () => {
    const shop = await HandShop.open([
      journey({
        trigger: { type: 'schedule', segment: 'all', at: '2026-03-02T10:00', zone: 'shop' },
        steps: [wait('w')],
      }),
    ]);
    const now = shop.clock.now();
    const [contact = ''] = contactsIn(5, 1);
    const busy = Object.fromEntries(Array.from({ length: INSIDE_MARKETING }, (_, i) => [`j${i}##1`, 1]));
    await shop.table.write(putProfile(profile({ contact, inside: busy }), undefined));
    const given = { task: 'schedule', occurrence: '2026-03-02', from: now } as const;
    await shop.table.write(putWalk({ journey: 'cart', name: 'schedule#1', ...given }, now));
    await walk({ ...ONE, name: 'schedule#1' }, shop.deps);
    expect(shop.metrics.counted).toEqual([
      ['EntryRefused', 1, { journey: 'cart', reason: 'too-many' }],
      ['TooManyPassages', 1, { journey: 'cart' }],
    ]);
  });
});
