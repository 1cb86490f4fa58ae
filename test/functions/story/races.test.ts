import { describe, expect, it } from 'vitest';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { type HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';

/** Who buys within a day gets the tag `bought`, who does not the tag `sleepy`. Tags are what a passage did. */
const waiting = journey({
  steps: [
    send('first'),
    waitFor('paid', { event: 'purchase' }, { then: [tag('bought')], otherwise: [tag('sleepy')] }),
    tag('end'),
  ],
});
const goal = journey({
  goal: { if: { event: 'purchase' } },
  steps: [waitFor('rest', { event: 'page.viewed' }), send('second')],
});

const cart = () => event('cart.updated');
const WRITES: readonly (keyof Table & string)[] = ['write', 'transact'];

type Race = { readonly shop: HandShop; readonly leg: HandLeg; readonly buys: () => Promise<unknown> };

async function begun(definition = waiting): Promise<Race> {
  const shop = await HandShop.open([definition]);
  await shop.enrol(cart());
  return { shop, leg: shop.leg(), buys: () => shop.enrol(event('purchase', { at: shop.clock.now() })) };
}

/** What became of the passage, once everything that was hinted at has run. */
async function tagsAtTheEnd({ shop, leg }: Race): Promise<string[]> {
  for (let i = 0; i < 5 && (await shop.passage()).state === 'inside'; i += 1)
    if (leg.isPaused) await leg.runOut();
    else await leg.run();
  expect(await shop.passage()).toMatchObject({ state: 'finished', next: 'finished' });
  return (await shop.contact()).tags;
}

/** The signal ends the pause by itself: nobody has to wait for the time-out. */
async function goesOnAtOnce(race: Race): Promise<void> {
  const { shop, leg } = race;
  const before = shop.clock.now();
  expect(leg.isPaused).toBe(false);
  expect(await tagsAtTheEnd(race)).toEqual(['bought', 'end']);
  expect(shop.clock.now() < `${before.slice(0, 10)}T23`).toBe(true);
}

describe('a signal is acted on exactly once when it arrives', () => {
  it('while advance runs, before its commit: it came before the step, which waits for the next', async () => {
    const race = await begun();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES }, race.buys);
    await race.leg.advance({ table });
    await race.leg.pause();
    expect(race.leg.isPaused).toBe(true);
    await race.buys();
    await goesOnAtOnce(race);
  });

  it('while advance runs, before its commit, and it is the goal: nothing more is said', async () => {
    const race = await begun(goal);
    const table = interrupted<Table>(race.shop.table, { methods: WRITES }, race.buys);
    await race.leg.advance({ table });
    expect(await race.shop.passage()).toMatchObject({ state: 'converted', outcome: 'converted' });
    expect(await race.leg.pause()).toBe('finished');
    expect((await race.shop.contact()).inside).toEqual({});
  });

  it('while advance runs, after its commit', async () => {
    const race = await begun();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES, when: 'after' }, race.buys);
    await race.leg.advance({ table });
    expect(await race.leg.pause()).toBe('woken');
    await goesOnAtOnce(race);
  });

  it('before the pause has read the row', async () => {
    const race = await begun();
    await race.leg.advance();
    await race.buys();
    expect(await race.leg.pause()).toBe('woken');
    await goesOnAtOnce(race);
  });

  it('before the pause has parked', async () => {
    const race = await begun();
    await race.leg.advance();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES }, race.buys);
    expect(await race.leg.pause({ table })).toBe('woken');
    await goesOnAtOnce(race);
  });

  it('while the pause parks', async () => {
    const race = await begun();
    await race.leg.advance();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES, when: 'after' }, race.buys);
    expect(await race.leg.pause({ table })).toBe('parked');
    await goesOnAtOnce(race);
  });

  it('after it has parked', async () => {
    const race = await begun();
    await race.leg.run();
    await race.buys();
    await goesOnAtOnce(race);
  });

  it('after it has parked, twice', async () => {
    const race = await begun();
    await race.leg.run();
    await race.buys();
    await race.buys();
    expect(race.shop.executions.answers).toHaveLength(1);
    await goesOnAtOnce(race);
  });

  it('when the pause is tried again and its first token counts no more', async () => {
    const race = await begun();
    await race.leg.advance();
    expect(await race.leg.pause()).toBe('parked');
    expect(race.leg.timeOut()).toBe(true);
    await race.buys();
    expect(await race.leg.pause()).toBe('woken');
    expect(race.shop.metrics.counts['WakeLost']).toBeUndefined();
    await goesOnAtOnce(race);
  });

  it('at the moment of the time-out, before the turn', async () => {
    const race = await begun();
    await race.leg.run();
    race.shop.clock.pass(86_400_000);
    expect(race.leg.timeOut()).toBe(true);
    await race.buys();
    await race.leg.advance({ timedOut: true });
    expect(await tagsAtTheEnd(race)).toEqual(['bought', 'end']);
  });

  it('at the moment of the time-out, before the commit of the turn', async () => {
    const race = await begun();
    await race.leg.run();
    race.shop.clock.pass(86_400_000);
    race.leg.timeOut();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES }, race.buys);
    await race.leg.advance({ timedOut: true, table });
    expect(await tagsAtTheEnd(race)).toEqual(['bought', 'end']);
  });

  it('at the moment of the time-out, after the commit of the turn: it was too late', async () => {
    const race = await begun();
    await race.leg.run();
    race.shop.clock.pass(86_400_000);
    race.leg.timeOut();
    const table = interrupted<Table>(race.shop.table, { methods: WRITES, when: 'after' }, race.buys);
    await race.leg.advance({ timedOut: true, table });
    expect(await tagsAtTheEnd(race)).toEqual(['end', 'sleepy']);
  });

  it('and wins against the time-out, which then finds the pause over', async () => {
    const race = await begun();
    await race.leg.run();
    race.shop.clock.pass(86_399_999);
    await race.buys();
    expect(race.leg.timeOut()).toBe(false);
    expect(await tagsAtTheEnd(race)).toEqual(['bought', 'end']);
  });
});

