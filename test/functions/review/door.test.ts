import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { doorKey, profileKey } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;
const START = '2026-03-02T09:00:00.000Z';
const abandoned = journey({
  trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' },
  entry: { if: { consent: 'offers' }, again: { after: 'P7D' } },
  goal: { if: { event: 'purchase' } },
  steps: [wait('think')],
});
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const at = (minutes: number) => plusMillis(START, minutes * MINUTE);
const cart = (minutes: number, given = {}) => event('cart.updated', { at: at(minutes), consents: YES, ...given });

/** Lets time go to a minute after the start, with review in each. */
async function goTo(shop: HandShop, minute: number): Promise<void> {
  while (shop.clock.now() < at(minute)) {
    shop.clock.pass(MINUTE);
    await shop.review();
  }
}

const entries = async (shop: HandShop) =>
  (await shop.passages()).map(({ entered, trigger }) => [entered, trigger.event]);

describe('quiet time', () => {
  it('is over that long after the last match, whose data it takes', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    await goTo(shop, 30);
    const last = cart(30);
    await shop.enrol(last);
    await goTo(shop, 89);
    expect(await entries(shop)).toEqual([]);
    await goTo(shop, 90);
    expect(await entries(shop)).toEqual([[at(90), last.id]]);
    expect(shop.executions.started).toHaveLength(1);
  });

  it('begins anew with each of many matches', async () => {
    const shop = await HandShop.open([abandoned]);
    for (let minute = 0; minute <= 300; minute += 50) {
      await shop.enrol(cart(minute));
      await goTo(shop, minute + 50);
    }
    expect(await entries(shop)).toEqual([]);
    await goTo(shop, 400);
    expect((await entries(shop)).map(([entered]) => entered)).toEqual([at(360)]);
  });

  it('keeps the one due row where it is, however many matches move its end', async () => {
    const shop = await HandShop.open([abandoned]);
    const dues = [];
    for (let minute = 0; minute < 60; minute += 20) {
      await shop.enrol(cart(minute));
      await goTo(shop, minute + 20);
      const { contact } = await shop.contact();
      dues.push((await shop.table.get(doorKey(contact, 'cart', '')))?.['due']);
    }
    expect(dues).toEqual([at(60), at(60), at(100)]);
  });

  it('of a match that is told when it is over already is due at once, and not hours ago', async () => {
    const shop = await HandShop.open([abandoned]);
    await goTo(shop, 300);
    await shop.enrol(cart(0));
    const { contact } = await shop.contact();
    expect((await shop.table.get(doorKey(contact, 'cart', '')))?.['due']).toBe(at(300));
    await shop.review();
    expect(await entries(shop)).toHaveLength(1);
  });

  it('that has become shorter ends sooner', async () => {
    const trigger = { ...abandoned.trigger, quietFor: { trait: 'cycle', otherwise: 'PT5H' } };
    const shop = await HandShop.open([journey({ ...abandoned, trigger } as Partial<Journey>)]);
    await shop.enrol(cart(0));
    await goTo(shop, 10);
    await shop.enrol({ ...cart(10), traits: { cycle: 'PT30M' } });
    await goTo(shop, 40);
    expect((await entries(shop)).map(([entered]) => entered)).toEqual([at(40)]);
  });

  it('of somebody who is gone is at rest', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    const { contact } = await shop.contact();
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await goTo(shop, 61);
    expect(await shop.table.get(doorKey(contact, 'cart', ''))).not.toHaveProperty('due');
    expect(shop.executions.started).toEqual([]);
  });

  it('counts from the later match when an earlier one arrives after it', async () => {
    const shop = await HandShop.open([abandoned]);
    const later = cart(2);
    shop.clock.pass(3 * MINUTE);
    await shop.enrol(later);
    await shop.enrol(cart(0));
    await goTo(shop, 120);
    expect(await entries(shop)).toEqual([[at(62), later.id]]);
  });

  it('ends without an entry for who has bought in the meantime', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    await goTo(shop, 20);
    await shop.enrol(event('purchase', { at: at(20) }));
    await goTo(shop, 120);
    expect(await entries(shop)).toEqual([]);
  });

  it('ends without an entry for who buys while it is being judged', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    shop.clock.pass(60 * MINUTE);
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () =>
      shop.enrol(event('purchase', { at: at(60) })),
    );
    await review({ ...shop.deps, table });
    expect((await shop.contact()).traits['purchases.count']).toBe(1);
    expect(await entries(shop)).toEqual([]);
  });

  it.each([1, 2])('is armed anew by a match that comes while it is being judged, after read %i', async (nth) => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    shop.clock.pass(61 * MINUTE);
    const later = cart(61);
    const table = interrupted<Table>(shop.table, { methods: ['get'], nth, when: 'after' }, () => shop.enrol(later));
    await review({ ...shop.deps, table });
    expect(await entries(shop)).toEqual([]);
    await goTo(shop, 120);
    expect(await entries(shop)).toEqual([]);
    await goTo(shop, 122);
    expect(await entries(shop)).toEqual([[expect.any(String), later.id]]);
  });

  it('asks the entry rule at its end, with the profile of that moment', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0, { consents: [] }));
    await shop.enrol(event('registration', { at: at(1), consents: YES }));
    await goTo(shop, 60);
    expect(await entries(shop)).toHaveLength(1);
    const other = await HandShop.open([abandoned]);
    await other.enrol(cart(0));
    await other.enrol(event('unsubscribed', { at: at(1), consents: [consent('offers', at(1), 'denied')] }));
    await goTo(other, 60);
    expect(await entries(other)).toEqual([]);
  });

  it('is judged once, and a door that has been judged is at rest', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    await goTo(shop, 61);
    expect(await entries(shop)).toHaveLength(1);
    expect(await shop.review()).toBe(0);
  });

  it.each(['crash-before', 'crash-after'] as const)('is judged once, also after a %s', async (fault) => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    shop.clock.pass(60 * MINUTE);
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? fault : undefined));
    await review({ ...shop.deps, table });
    await goTo(shop, 70);
    expect(await entries(shop)).toHaveLength(1);
    expect(shop.executions.started).toHaveLength(1);
  });

  it('survives an index that is behind: it is judged by the row, and armed again where it is moved', async () => {
    const shop = await HandShop.open([abandoned]);
    await shop.enrol(cart(0));
    shop.clock.pass(60 * MINUTE);
    const moved = cart(59);
    await shop.enrol(moved);
    const table = new FaultyTable(shop.table, ({ kind }) => (kind === 'queryIndex' ? 'stale' : undefined));
    await review({ ...shop.deps, table });
    expect(await entries(shop)).toEqual([]);
    await goTo(shop, 125);
    expect(await entries(shop)).toEqual([[at(119), moved.id]]);
  });
});
