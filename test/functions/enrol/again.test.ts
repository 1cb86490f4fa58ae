import { describe, expect, it } from 'vitest';
import { recover } from '#functions/review/passage.ts';
import type { Event } from '#shared/event/event.ts';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const restarting = journey({
  entry: { again: { whileInside: 'restart' } },
  goal: { if: { event: 'purchase' } },
  exits: [{ if: { event: 'cart.updated', where: { data: 'total', is: 0 } }, outcome: 'emptied' }],
  steps: [wait('think', 'P2D')],
});

const cart = (shop: HandShop, data = {}) => event('cart.updated', { at: shop.clock.now(), data });
const states = async (shop: HandShop) => (await shop.passages()).map(({ n, state, outcome }) => [n, state, outcome]);

describe('a journey that begins anew', () => {
  it('ends the passage as restarted and begins another with the new data', async () => {
    const shop = await HandShop.open([restarting]);
    await shop.enrol(cart(shop, { total: 10 }));
    await shop.leg().run();
    shop.clock.pass(HOUR);
    const later = cart(shop, { total: 20 });
    await shop.enrol(later);
    expect(await states(shop)).toEqual([
      [1, 'exited', 'restarted'],
      [2, 'inside', undefined],
    ]);
    expect((await shop.passages())[1]?.trigger.event).toBe(later.id);
    const { inside, watching } = await shop.contact();
    expect({ inside: Object.keys(inside), watching }).toEqual({ inside: ['cart##2'], watching: {} });
    // The execution of the first is told, so that it ends and does not sleep for two days.
    expect(shop.executions.answers.map(({ answer }) => answer)).toEqual(['succeeded']);
    expect(shop.executions.started).toHaveLength(2);
  });

  it('ends the execution of the first also where its pause parks amid it all', async () => {
    const shop = await HandShop.open([restarting]);
    await shop.enrol(cart(shop, { total: 10 }));
    const leg = shop.leg();
    await leg.advance();
    shop.clock.pass(HOUR);
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => leg.pause());
    await shop.enrol(cart(shop, { total: 20 }), { table });
    expect((await states(shop)).map(([, state]) => state)).toEqual(['exited', 'inside']);
    expect(leg.isPaused).toBe(false);
  });

  it('ends it within minutes when whoever began anew died before saying so', async () => {
    const shop = await HandShop.open([restarting]);
    await shop.enrol(cart(shop, { total: 10 }));
    const leg = shop.leg();
    await leg.run();
    shop.clock.pass(HOUR);
    const later = cart(shop, { total: 20 });
    const executions = interrupted(shop.executions, { methods: ['succeed'] }, () => {
      throw new Error('the function dies');
    });
    await expect(shop.enrol(later, { executions })).rejects.toThrow('dies');
    // The queue delivers it again; the passage that has ended is named nowhere any more.
    expect(await shop.enrol(later)).toBe('duplicate');
    expect(leg.isPaused).toBe(true);
    shop.clock.pass(6 * MINUTE);
    await shop.review();
    expect(leg.isPaused).toBe(false);
    expect((await shop.passages())[0]).not.toHaveProperty('token');
    const answers = shop.executions.answers.length;
    shop.clock.pass(HOUR);
    await shop.review();
    expect(shop.executions.answers).toHaveLength(answers);
  });

  it('only takes the new data over when the passage is younger than an hour', async () => {
    const shop = await HandShop.open([restarting]);
    await shop.enrol(cart(shop, { total: 10 }));
    await shop.leg().run();
    shop.clock.pass(HOUR - 1);
    const later = cart(shop, { total: 20 });
    await shop.enrol(later);
    const [passage, ...others] = await shop.passages();
    expect(others).toEqual([]);
    expect(passage).toMatchObject({ state: 'inside', trigger: { event: later.id } });
  });

  it('hears the same event as an exit too, and writes each row once', async () => {
    const shop = await HandShop.open([restarting]);
    await shop.enrol(cart(shop, { total: 10 }));
    await shop.leg().run();
    shop.clock.pass(MINUTE);
    await shop.enrol(cart(shop, { total: 0 }));
    expect((await shop.passage()).heard).toHaveProperty('!exit0/0');
    shop.clock.pass(HOUR);
    await shop.enrol(cart(shop, { total: 0 }));
    expect((await states(shop)).map(([, state]) => state)).toEqual(['exited', 'inside']);
  });

  it('leaves a passage alone whom the entry rule does not want any more', async () => {
    const asked = journey({
      entry: { if: { trait: 'tier', is: 'gold' }, again: { whileInside: 'restart' } },
      steps: [wait('w')],
    });
    const shop = await HandShop.open([asked]);
    await shop.enrol({ ...cart(shop), traits: { tier: 'gold' } });
    shop.clock.pass(2 * HOUR);
    await shop.enrol({ ...cart(shop), traits: { tier: 'none' } });
    expect(await states(shop)).toEqual([[1, 'inside', undefined]]);
  });

  it('after its quiet time does so by review', async () => {
    const quiet = { ...restarting, trigger: { type: 'event' as const, event: 'cart.updated', quietFor: 'PT1H' } };
    const shop = await HandShop.open([quiet]);
    for (let round = 0; round < 2; round += 1) {
      await shop.enrol(cart(shop));
      shop.clock.pass(61 * MINUTE);
      await shop.review();
    }
    expect(await states(shop)).toEqual([
      [1, 'exited', 'restarted'],
      [2, 'inside', undefined],
    ]);
  });
});

