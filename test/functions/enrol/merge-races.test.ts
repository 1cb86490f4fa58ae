import { describe, expect, it } from 'vitest';
import type { Identities } from '#shared/event/event.ts';
import { loadCounted } from '#shared/store/caps.ts';
import { dirShard } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const [VISITOR, GUEST, CUSTOMER] = [{ anonymousId: 'x' }, { email: 'ann@shop.example' }, { externalId: '1' }];
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const WRITES: readonly (keyof Table & string)[] = ['transact'];

const saying = (shop: HandShop, type: string, identities: Identities, more: object = {}) =>
  event(type, { at: shop.clock.now(), identities, ...more });
const says = (shop: HandShop, type: string, identities: Identities, more: object = {}) =>
  shop.enrol(saying(shop, type, identities, more));

async function contacts(shop: HandShop): Promise<number> {
  const shards = Array.from({ length: 256 }, (_, i) =>
    shop.table.queryIndex({ index: 'directory', pk: dirShard(i), limit: 10 }),
  );
  return (await Promise.all(shards)).flat().length;
}

describe('a merge', () => {
  it.each([1, 2])('that another one crosses ends in one contact (at its transaction %i)', async (nth) => {
    const shop = await HandShop.open([]);
    for (const who of [VISITOR, GUEST, CUSTOMER]) {
      await says(shop, 'page.viewed', who, { traits: { [Object.keys(who).join('')]: true } });
      shop.clock.pass(1000);
    }
    const table = interrupted<Table>(shop.table, { methods: WRITES, nth }, () =>
      says(shop, 'login', { ...GUEST, ...CUSTOMER }),
    );
    await shop.enrol(saying(shop, 'login', { ...VISITOR, ...GUEST }), { table });
    const { traits, aka } = await contactOf(shop, VISITOR);
    expect(traits).toMatchObject({ anonymousId: true, email: true, externalId: true });
    expect([aka.length, await contacts(shop)]).toEqual([2, 1]);
    expect((await contactOf(shop, CUSTOMER)).contact).toBe((await contactOf(shop, GUEST)).contact);
  });

  it('while an event of the contact that goes is being recorded: it counts for the one that stays', async () => {
    const shop = await HandShop.open([]);
    await says(shop, 'page.viewed', GUEST);
    shop.clock.pass(1000);
    await says(shop, 'page.viewed', VISITOR);
    const table = interrupted<Table>(shop.table, { methods: WRITES }, () =>
      says(shop, 'login', { ...VISITOR, ...GUEST }),
    );
    await shop.enrol(saying(shop, 'purchase', VISITOR, { data: { total: 5 } }), { table });
    expect((await contactOf(shop, GUEST)).traits['purchases.total']).toBe(5);
    expect(await contacts(shop)).toBe(1);
  });

  it('in the middle of the turn that ends a passage: it ends at the one door', async () => {
    const shop = await HandShop.open([journey({ steps: [tag('end')] })]);
    await says(shop, 'page.viewed', GUEST);
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', VISITOR);
    const table = interrupted<Table>(shop.table, { methods: WRITES }, () =>
      says(shop, 'login', { ...VISITOR, ...GUEST }),
    );
    const leg = shop.leg();
    await leg.advance({ table });
    expect(await leg.pause()).toBe('finished');
    const { tags, inside } = await contactOf(shop, GUEST);
    expect({ tags, inside }).toEqual({ tags: ['end'], inside: {} });
    await says(shop, 'cart.updated', GUEST);
    expect(shop.executions.started).toHaveLength(1);
  });

  it.each<[string, number]>([
    ['has refused', 0],
    ['has had as many as they may', 1],
  ])('while a mail is claimed for the contact that goes, and the other %s: it does not go', async (_, cap) => {
    const offers = (id: string, on: string) =>
      journey({ id, trigger: { type: 'event', event: on }, entry: { if: { consent: 'offers' } }, steps: [send(id)] });
    const caps = cap > 0 ? { caps: [{ count: cap, per: 'P1D' }] } : {};
    const shop = await HandShop.open([offers('one', 'a'), offers('two', 'b')], settings(caps));
    const [first, second] = [{ ...CUSTOMER, email: 'old@shop.example' }, GUEST];
    await says(shop, 'a', first, { consents: YES });
    await shop.leg().run();
    if (cap > 0) await shop.send();
    else await says(shop, 'page.viewed', first, { consents: [consent('offers', shop.clock.now(), 'denied')] });
    shop.outbox.marketing.take();
    const before = shop.mailer.mails.length;
    shop.clock.pass(1000);
    await says(shop, 'b', second, { consents: YES });
    await shop.leg().run();
    const table = interrupted<Table>(shop.table, { methods: WRITES }, () =>
      says(shop, 'login', { ...CUSTOMER, ...GUEST }),
    );
    await shop.send({ table });
    expect(shop.mailer.mails).toHaveLength(before);
    expect(await contacts(shop)).toBe(1);
  });

  it('while a mail of the contact that goes is sent: it counts for the one that stays', async () => {
    const offers = (id: string, on: string) =>
      journey({ id, trigger: { type: 'event', event: on }, entry: { if: { consent: 'offers' } }, steps: [send(id)] });
    const shop = await HandShop.open(
      [offers('one', 'a'), offers('two', 'b')],
      settings({ caps: [{ count: 2, per: 'P1D' }] }),
    );
    await says(shop, 'page.viewed', CUSTOMER);
    shop.clock.pass(1000);
    await says(shop, 'a', GUEST, { consents: YES });
    await shop.leg().run();
    await shop.send();
    await says(shop, 'b', GUEST);
    await shop.leg().run();
    const table = interrupted<Table>(shop.table, { methods: WRITES }, () => shop.send());
    await shop.enrol(saying(shop, 'login', { ...CUSTOMER, ...GUEST }), { table });
    const { contact } = await contactOf(shop, CUSTOMER);
    expect((await loadCounted(shop.table, contact)).sent).toHaveLength(2);
  });

  it('that dies before it has given its hints: they are given within minutes, whoever comes', async () => {
    const bought = journey({ goal: { if: { event: 'purchase' } }, steps: [wait('rest', 'P9D')] });
    const shop = await HandShop.open([bought]);
    await says(shop, 'cart.updated', VISITOR);
    const leg = shop.leg();
    await leg.run();
    await says(shop, 'purchase', GUEST);
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    const login = saying(shop, 'login', { ...VISITOR, ...GUEST });
    await expect(shop.enrol(login, { table })).rejects.toThrow(Crash);
    expect([leg.isPaused, await contacts(shop)]).toEqual([true, 1]);
    await shop.enrol(login);
    shop.clock.pass(6 * 60_000);
    await shop.review();
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    expect((await shop.contact()).inside).toEqual({});
  });
});