describe('a timer', () => {
  it('that fires early by the clock of its function has fired all the same', async () => {
    const race = await begun();
    await race.leg.run();
    race.shop.clock.pass(86_399_000);
    race.leg.timeOut();
    await race.leg.advance({ timedOut: true });
    expect((await race.shop.contact()).tags).toEqual(['end', 'sleepy']);
  });
});

describe('a wake that nobody is owed', () => {
  it('changes nothing: the pause goes on until its moment', async () => {
    const race = await begun();
    await race.leg.run();
    const { cursor } = await race.shop.passage();
    race.shop.clock.pass(1000);
    await race.shop.executions.succeed(race.leg.token);
    await race.leg.advance();
    expect(await race.leg.pause()).toBe('parked');
    expect((await race.shop.passage()).cursor).toEqual({ ...cursor, turned: race.shop.clock.now() });
    expect(await tagsAtTheEnd(race)).toEqual(['end', 'sleepy']);
  });

  it('is not given for what only a later step listens for', async () => {
    const later = journey({
      steps: [
        waitFor('read', { event: 'page.viewed' }, { then: [tag('seen')] }),
        waitFor('paid', { event: 'purchase' }, { then: [tag('bought')] }),
      ],
    });
    const race = await begun(later);
    await race.leg.run();
    await race.buys();
    expect(race.leg.isPaused).toBe(true);
    await race.shop.enrol(event('page.viewed', { at: race.shop.clock.now() }));
    expect(race.leg.isPaused).toBe(false);
    await race.leg.run();
    expect(race.leg.isPaused).toBe(true);
    await race.buys();
    await race.leg.run();
    expect((await race.shop.contact()).tags).toEqual(['bought', 'seen']);
  });
});
