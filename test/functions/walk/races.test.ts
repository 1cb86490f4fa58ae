import { describe, expect, it } from 'vitest';
import { moveInside } from '#functions/walk/move.ts';
import { visit } from '#functions/walk/visit.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { putDoor } from '#shared/store/enrolments.ts';
import { doorKey, enrolmentKey } from '#shared/store/keys.ts';
import type { Walk } from '#shared/store/walks.ts';
import { edit } from '#test/build/edit.ts';
import { event } from '#test/build/event.ts';
import { type HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { inside, MOVE } from '#test/build/moved.ts';
import { meanwhile } from '#test/build/table.ts';

const HOUR = 3_600_000;
const waits = (more: object = {}) => journey({ steps: [wait('think', 'P2D'), tag('end')], ...more });

const walkOf = (task: Walk['task'], shop: HandShop): Walk => ({
  ...{ journey: 'cart', name: `${task}#1`, task, version: 2, done: {} },
  from: shop.clock.now(),
});

/** Ann stands in the first version, the second moves her, and a walk visits her: as she was known before `meanwhile`. */
async function moving() {
  const { shop, leg } = await inside(waits());
  await edit(shop, waits({ publish: MOVE }), 2);
  const profile = await shop.contact();
  const go = async (table = shop.table as Parameters<typeof meanwhile>[0]) => {
    const found = await shop.deps.published.version('cart', 2);
    const given = { walk: walkOf('move', shop), journey: found, status: 'live', profile } as never;
    await moveInside(given, { ...shop.deps, table });
  };
  return { shop, leg, go };
}

describe('a passage that is to be moved', () => {
  it.each([
    ['is over by then', (_: HandShop, leg: HandLeg) => leg.runOut()],
    [
      'is gone by then',
      async (shop: HandShop) =>
        void (await shop.table.write({ kind: 'delete', key: enrolmentKey(await shop.passage()) })),
    ],
  ])('and %s is left as it is', async (_, act) => {
    const { shop, leg, go } = await moving();
    await act(shop, leg);
    const before = shop.scan();
    await go();
    expect(shop.scan()).toEqual(before);
    expect([shop.executions.started.length, shop.metrics.counted]).toEqual([1, []]);
  });

  it('is moved once, however often the walk comes by', async () => {
    const { shop, leg, go } = await moving();
    await go();
    const before = shop.scan();
    await go();
    expect(shop.scan()).toEqual(before);
    expect([shop.executions.started.length, leg.isPaused]).toEqual([2, false]);
  });

  it.each([new Conflict('busy'), new ConditionFailed([0], [undefined])])(
    'is moved once others are through (%s)',
    async (error) => {
      const { shop, go } = await moving();
      let tries = 0;
      await go(
        meanwhile(shop.table, () => {
          tries += 1;
          if (tries < 4) throw error;
        }),
      );
      expect(await shop.passage()).toMatchObject({ version: 2, leg: 2 });
      expect(shop.executions.started).toHaveLength(2);
    },
  );

  it('is left to the walk when others are faster eight times', async () => {
    const { shop, go } = await moving();
    const began = Date.parse(shop.clock.now());
    const busy = meanwhile(shop.table, () => {
      throw new Conflict('busy');
    });
    await expect(go(busy)).rejects.toThrow('a passage that is to be moved met other writers 8 times');
    expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 8 - 1));
    expect(await shop.passage()).toMatchObject({ version: 1, leg: 1 });
  });

  it('meets a table that fails for another reason only once', async () => {
    const { shop, go } = await moving();
    const began = shop.clock.now();
    const broken = meanwhile(shop.table, () => {
      throw new Error('no route');
    });
    await expect(go(broken)).rejects.toThrow('no route');
    expect(shop.clock.now()).toBe(began);
  });

  it('takes along what is heard of it in that moment', async () => {
    const { shop, go } = await moving();
    let done = false;
    await go(
      meanwhile(shop.table, async () => {
        if (done) return;
        done = true;
        const key = enrolmentKey(await shop.passage());
        const word = { event: 'e', type: 'x', at: shop.clock.now() };
        await shop.table.write({
          kind: 'update',
          key,
          change: { set: [[['heard', '!leave'], word]], add: [[['seq'], 1]] },
        });
      }),
    );
    expect(await shop.passage()).toMatchObject({ version: 2, heard: { '!leave': { event: 'e' } } });
  });
});

