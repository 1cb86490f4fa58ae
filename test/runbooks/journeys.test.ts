import { describe, expect, it } from 'vitest';
import { recover } from '#functions/review/passage.ts';
import { INSIDE_LIMIT } from '#shared/contact/profile.ts';
import { Conflict } from '#shared/errors.ts';
import { enrolmentKey, identityKey } from '#shared/store/keys.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { FaultyTable } from '#test/faults/table.ts';
import { ownMetric } from './alarms.ts';
import { CloudWatch } from './watch.ts';

/** What brings each alarm on passages, the alarm itself, and what its runbook says to do. */

const MINUTE = 60_000;
const DAY = 86_400_000;
const waiting = journey({
  steps: [waitFor('paid', { event: 'purchase' }, { then: [tag('bought')] }), wait('rest', 'P1D'), tag('end')],
});

async function open(journeys = [waiting], given = settings()) {
  const shop = await HandShop.open(journeys, given);
  const watch = CloudWatch.of(shop);
  const pass = async (minutes: number, deps: Parameters<typeof shop.review>[0] = {}): Promise<void> => {
    for (let n = 0; n < minutes; n += 1) {
      shop.clock.pass(MINUTE);
      await shop.review(deps);
    }
  };
  return { shop, watch, pass };
}
const tags = async (shop: HandShop) => (await shop.contact()).tags;

describe('wakes-lost', () => {
  it('speaks when a purchase finds the execution gone; the audit wakes the passage within a quarter of an hour', async () => {
    const { shop, watch, pass } = await open();
    await shop.enrol(event('cart.updated'));
    const leg = shop.leg();
    await leg.run();
    shop.executions.abort(leg.name);
    shop.clock.pass(MINUTE);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(watch.speaks('wakes-lost')).toBe(true);
    expect(await tags(shop)).toEqual([]);
    await pass(15);
    await shop.leg().run();
    expect(await tags(shop)).toEqual(['bought']);
    expect(shop.executions.started).toHaveLength(2);
    expect(watch.speaks('wakes-lost')).toBe(false);
  });
});

describe('executions-failed', () => {
  it('looks at the machine of all journeys; what broke off goes on where it stood, once', async () => {
    expect(ownMetric('executions-failed')).toBe('AWS/States ExecutionsFailed of journey');
    const { shop } = await open();
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    const [{ name, input } = { name: '', input: {} }] = shop.executions.started;
    shop.executions.abort(name);
    const told = { detail: { status: 'FAILED', input: JSON.stringify(input) } };
    for (let n = 0; n < 2; n += 1) await recover(told, shop.given('review'));
    expect(shop.executions.started).toHaveLength(2);
    await shop.leg().run();
    shop.clock.pass(MINUTE);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    await shop.leg().run();
    expect(await tags(shop)).toEqual(['bought']);
  });
});

describe('passages-stranded', () => {
  it('speaks when ten executions in a row have broken off; once mended, the passage goes on within a day', async () => {
    const { shop, watch, pass } = await open();
    await shop.enrol(event('cart.updated'));
    // Each execution ends before its first turn, as it does where advance throws whatever it is given.
    for (let n = 0; !watch.speaks('passages-stranded'); n += 1) {
      if (n > 20) throw new Error('nobody says that they stand still');
      const leg = shop.leg();
      shop.executions.abort(leg.name);
      const told = { detail: { status: 'FAILED', input: JSON.stringify(shop.executions.started.at(-1)?.input) } };
      await recover(told, shop.given('review'));
    }
    expect(await shop.passage()).toMatchObject({ stranded: true, state: 'inside', leg: 10 });
    await pass(10);
    expect(watch.speaks('passages-stranded')).toBe(false);
    shop.clock.pass(DAY);
    await pass(1);
    expect(await shop.leg().run()).toBe('parked');
    expect(await shop.passage()).toMatchObject({ leg: 11, cursor: { step: 'paid' } });
  });
});