describe('a share that is held out', () => {
  const half = journey({ entry: { holdout: 50 }, goal: { if: { event: 'purchase' } }, steps: [send('hello')] });
  const ofContact = (n: number, type: string, more: Partial<Event> = {}) =>
    event(type, { identities: { email: `c${n}@shop.example` }, ...more });

  it('gets nothing, and its goal is measured', async () => {
    const shop = await HandShop.open([half]);
    const emails = Array.from({ length: 40 }, (_, n) => `c${n}@shop.example`);
    for (const n of emails.keys()) await shop.enrol(ofContact(n, 'cart.updated'));
    const of = async (email: string) => (await shop.passages(email))[0]?.state;
    const all = await Promise.all(emails.map(of));
    const held = all.flatMap((state, n) => (state === 'held' ? [n] : []));
    expect(held.length).toBeGreaterThan(10);
    expect(held.length).toBeLessThan(30);
    expect(shop.executions.started).toHaveLength(40 - held.length);
    const [first = 0] = held;
    shop.clock.pass(DAY);
    await shop.enrol(ofContact(first, 'purchase', { at: shop.clock.now() }));
    const [passage] = await shop.passages(`c${first}@shop.example`);
    expect(passage).toMatchObject({ state: 'held', outcome: 'held', converted: { at: shop.clock.now() } });
  });

  it('of all marketing is held out of every marketing journey, and of no other', async () => {
    const offer = journey({ id: 'offer', steps: [wait('w')] });
    const orders = journey({ id: 'orders', topic: 'orders', steps: [wait('w')] });
    const shop = await HandShop.open([offer, orders], settings({ holdout: 100 }));
    await shop.enrol(event('cart.updated'));
    expect((await shop.passages()).map(({ journey: id, state }) => [id, state])).toEqual([
      ['offer', 'held'],
      ['orders', 'inside'],
    ]);
  });
});

describe('a journey that is open for a time', () => {
  it.each([
    [
      'from a day on, by the calendar of the contact',
      { from: '2026-03-02' },
      '2026-03-01T22:59:59.999Z',
      '2026-03-01T23:00:00.000Z',
    ],
    ['to the end of a day', { to: '2026-03-02' }, '2026-03-02T23:00:00.001Z', '2026-03-02T23:00:00.000Z'],
    ['to a moment for all', { to: '2026-03-02T12:00Z' }, '2026-03-02T12:00:00.001Z', '2026-03-02T12:00:00.000Z'],
  ])('takes people %s', async (_, entry, closed, open) => {
    const timed = journey({ entry, steps: [wait('w')] });
    const entries = async (at: string) => {
      const shop = await HandShop.open([timed]);
      shop.clock.pass(Date.parse(at) - Date.parse(shop.clock.now()));
      await shop.enrol(event('cart.updated', { at }));
      return (await shop.passages()).length;
    };
    expect([await entries(closed), await entries(open)]).toEqual([0, 1]);
  });
});

describe('journeys that speak to journeys', () => {
  const beans = journey({ id: 'beans', trigger: { type: 'manual' }, steps: [wait('w')] });
  const starter = journey({
    steps: [
      { type: 'enrol', id: 'next', journey: 'beans', data: { machine: { trigger: 'machine' } } },
      { type: 'leave', id: 'stop', journey: ['other', 'cart'] },
      wait('w'),
    ],
  });
  const other = journey({
    id: 'other',
    trigger: { type: 'event', event: 'page.viewed' },
    steps: [waitFor('f', { event: 'x' })],
  });

  it('a step enrols into a manual journey with its data, and makes the contact leave others but not itself', async () => {
    const shop = await HandShop.open([beans, starter, other]);
    await shop.enrol(event('page.viewed'));
    await shop.enrol(event('cart.updated', { data: { machine: 'm1' } }));
    for (const leg of shop.legs()) await leg.run();
    const put = shop.bus.entries.map(({ detail }) => detail);
    for (const detail of put) await shop.enrol(detail);
    // The same once more: an event counts once.
    for (const detail of put) expect(await shop.enrol(detail)).toBe('duplicate');
    const passages = await shop.passages();
    expect(passages.map(({ journey: id }) => id)).toEqual(['beans', 'cart', 'other']);
    expect(passages[2]?.heard).toHaveProperty('!leave');
    expect(passages[1]?.heard).toEqual({});
    const row = (await shop.events()).find(({ type }) => type === 'journey.requested');
    expect(row?.['data']).toEqual({ machine: 'm1' });
    expect(Object.keys((await shop.contact()).last)).toEqual(['page.viewed', 'cart.updated']);
  });

  it('nobody outside can pose as a journey', async () => {
    const shop = await HandShop.open([other]);
    await shop.enrol(event('page.viewed'));
    await shop.enrol(event('journey.left', { data: { journeys: ['other'], by: 'x' } }));
    expect((await shop.passage()).heard).toEqual({});
  });

  it('what was put on the bus is put there again when the turn is repeated, or a leg broke off after it', async () => {
    const shop = await HandShop.open([starter]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().advance();
    const ids = () => shop.bus.entries.map(({ detail }) => (detail as Event).id);
    const first = ids();
    expect(first).toHaveLength(2);
    await shop.leg().advance();
    expect(ids()).toEqual([...first, ...first]);
    const input = shop.executions.started[0]?.input;
    await recover({ detail: { status: 'FAILED', input: JSON.stringify(input) } }, shop.deps);
    await shop.leg().advance();
    expect(ids()).toEqual([...first, ...first, ...first]);
  });
});
