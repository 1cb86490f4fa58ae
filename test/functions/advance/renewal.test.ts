import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const DAY = 86_400_000;

async function begun(steps: readonly object[]) {
  const shop = await HandShop.open([journey({ topic: 'orders', steps })]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  await leg.run();
  return { shop, leg };
}

/** Lets a pause end by its time-out after so many days, and what follows run. */
async function timesOut({ shop, leg }: Awaited<ReturnType<typeof begun>>, days: number) {
  shop.clock.pass(days * DAY);
  expect(leg.timeOut()).toBe(true);
  const output = await leg.advance({ timedOut: true });
  return { output, paused: await leg.pause() };
}

const standing = ({ leg, turn, state, cursor }: Enrolment) => ({ leg, turn, state, step: cursor?.step });

/** Step Functions ends an execution after a year, and after 25,000 events of its history. */
describe('an execution that is older than eleven months', () => {
  it('is followed by the next leg, which waits on', async () => {
    const one = await begun([{ type: 'wait', id: 'long', until: '2030-01-01' }, tag('end')]);
    const { shop } = one;
    const { paused } = await timesOut(one, 330);
    expect(paused).toBe('finished');
    expect(standing(await shop.passage())).toEqual({ leg: 2, turn: 2, state: 'inside', step: 'long' });
    shop.clock.pass(5 * 60_000);
    await shop.review();
    expect(shop.executions.started).toHaveLength(2);
    expect(await shop.leg().run()).toBe('parked');
    expect(standing(await shop.passage())).toEqual({ leg: 2, turn: 3, state: 'inside', step: 'long' });
  });

  it('has no pause that goes on for longer, whatever it waits for', async () => {
    const one = await begun([wait('some', 'P200D'), waitFor('paid', { event: 'purchase' }, { upTo: 'P300D' })]);
    const { shop } = one;
    const { output } = await timesOut(one, 200);
    expect(output.wakeAt).toBe('2027-01-26T09:00:00.000Z');
    expect((await timesOut(one, 130)).paused).toBe('finished');
    expect(await shop.passage()).toMatchObject({ leg: 2, cursor: { wakeAt: '2027-07-15T09:00:00.000Z' } });
  });

  it('is followed at once when something is heard, and by what is in the outbox in minutes', async () => {
    const one = await begun([wait('some', 'P330D'), send('hello'), waitFor('paid', { event: 'purchase' })]);
    const { shop } = one;
    await timesOut(one, 330);
    expect(shop.executions.started).toHaveLength(1);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(shop.executions.started).toHaveLength(2);
    expect(await shop.leg().run()).toBe('finished');
    await shop.send();
    expect(shop.mailer.steps()).toEqual(['hello']);
  });
});

describe('an execution that has taken a thousand turns', () => {
  it('is followed by the next leg', async () => {
    const { shop, leg } = await begun([wait('long', 'P30D')]);
    for (let turn = 2; turn <= 1000; turn += 1) await leg.advance();
    expect(standing(await shop.passage())).toEqual({ leg: 2, turn: 1000, state: 'inside', step: 'long' });
    expect(await leg.pause()).toBe('finished');
    shop.clock.pass(5 * 60_000);
    await shop.review();
    expect(await shop.leg().run()).toBe('parked');
    expect((await shop.passage()).leg).toBe(2);
  });
});
