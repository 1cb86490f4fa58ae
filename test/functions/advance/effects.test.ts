import { describe, expect, it } from 'vitest';
import { advance } from '#functions/advance/advance.ts';
import { recover } from '#functions/review/passage.ts';
import { messageKey, profileKey } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const DAY = 86_400_000;
const SKEW = 5 * 60_000;
const emit = (id: string) => ({ type: 'emit', id, event: `said.${id}` });

async function begun(...steps: object[]) {
  const shop = await HandShop.open([journey({ topic: 'orders', steps })]);
  await shop.enrol(event('cart.updated'));
  const input = shop.executions.started[0]?.input ?? {};
  const told = () =>
    shop.bus.entries.splice(0).map(({ detailType, detail }) => [detailType, Reflect.get(detail, 'id')]);
  const hinted = () => shop.outbox.transactional.take().map((body) => Reflect.get(body, 'message'));
  return { shop, leg: shop.leg(), input, told, hinted };
}

/** The execution of the present leg has failed, and review has begun the next. */
async function fails(shop: HandShop): Promise<void> {
  const { name, input } = shop.executions.started.at(-1) ?? { name: '', input: {} };
  shop.executions.abort(name);
  await recover({ detail: { status: 'FAILED', input: JSON.stringify(input) } }, shop.deps);
}

describe('what a turn puts on the bus', () => {
  it('is put again when the turn is repeated, under the same ids, and with no other turn', async () => {
    const { shop, leg, input, told } = await begun(emit('one'), emit('two'), wait('w'), tag('end'));
    await leg.advance();
    const first = told();
    expect(first.map(([type]) => type)).toEqual(['said.one', 'said.two']);
    await advance(input, shop.deps);
    expect(told()).toEqual(first);
    await leg.pause();
    await leg.runOut();
    expect(told()).toEqual([]);
    expect(await shop.passage()).not.toHaveProperty('puts');
  });

  it('is put by the next leg where its own died before it could', async () => {
    const { shop, input, told } = await begun(emit('one'), wait('w'));
    const bus = { put: () => Promise.reject(new Error('the function dies')) };
    await expect(advance(input, { ...shop.deps, bus })).rejects.toThrow('dies');
    await fails(shop);
    expect(await shop.leg().run()).toBe('parked');
    expect(told().map(([type]) => type)).toEqual(['said.one']);
  });

  it('is put by no next leg twice', async () => {
    const { shop, leg, told } = await begun(emit('one'), wait('w'), emit('two'), wait('v'));
    await leg.run();
    await leg.runOut();
    told();
    await fails(shop);
    await shop.leg().advance();
    const again = told();
    expect(again.map(([type]) => type)).toEqual(['said.two']);
    await shop.leg().run();
    await shop.leg().advance();
    expect(told()).toEqual([]);
  });

  it('is one event where it withdraws consent, though somebody asks for that', async () => {
    const deny = { type: 'update', id: 'no', consent: { offers: 'denied' } };
    const asks = journey({ id: 'asks', trigger: { type: 'event', event: 'unsubscribed' }, steps: [tag('heard')] });
    const asked = journey({ id: 'tags', trigger: { type: 'event', event: 'tag.added' }, steps: [tag('heard')] });
    const shop = await HandShop.open([journey({ steps: [deny, tag('gone')] }), asks, asked]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().advance();
    expect(shop.bus.entries.map(({ detailType }) => detailType)).toEqual(['unsubscribed', 'tag.added']);
  });
});

describe('a leg that is over', () => {
  it('puts out nothing of the next, waits no longer than that, and ends', async () => {
    const { shop, leg, hinted } = await begun(wait('w'), send('hello'), wait('v'));
    await leg.run();
    await fails(shop);
    shop.clock.pass(DAY);
    await shop.leg().run();
    expect(hinted()).toHaveLength(1);
    const { wakeAt, leg: number, turn } = await leg.advance();
    expect({ wakeAt, number, turn }).toEqual({
      ...{ wakeAt: (await shop.passage()).cursor?.wakeAt },
      number: 1,
      turn: 1,
    });
    expect(hinted()).toEqual([]);
    expect(await leg.pause()).toBe('finished');
  });

  it('of a passage that is gone has nothing to wait for, by any clock', async () => {
    const { shop, leg, hinted } = await begun(send('hello'), wait('w'));
    const { contact } = await shop.passage();
    await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: 'J#cart##0001' } });
    expect((await leg.advance()).wakeAt).toBe(plusMillis(shop.clock.now(), -SKEW));
    expect(hinted()).toEqual([]);
  });
});

it('of what a repeated turn has said, what is not there any more is hinted at no more', async () => {
  const { shop, input, hinted } = await begun(send('hello'), send('again'), wait('w'));
  await advance(input, shop.deps);
  const [first, second] = hinted();
  const { contact } = await shop.passage();
  await shop.table.write({ kind: 'delete', key: messageKey(contact, String(first)) });
  await advance(input, shop.deps);
  expect(hinted()).toEqual([second]);
});

it('a passage whose contact is gone is left to whoever looks after the machine', async () => {
  const { shop, leg } = await begun(wait('w'));
  const { contact, id } = await shop.passage();
  await shop.table.write({ kind: 'delete', key: profileKey(contact) });
  await expect(leg.advance()).rejects.toThrow(`contact ${contact} of passage ${id} has no profile`);
});

describe('the moment of a turn', () => {
  it('that its timer has brought is the one that was meant, as far as clocks may differ', async () => {
    const { shop, leg } = await begun(wait('w'), tag('end'));
    await leg.run();
    shop.clock.pass(DAY - SKEW);
    await leg.advance({ timedOut: true });
    expect(await shop.passage()).toMatchObject({ state: 'finished', ended: plusMillis(shop.clock.now(), SKEW) });
  });

  it('that something else has brought is now, however soon the timer would have fired', async () => {
    const paid = { event: 'purchase', sum: 'total', gte: 50 };
    const { shop, leg } = await begun(waitFor('paid', paid, { otherwise: [tag('unpaid')] }));
    await leg.run();
    shop.clock.pass(DAY - 1000);
    await shop.enrol(event('purchase', { at: shop.clock.now(), data: { total: 10 } }));
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('parked');
    expect(await shop.passage()).toMatchObject({ state: 'inside', cursor: { step: 'paid' } });
  });

  it('of one that comes late is now', async () => {
    const { shop, leg } = await begun(wait('w'), tag('end'));
    await leg.run();
    shop.clock.pass(3 * DAY);
    await leg.advance({ timedOut: true });
    expect((await shop.passage()).ended).toBe(shop.clock.now());
  });

  it('of the first turn is now, whatever the machine says of a timer', async () => {
    const { shop, leg } = await begun(tag('end'));
    await leg.advance({ timedOut: true });
    expect((await shop.passage()).ended).toBe(shop.clock.now());
  });
});

describe('a turn counts', () => {
  it('the pool that had no code left', async () => {
    const { shop, leg } = await begun({ type: 'coupon', id: 'code', pool: 'gift', otherwise: [tag('none')] });
    await leg.advance();
    expect(shop.metrics.counted).toEqual([['PoolEmpty', 1, { pool: 'gift' }]]);
  });

  it('nothing where all found room', async () => {
    const { shop, leg } = await begun(tag('a'), wait('w'));
    await leg.advance();
    expect(shop.metrics.counted).toEqual([]);
  });
});