describe('a quiet time that is looked back for', () => {
  const quiet = (more: object = {}): Journey =>
    journey({
      trigger: { type: 'event', event: 'cart.updated', quietFor: 'P2D', ...more },
      steps: [wait('w')],
    } as object);

  /** Ann's cart was updated, then the journey came; so many hours later a walk looks back. */
  async function door(definition: Journey, hours: number) {
    const before = await HandShop.open([journey({ trigger: { type: 'event', event: 'other' }, steps: [wait('w')] })]);
    await before.enrol(event('cart.updated', { at: before.clock.now() }));
    await edit(before, definition, 2);
    before.clock.pass(hours * HOUR);
    const { contact } = await before.contact();
    await visit(walkOf('quiet', before), contact, before.deps);
    return (await before.table.get(doorKey(contact, 'cart', '')))?.['due'];
  }

  it('runs on from the event', async () => {
    expect(await door(quiet(), 5)).toBe('2026-03-04T09:00:00.000Z');
    expect(await door(quiet(), 47)).toBe('2026-03-04T09:00:00.000Z');
  });

  it('that is over by then is of those alone whom the journey takes, at once', async () => {
    expect(await door(quiet(), 48)).toBeUndefined();
    expect(await door(quiet({ existing: true }), 48)).toBe('2026-03-04T09:00:00.000Z');
    expect(await door(quiet({ existing: true }), 23)).toBe('2026-03-04T09:00:00.000Z');
  });

  /** The same of several events, each so many hours before the walk. */
  async function doors(
    definition: Journey,
    events: readonly (readonly [type: string, hours: number, data?: object])[],
  ) {
    const shop = await HandShop.open([journey({ trigger: { type: 'event', event: 'other' }, steps: [wait('w')] })]);
    const now = Date.parse(shop.clock.now());
    for (const [type, hours, data = {}] of events)
      await shop.enrol(event(type, { at: new Date(now - hours * HOUR).toISOString(), data: { ...data } }));
    await edit(shop, definition, 2);
    const { contact } = await shop.contact();
    const walk = () => visit(walkOf('quiet', shop), contact, shop.deps);
    await walk();
    const found = () => shop.scan().flatMap(({ sk, key, due }) => (sk.startsWith('D#') ? [[key, due]] : []));
    return { shop, walk, found };
  }

  it('counts from the newest that the journey begins by, whatever has come since', async () => {
    const { found } = await doors(quiet({ where: { data: 'total', gt: 5 } }), [
      ['cart.updated', 20, { total: 9 }],
      ['cart.updated', 5, { total: 7 }],
      ['cart.updated', 2, { total: 3 }],
      ['page.viewed', 1, { total: 9 }],
    ]);
    expect(found()).toEqual([['', '2026-03-04T04:00:00.000Z']]);
  });

  it('counts from any of the events that the journey begins by, at the door of its key', async () => {
    const keyed = { ...quiet({ event: ['cart.updated', 'page.viewed'] }), entry: { key: 'cart' } } as Journey;
    const { found } = await doors(keyed, [
      ['cart.updated', 20, { cart: 'a' }],
      ['page.viewed', 5, { cart: 'b' }],
      ['page.viewed', 2],
    ]);
    expect(found()).toEqual([['b', '2026-03-04T04:00:00.000Z']]);
  });

  it('begins for nobody by events that the journey does not begin by', async () => {
    const { found } = await doors(quiet({ where: { data: 'total', gt: 5 } }), [['cart.updated', 2, { total: 3 }]]);
    expect(found()).toEqual([]);
  });

  it('is left as it is where a walk has armed it before', async () => {
    const { shop, walk, found } = await doors(quiet(), [['cart.updated', 5]]);
    expect(found()).toEqual([['', '2026-03-04T04:00:00.000Z']]);
    const before = shop.scan();
    await walk();
    expect(shop.scan()).toEqual(before);
  });

  it('is none where the journey has judged them since it is there', async () => {
    const definition = quiet({ existing: true });
    const shop = await HandShop.open([journey({ trigger: { type: 'event', event: 'other' }, steps: [wait('w')] })]);
    await shop.enrol(event('cart.updated', { at: shop.clock.now() }));
    await edit(shop, definition, 2);
    const { contact } = await shop.contact();
    await shop.table.transact(putDoor(contact, 'cart', '', { v: 1, entries: 1, outcomes: {} }));
    const before = shop.scan();
    await visit(walkOf('quiet', shop), contact, shop.deps);
    expect(shop.scan()).toEqual(before);
  });

  it('is none where the journey lets nobody in by now', async () => {
    const { found } = await doors({ ...quiet(), status: 'closing' }, [['cart.updated', 5]]);
    expect(found()).toEqual([]);
  });

  it('is none of a journey that has none by then', async () => {
    expect(await door(journey({ steps: [wait('w')] }), 5)).toBeUndefined();
    const dated = { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' } as const;
    expect(await door(journey({ trigger: dated, steps: [wait('w')] }), 5)).toBeUndefined();
  });
});
