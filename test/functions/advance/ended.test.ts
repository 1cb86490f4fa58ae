import { describe, expect, it } from 'vitest';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, tag } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { begun } from './begun.ts';

const DAY = 86_400_000;

describe('the end of a passage', () => {
  it('is one revision of the contact', async () => {
    const { shop, leg } = await begun(journey({ steps: [] }));
    const { rev } = await shop.contact();
    await leg.advance();
    expect((await shop.contact()).rev).toBe(rev + 1);
  });

  it('takes it off the profile, counts its outcome at the door, and watches for its goal to the end of the window', async () => {
    const { shop, leg } = await begun(
      journey({ goal: { if: { event: 'purchase' }, window: 'P7D' }, steps: [tag('x')] }),
    );
    const entered = shop.clock.now();
    await leg.advance();
    const { inside, watching, contact, tags } = await shop.contact();
    expect({ inside, watching, tags }).toEqual({
      inside: {},
      watching: { 'cart##1': { version: 1, until: plusMillis(entered, 7 * DAY) } },
      tags: ['x'],
    });
    const door = await shop.table.get({ pk: `C#${contact}`, sk: 'D#cart#' });
    expect(door).toMatchObject({ entries: 1, outcomes: { finished: { at: entered, n: 1 } } });
  });

  it('keeps its row for ninety days, and needs no review any more', async () => {
    const { shop, leg } = await begun(journey({ steps: [] }));
    const ended = Date.parse(shop.clock.now()) / 1000;
    await leg.advance();
    const { contact } = await shop.contact();
    const row = await shop.table.get({ pk: `C#${contact}`, sk: 'J#cart##0001' });
    expect(row).toMatchObject({ state: 'finished', expires: ended + 90 * 86_400 });
    expect(row).not.toHaveProperty('due');
  });

  it('keeps its row for ninety days after the window of its goal, however long that is', async () => {
    const { shop, leg } = await begun(journey({ goal: { if: { event: 'purchase' }, window: 'P120D' }, steps: [] }));
    await leg.advance();
    const { contact, watching } = await shop.contact();
    const { until = '' } = watching['cart##1'] ?? {};
    const row = await shop.table.get({ pk: `C#${contact}`, sk: 'J#cart##0001' });
    expect(row?.['expires']).toBe(Date.parse(until) / 1000 + 90 * 86_400);
    shop.clock.pass(119 * DAY);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect((await shop.passage()).state).toBe('converted');
  });

  it('counts a purchase within the window after it, once, and none later', async () => {
    const { shop, leg } = await begun(
      journey({ goal: { if: { event: 'purchase' }, window: 'P7D', value: 'total' }, steps: [] }),
    );
    await leg.advance();
    expect((await shop.passage()).state).toBe('finished');
    shop.clock.pass(7 * DAY);
    const bought = shop.clock.now();
    await shop.enrol(event('purchase', { id: 'first', at: bought, data: { total: 30 } }));
    await shop.enrol(event('purchase', { id: 'second', at: bought, data: { total: 70 } }));
    expect(await shop.passage()).toMatchObject({
      state: 'converted',
      outcome: 'converted',
      converted: { at: bought, event: 'first', value: 30 },
    });
    expect((await shop.contact()).watching).toEqual({});
    const late = await begun(journey({ goal: { if: { event: 'purchase' }, window: 'P7D' }, steps: [] }));
    await late.leg.advance();
    late.shop.clock.pass(7 * DAY + 1);
    await late.shop.enrol(event('purchase', { at: late.shop.clock.now() }));
    expect((await late.shop.passage()).state).toBe('finished');
  });

  it('counts the purchase itself where the goal sums them up', async () => {
    const goal = { if: { event: 'purchase', sum: 'total', gte: 50 } };
    const { shop, leg } = await begun(journey({ goal, steps: [] }));
    await leg.advance();
    for (const state of ['finished', 'converted']) {
      await shop.enrol(event('purchase', { at: plusMillis(shop.clock.now(), 1), data: { total: 30 } }));
      expect((await shop.passage()).state).toBe(state);
    }
  });

  it('that meets a purchase is one or the other, and the purchase counts', async () => {
    const { shop, leg } = await begun(journey({ goal: { if: { event: 'purchase' } }, steps: [tag('x')] }));
    const table = interrupted<Table>(shop.table, { methods: ['transact'], when: 'after' }, () =>
      shop.enrol(event('purchase', { at: shop.clock.now() })),
    );
    await leg.advance({ table });
    expect(await shop.passage()).toMatchObject({ state: 'converted' });
    expect((await shop.contact()).inside).toEqual({});
  });
});
