import { describe, expect, it } from 'vitest';
import { advance } from '#functions/advance/advance.ts';
import { Conflict } from '#shared/errors.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { FaultyTable } from '#test/faults/table.ts';
import { begun } from './begun.ts';

const DAY = 86_400_000;

describe('a turn', () => {
  it('writes what it decided and puts out what is to be sent, in the lane of its topic', async () => {
    const { shop, leg } = await begun();
    const output = await leg.advance();
    const passage = await shop.passage();
    const message = await shop.message('hello');
    expect(passage).toMatchObject({ turn: 1, next: 'pause', out: [message.id], cursor: { step: 'think' } });
    expect(output).toEqual({
      ...{ contact: passage.contact, journey: 'cart', key: '', n: 1, leg: 1, turn: 1 },
      wakeAt: plusMillis(shop.clock.now(), DAY),
    });
    expect(shop.outbox).toMatchObject({
      transactional: { bodies: [{ contact: passage.contact, message: message.id }] },
      marketing: { bodies: [] },
    });
  });

  it.each([
    ['crash-before', 0],
    ['crash-after', 1],
    ['lost', 1],
  ] as const)('is written as a whole or not at all (%s)', async (fault, turns) => {
    const { shop, leg } = await begun();
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? fault : undefined));
    await expect(leg.advance({ table })).rejects.toThrow();
    expect((await shop.passage()).turn).toBe(turns);
    expect(await shop.messages()).toHaveLength(turns);
    expect(shop.outbox.transactional.bodies).toEqual([]);
    await leg.advance();
    expect(await shop.messages()).toHaveLength(1);
    expect(shop.outbox.transactional.bodies).toHaveLength(1);
  });

  it('that is repeated puts out and returns the same, and decides nothing anew', async () => {
    const { shop, first } = await begun();
    const output = await advance(first, shop.deps);
    const before = await shop.passage();
    shop.clock.pass(3 * DAY);
    expect(await advance(first, shop.deps)).toEqual(output);
    expect(await shop.passage()).toEqual(before);
    expect(shop.outbox.transactional.bodies).toHaveLength(2);
    expect(new Set(shop.outbox.transactional.bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('that is repeated does not put out what has been sent since', async () => {
    const { shop, first } = await begun();
    await advance(first, shop.deps);
    await shop.send();
    await advance(first, shop.deps);
    expect(shop.outbox.transactional.bodies).toEqual([]);
  });

  it('that was the last, repeated, returns where the passage ended', async () => {
    const { shop, first } = await begun(journey({ steps: [send('hello')] }));
    const output = await advance(first, shop.deps);
    shop.clock.pass(1000);
    expect(await advance(first, shop.deps)).toMatchObject({ turn: output.turn, leg: 1 });
    expect(await shop.messages()).toHaveLength(1);
  });

  it('taken twice at the same time is taken once', async () => {
    const { shop, first } = await begun();
    const [one, two] = await Promise.all([advance(first, shop.deps), advance(first, shop.deps)]);
    expect(one).toEqual(two);
    expect(await shop.passage()).toMatchObject({ turn: 1 });
    expect(await shop.messages()).toHaveLength(1);
  });

  it('keeps what an event changes on the contact while it runs, beside its own', async () => {
    const { shop, leg } = await begun(journey({ steps: [tag('mine'), wait('think')] }));
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () =>
      shop.enrol(event('registration', { at: shop.clock.now(), traits: { city: 'Warsaw' } })),
    );
    await leg.advance({ table });
    expect(await shop.contact()).toMatchObject({ tags: ['mine'], traits: { city: 'Warsaw' } });
  });

  it('counts what it changes on the contact as one revision, and what it does not as none', async () => {
    const { shop, leg } = await begun(journey({ steps: [tag('mine'), wait('think'), wait('more'), wait('last')] }));
    const { rev } = await shop.contact();
    await leg.run();
    expect((await shop.contact()).rev).toBe(rev + 1);
    await leg.runOut();
    expect((await shop.contact()).rev).toBe(rev + 1);
  });

  it('whose timer fired a moment early has fired all the same, and one that is far too early has not', async () => {
    const { shop, leg } = await begun(journey({ steps: [wait('think'), tag('thought')] }));
    await leg.run();
    shop.clock.pass(DAY - 6 * 60_000);
    await leg.advance({ timedOut: true });
    expect(await shop.passage()).toMatchObject({ state: 'inside', cursor: { step: 'think' } });
    shop.clock.pass(6 * 60_000 - 500);
    await leg.advance({ timedOut: true });
    expect(await shop.passage()).toMatchObject({ state: 'finished', ended: plusMillis(shop.clock.now(), 500) });
  });

  it('hints at the calls that it makes, again when it is repeated', async () => {
    const calling = journey({ steps: [{ type: 'call', id: 'tell', endpoint: 'crm' }, wait('think')] });
    const shop = await HandShop.open(
      [calling],
      settings({ endpoints: { crm: { https: 'https://crm.example/hook', secret: 'crm' } } }),
    );
    await shop.enrol(event('cart.updated'));
    const first = shop.executions.started[0]?.input ?? {};
    await advance(first, shop.deps);
    const { contact, calls = [] } = await shop.passage();
    expect(calls).toHaveLength(1);
    expect(shop.calls.take()).toEqual([{ contact, call: calls[0] }]);
    await advance(first, shop.deps);
    expect(shop.calls.take()).toEqual([{ contact, call: calls[0] }]);
  });

  it('puts nothing out where it says nothing', async () => {
    const { shop, first } = await begun(journey({ steps: [tag('mine'), wait('think')] }));
    const bodies: (readonly object[])[] = [];
    const queue = { send: async (sent: readonly object[]) => void bodies.push(sent) };
    await advance(first, {
      ...shop.deps,
      outbox: { transactional: queue, marketing: queue },
      calls: queue,
    });
    expect(bodies).toEqual([]);
    expect(await shop.passage()).not.toHaveProperty('puts');
    expect(await shop.passage()).not.toHaveProperty('calls');
  });

  it('of a passage that is gone goes nowhere', async () => {
    const { shop, leg } = await begun();
    const { contact } = await shop.passage();
    await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: 'J#cart##0001' } });
    expect(await leg.advance()).toMatchObject({ turn: 0 });
    expect(await leg.pause()).toBe('finished');
  });

  it('is left to the state machine when others are faster again and again', async () => {
    const { shop, leg } = await begun();
    const table = new FaultyTable(shop.table, ({ write }) => (write === undefined ? undefined : 'conflict'));
    const began = Date.parse(shop.clock.now());
    await expect(leg.advance({ table })).rejects.toThrow(new Conflict('turn 1 met other writers 8 times'));
    // Each time it waits twice as long, five seconds in all.
    expect(Date.parse(shop.clock.now()) - began).toBe(20 * (2 ** 8 - 1));
    await leg.advance();
    expect((await shop.passage()).turn).toBe(1);
  });
});

it('counts what a profile has no room for', async () => {
  const list = Array.from({ length: 60 }, (_, i) => i);
  const shop = await HandShop.open([journey({ steps: [{ type: 'update', id: 'note', append: { seen: list } }] })]);
  await shop.enrol(event('cart.updated'));
  await shop.leg().run();
  expect((await shop.contact()).traits['seen']).toEqual(list.slice(0, 50));
  expect(shop.metrics.counts['TraitsKeptOut']).toBe(1);
});
