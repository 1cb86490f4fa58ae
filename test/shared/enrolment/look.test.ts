import { beforeEach, describe, expect, it } from 'vitest';
import { aliasOf } from '#shared/contact/merge.ts';
import { lookAt } from '#shared/enrolment/look.ts';
import { Conflict } from '#shared/errors.ts';
import { lookKey, profileKey } from '#shared/store/keys.ts';
import { lookSoon, putLook } from '#shared/store/looks.ts';
import { putProfile } from '#shared/store/profiles.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { meanwhile } from '#test/build/table.ts';

const HOUR = 3_600_000;
const vip = journey({ goal: { if: { tag: 'vip' }, window: 'P7D' }, steps: [wait('w', 'P30D')] });
const over = journey({ goal: { if: { tag: 'vip' }, window: 'P7D' }, steps: [tag('done')] });

let shop: HandShop;
let contact: string;

/** Ann is inside a journey, or through it; then she is tagged by somebody who asks for a look. */
async function tagged(definition: typeof vip): Promise<void> {
  shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated'));
  await shop.leg().run();
  ({ contact } = await shop.contact());
  await change([['tags'], ['vip']]);
  await shop.table.write(lookSoon(contact, shop.clock.now()));
}
const change = (...set: [[string], readonly string[] | number][]) =>
  shop.table.write({ kind: 'update', key: profileKey(contact), change: { set } });
const look = (table: Table = shop.table) => lookAt(contact, { ...shop.deps, table });
const asked = () => shop.table.get(lookKey(contact, 'soon'));

describe('a look at a contact', () => {
  beforeEach(() => tagged(vip));

  it('tells the passage what has become true, wakes it, and is used up', async () => {
    const { rev } = await shop.contact();
    await look();
    expect((await shop.passage()).heard).toEqual({
      '!goal/state': { n: 1, event: `look-${rev}`, type: 'look', at: shop.clock.now() },
    });
    expect(await asked()).toBeUndefined();
    expect(await shop.leg().run()).toBe('finished');
    expect(await shop.passage()).toMatchObject({ state: 'converted' });
  });

  it('has review look at the passage within minutes, should the hint be lost', async () => {
    const succeed = () => Promise.reject(new Error('the function dies'));
    await expect(lookAt(contact, { ...shop.deps, executions: { ...shop.executions, succeed } })).rejects.toThrow(
      'dies',
    );
    const row = await shop.table.get({ pk: `C#${contact}`, sk: 'J#cart##0001' });
    expect(row?.['due']).toBe(plusMillis(shop.clock.now(), 5 * 60_000));
  });

  it('changes nothing of the profile where nothing of it changes', async () => {
    const { rev } = await shop.contact();
    await look();
    expect((await shop.contact()).rev).toBe(rev);
  });

  it('is taken again where somebody has asked for another meanwhile', async () => {
    let others = 0;
    await look(
      meanwhile(shop.table, async () => {
        others += 1;
        if (others === 1) await shop.table.write(lookSoon(contact, shop.clock.now()));
      }),
    );
    expect(others).toBeGreaterThan(1);
    expect(await asked()).toBeUndefined();
  });

  it('is left to the next run where others are faster five times', async () => {
    const began = Date.parse(shop.clock.now());
    let tries = 0;
    const busy = meanwhile(shop.table, () => {
      tries += 1;
      throw new Conflict('busy');
    });
    await expect(look(busy)).rejects.toThrow('a look at a contact met other writers 5 times');
    expect([tries, Date.parse(shop.clock.now()) - began]).toEqual([5, 20 * (2 ** 5 - 1)]);
    expect(await asked()).toBeDefined();
  });

  it('meets a table that fails for another reason only once', async () => {
    const began = shop.clock.now();
    const broken = meanwhile(shop.table, () => {
      throw new Error('no route');
    });
    await expect(look(broken)).rejects.toThrow('no route');
    expect(shop.clock.now()).toBe(began);
  });
});

describe('a look at who is not there', () => {
  beforeEach(() => tagged(vip));

  it('any more is used up, and arranges nothing', async () => {
    await shop.table.write(putLook(contact, shop.clock.now()));
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await look();
    expect(shop.scan().filter(({ sk }) => sk.startsWith('L#'))).toEqual([]);
  });

  it('by that name any more is one at who they are now', async () => {
    const before = await shop.contact();
    await shop.table.write(putProfile(profile({ contact: 'b' }), undefined));
    await shop.table.write(putProfile(aliasOf(before, 'b', 'e'), before));
    await shop.table.write(lookSoon(contact, shop.clock.now(), 2));
    await look();
    expect(shop.scan().filter(({ sk }) => sk.startsWith('L#'))).toMatchObject([
      { pk: 'C#b', sk: 'L#soon', n: 1, hops: 2, due: shop.clock.now() },
    ]);
  });
});

describe('the goal of a passage that is over', () => {
  beforeEach(() => tagged(over));

  it('counts by what a look finds, and is watched no more', async () => {
    expect(Object.keys((await shop.contact()).watching)).toEqual(['cart##1']);
    await look();
    expect(await shop.passage()).toMatchObject({ state: 'converted', converted: { at: shop.clock.now() } });
    expect(await shop.contact()).toEqual(expect.objectContaining({ watching: {}, inside: {} }));
  });

  it.each([
    ['to the end of its window', 7 * 24 * HOUR, 'converted'],
    ['and not after it', 7 * 24 * HOUR + 1, 'finished'],
  ])('counts %s', async (_, millis, state) => {
    shop.clock.pass(millis);
    await look();
    expect((await shop.passage()).state).toBe(state);
  });

  it('does not count where it is not reached', async () => {
    await change([['tags'], ['other']]);
    await look();
    expect((await shop.passage()).state).toBe('finished');
    expect(Object.keys((await shop.contact()).watching)).toEqual(['cart##1']);
  });
});

describe('the next look by time', () => {
  // Ann lives in Warsaw, where it is ten; five hours later it is three.
  const timed = { if: { all: [{ tag: 'vip' }, { now: { from: '15:00', to: '16:00' } }] }, window: 'P7D' };

  it('is when the goal of a passage that is over may come true, and stands on the profile', async () => {
    await tagged(journey({ goal: timed, steps: [tag('done')] }));
    await look();
    const moment = plusMillis(shop.clock.now(), 5 * HOUR);
    expect((await shop.contact()).look).toBe(moment);
    expect((await shop.table.get(lookKey(contact, 'time')))?.['due']).toBe(moment);
    shop.clock.pass(5 * HOUR);
    await look();
    expect((await shop.passage()).state).toBe('converted');
    expect(await shop.contact()).not.toHaveProperty('look');
    expect(await shop.table.get(lookKey(contact, 'time'))).toBeUndefined();
  });

  it('is none for a passage that goes on, which looks by itself', async () => {
    await tagged(journey({ goal: timed, steps: [wait('w', 'P30D')] }));
    await look();
    expect(await shop.contact()).not.toHaveProperty('look');
  });
});