describe('review-stopped', () => {
  it('looks at runs of review; after hours without one all that is due is done, once', async () => {
    expect(ownMetric('review-stopped')).toBe('AWS/Lambda Invocations of review');
    const quiet = journey({ trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' }, steps: [wait('w')] });
    const { shop, pass } = await open([quiet]);
    await shop.enrol(event('cart.updated'));
    shop.clock.pass(5 * 60 * MINUTE);
    expect(shop.executions.started).toHaveLength(0);
    await pass(3);
    expect(shop.executions.started).toHaveLength(1);
  });
});

describe('review-errors', () => {
  it('looks at runs that end with an error, as when the table cannot be read; the next run does what they left', async () => {
    expect(ownMetric('review-errors')).toBe('AWS/Lambda Errors of review');
    const quiet = journey({ trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' }, steps: [wait('w')] });
    const { shop, pass } = await open([quiet]);
    await shop.enrol(event('cart.updated'));
    shop.clock.pass(61 * MINUTE);
    const table = new FaultyTable(shop.table, ({ kind }) => (kind === 'queryIndex' ? 'throttle' : undefined));
    for (let n = 0; n < 3; n += 1) await expect(shop.review({ table })).rejects.toThrow(Conflict);
    await pass(1);
    expect(shop.executions.started).toHaveLength(1);
  });
});

describe('review-failed', () => {
  it('speaks of a row that fails for a quarter of an hour, holds no other up, and ends when the row is mended', async () => {
    const { shop, watch, pass } = await open();
    const key = enrolmentKey({ contact: 'broken', journey: 'cart', key: '', n: 1 });
    const row = { ...key, duePk: 'due#0', due: '2026-01-01T00:00:00.000Z' };
    await shop.table.write({ kind: 'put', row });
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    await pass(10);
    expect(watch.speaks('review-failed')).toBe(false);
    await pass(6);
    expect(watch.speaks('review-failed')).toBe(true);
    await shop.table.write({ kind: 'delete', key });
    await pass(6);
    expect(watch.speaks('review-failed')).toBe(false);
  });
});

describe('too-many-passages', () => {
  it('speaks of whoever is in forty journeys; once some have ended, the next one takes them', async () => {
    const many = Array.from({ length: INSIDE_LIMIT }, (_, n) =>
      journey({ id: `j${n}`, topic: 'orders', steps: [wait('w')] }),
    );
    const order = {
      topic: 'orders',
      trigger: { type: 'event', event: 'purchase' },
      entry: { again: { after: 'PT1M' } },
    } as const;
    const { shop, watch } = await open([...many, journey({ id: 'order', ...order, steps: [tag('thanked')] })]);
    await shop.enrol(event('cart.updated'));
    const bought = () => shop.enrol(event('purchase', { id: `p${shop.clock.now()}`, at: shop.clock.now() }));
    await bought();
    expect(shop.executions.started).toHaveLength(INSIDE_LIMIT);
    expect(watch.speaks('too-many-passages')).toBe(true);
    const legs = shop.legs();
    for (const leg of legs) await leg.run();
    await legs[0]?.runOut();
    shop.clock.pass(5 * MINUTE);
    await bought();
    await shop.leg().run();
    expect(await tags(shop)).toEqual(['thanked']);
    expect(watch.speaks('too-many-passages')).toBe(false);
  });
});

describe('call-failed', () => {
  it('speaks when an endpoint has taken nothing for an hour; the step goes its other way, and nobody tries again', async () => {
    const call = { type: 'call', id: 'tell', endpoint: 'crm', body: {}, answer: true, otherwise: [tag('untold')] };
    const given = settings({ endpoints: { crm: { https: 'https://crm.example/hook', secret: 'crm' } } });
    const { shop, watch, pass } = await open([journey({ steps: [call, tag('done')] })], given);
    shop.web.answer = () => ({ status: 503, body: '' });
    await shop.enrol(event('cart.updated'));
    const leg = shop.leg();
    await leg.run();
    for (let n = 0; n < 90 && !watch.speaks('call-failed'); n += 1) {
      await pass(1);
      await shop.call();
    }
    expect(watch.speaks('call-failed')).toBe(true);
    const tries = shop.web.posted.length;
    shop.web.answer = () => ({ status: 200, body: '' });
    await leg.run();
    for (let n = 0; n < 20; n += 1) {
      await pass(1);
      await shop.call();
    }
    expect(await tags(shop)).toEqual(['done', 'untold']);
    expect(shop.web.posted).toHaveLength(tries);
    expect(watch.speaks('call-failed')).toBe(false);
  });
});

describe('step-errors', () => {
  it('looks at the errors of advance and of pause', () => {
    expect(ownMetric('advance-errors')).toBe('AWS/Lambda Errors of advance');
    expect(ownMetric('pause-errors')).toBe('AWS/Lambda Errors of pause');
  });
});

describe('table-throttled', () => {
  it('looks at the one table; what is throttled is done by a repeat, and once', async () => {
    expect(ownMetric('table-throttled')).toMatch(/^AWS\/DynamoDB ReadThrottleEvents of Table/);
    const { shop } = await open();
    const throttled = new FaultyTable(shop.table, ({ write }) => (write === undefined ? undefined : 'throttle'));
    const cart = event('cart.updated');
    await expect(shop.enrol(cart, { table: throttled })).rejects.toThrow(Conflict);
    expect(await shop.table.get(identityKey('email', 'none'))).toBeUndefined();
    expect(await shop.enrol(cart)).toBe('recorded');
    expect(await shop.enrol(cart)).toBe('duplicate');
    expect(shop.executions.started).toHaveLength(1);
  });
});
