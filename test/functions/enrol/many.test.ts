import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { putCatalogue } from '#shared/store/journeys.ts';
import { receiptKey } from '#shared/store/keys.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const journeys = (n: number, id: string, given: Partial<Parameters<typeof journey>[0]>): Journey[] =>
  Array.from({ length: n }, (_, i) => journey({ id: `${id}${i}`, topic: 'orders', steps: [wait('w')], ...given }));

const armedBy = { trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' } } as const;
const startedBy = (type: string) => ({ trigger: { type: 'event', event: type } }) as const;
const goal = { if: { event: 'purchase' } };

async function doors(shop: HandShop): Promise<number> {
  const { contact } = await shop.contact();
  return (await shop.table.query({ pk: `C#${contact}`, prefix: 'D#' })).length;
}

/** The rule of the table: no transaction has more than a hundred writes. */
describe('an event that concerns more journeys than one transaction takes', () => {
  it('arms all their doors', async () => {
    const shop = await HandShop.open(journeys(220, 'j', armedBy));
    const cart = event('cart.updated');
    expect(await shop.enrol(cart)).toBe('recorded');
    expect(await doors(shop)).toBe(220);
    expect(await shop.table.get(receiptKey(cart.id))).not.toHaveProperty('more');
    // The contact is another with each transaction, for who has read them before.
    expect((await shop.contact()).rev).toBe(3);
  });

  it('enters them, and is told to who is inside and who is over', async () => {
    const shop = await HandShop.open([
      ...journeys(20, 'over', { ...startedBy('cart.updated'), goal, steps: [tag('t')] }),
      ...journeys(25, 'inside', { ...startedBy('page.viewed'), goal }),
      ...journeys(15, 'new', startedBy('purchase')),
      ...journeys(60, 'quiet', { trigger: { type: 'event', event: 'purchase', quietFor: 'PT1H' } }),
    ]);
    await shop.enrol(event('cart.updated'));
    for (const leg of shop.legs()) await leg.run();
    await shop.enrol(event('page.viewed'));
    shop.clock.pass(1000);
    expect(await shop.enrol(event('purchase', { at: shop.clock.now() }))).toBe('recorded');
    const of = (name: string, passages: { journey: string; state: string }[]) =>
      passages.filter((passage) => passage.journey.startsWith(name)).map(({ state }) => state);
    const passages = await shop.passages();
    expect(of('over', passages)).toEqual(Array(20).fill('converted'));
    expect(passages.filter(({ heard }) => heard['!goal/0'])).toHaveLength(45);
    expect(of('new', passages)).toEqual(Array(15).fill('inside'));
    expect(await doors(shop)).toBe(120);
    expect(shop.executions.started).toHaveLength(60);
  });

  it('moves the turns of all journeys that a date starts, and arms the doors', async () => {
    const dated = { trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' } } as const;
    const shop = await HandShop.open([...journeys(120, 'dated', dated), ...journeys(120, 'quiet', armedBy)]);
    const appointments = async () => {
      const rows = await shop.table.query({ pk: `C#${(await shop.contact()).contact}` });
      return rows.filter((row) => row['occurrence'] === '2026-05-12').length;
    };
    await shop.enrol(event('registration', { traits: { birthday: '1990-04-12' } }));
    shop.clock.pass(1000);
    const at = shop.clock.now();
    expect(await shop.enrol(event('cart.updated', { at, traits: { birthday: '1990-05-12' } }))).toBe('recorded');
    expect(await appointments()).toBe(120);
    expect(await doors(shop)).toBe(120);
  });

  it.each(['crash-before', 'crash-after'] as const)('finishes that when it comes again after a %s', async (fault) => {
    for (const write of [1, 2, 3]) {
      const shop = await HandShop.open(journeys(220, 'j', armedBy));
      const cart = event('cart.updated');
      const table = new FaultyTable(shop.table, (call) => (call.write === write ? fault : undefined));
      await expect(shop.enrol(cart, { table })).rejects.toThrow(Crash);
      await shop.enrol(cart);
      expect(await doors(shop)).toBe(220);
      const { rev } = await shop.contact();
      expect(await shop.enrol(cart)).toBe('duplicate');
      expect((await shop.contact()).rev).toBe(rev);
    }
  });

  it('enters nobody twice when it comes twice at the same time', async () => {
    const shop = await HandShop.open(journeys(39, 'new', startedBy('cart.updated')));
    const cart = event('cart.updated');
    await Promise.all([shop.enrol(cart), shop.enrol(cart), shop.enrol(cart)]);
    expect(await shop.passages()).toHaveLength(39);
    expect(Object.keys((await shop.contact()).inside)).toHaveLength(39);
  });

  it('leaves out what is not live any more when its turn comes', async () => {
    const shop = await HandShop.open(journeys(120, 'j', armedBy));
    const cart = event('cart.updated');
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(shop.enrol(cart, { table })).rejects.toThrow(Crash);
    const before = await doors(shop);
    const { rev } = await shop.deps.published.catalogue();
    await shop.table.write(putCatalogue({ rev, journeys: {} }));
    shop.deps.published.refresh();
    await shop.enrol(cart);
    expect(await doors(shop)).toBe(before);
    expect(await shop.table.get(receiptKey(cart.id))).not.toHaveProperty('more');
  });
});
