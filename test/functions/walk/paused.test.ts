import { describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { edit, told } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const DAY = 86_400_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const cart = journey({
  goal: { if: { event: 'purchase' } },
  exits: [{ if: { event: 'order.refunded' }, outcome: 'refunded' }],
  steps: [wait('think', 'P2D'), send('hello'), wait('rest', 'P3D'), tag('through')],
});
const paused = { ...cart, status: 'paused' } as const;

async function inside(definition = cart) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const leg = shop.leg();
  await leg.run();
  return { shop, leg };
}

/** The pause of the wait comes to its end, and the turn is taken. */
async function comesDue(shop: HandShop, leg: Awaited<ReturnType<typeof inside>>['leg'], days: number) {
  shop.clock.pass(days * DAY);
  leg.timeOut();
  await leg.advance({ timedOut: true });
  return leg.pause();
}

describe('a paused journey', () => {
  it('lets nobody in', async () => {
    const { shop } = await inside();
    await edit(shop, paused, 1);
    await shop.enrol(event('cart.updated', { identities: { email: 'eve@shop.example' }, consents: YES }));
    expect(shop.legs()).toHaveLength(1);
  });

  it('stands still on what comes due, and goes on when it is live again', async () => {
    const { shop, leg } = await inside();
    await edit(shop, paused, 1);
    expect(await comesDue(shop, leg, 2)).toBe('parked');
    expect(await shop.passage()).toMatchObject({ cursor: { step: 'think', stalled: shop.clock.now() } });
    await edit(shop, cart, 1);
    await told(shop);
    expect(leg.isPaused).toBe(false);
    await leg.run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    const { cursor } = await shop.passage();
    expect(cursor).toMatchObject({ step: 'rest', wakeAt: plusMillis(shop.clock.now(), 3 * DAY) });
    expect(cursor?.stalled).toBeUndefined();
  });

  it('wakes nobody whose wait is not over', async () => {
    const { shop, leg } = await inside();
    await edit(shop, paused, 1);
    await edit(shop, cart, 1);
    await told(shop);
    expect(leg.isPaused).toBe(true);
    expect(await shop.passage()).toMatchObject({ heard: {}, seq: 0 });
  });

  it('sends no more what has expired meanwhile, and goes on behind it', async () => {
    const { shop, leg } = await inside();
    await edit(shop, paused, 1);
    await comesDue(shop, leg, 2);
    shop.clock.pass(2 * DAY);
    await edit(shop, cart, 1);
    await told(shop);
    await leg.run();
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'paused' });
    expect(await shop.passage()).toMatchObject({ cursor: { step: 'rest' } });
  });

  it('counts goals and lets those leave whom an exit lets', async () => {
    const { shop, leg } = await inside();
    await edit(shop, paused, 1);
    await comesDue(shop, leg, 2);
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect(await leg.run()).toBe('finished');
    expect(await shop.passage()).toMatchObject({ state: 'converted' });
  });

  it('remembers what a waitFor has heard, and counts it although its time is over', async () => {
    const steps = [waitFor('looked', { event: 'page.viewed' }, { then: [tag('curious')], otherwise: [tag('dull')] })];
    const looking = journey({ steps });
    const { shop, leg } = await inside(looking);
    await edit(shop, { ...looking, status: 'paused' }, 1);
    await shop.enrol(event('page.viewed', { at: shop.clock.now() }));
    expect(await leg.run()).toBe('parked');
    expect(await shop.passage()).toMatchObject({ cursor: { step: 'looked', stalled: shop.clock.now() } });
    shop.clock.pass(3 * DAY);
    await edit(shop, looking, 1);
    await told(shop);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['curious']);
  });

  it('holds back what lies in the outbox, and lets it go when it is live again in time', async () => {
    const { shop, leg } = await inside();
    await comesDue(shop, leg, 2);
    await edit(shop, paused, 1);
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ state: 'queued' });
    await edit(shop, cart, 1);
    shop.clock.pass(20 * 60_000);
    await shop.review();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('withholds what lies in the outbox until it has expired', async () => {
    const { shop, leg } = await inside();
    await comesDue(shop, leg, 2);
    await edit(shop, paused, 1);
    await shop.send();
    shop.clock.pass(DAY);
    await shop.review();
    await shop.send();
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'paused' });
    await edit(shop, cart, 1);
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
  });

  it('lets everybody go when it is archived', async () => {
    const { shop, leg } = await inside();
    await edit(shop, paused, 1);
    await comesDue(shop, leg, 2);
    await edit(shop, { ...cart, status: 'archived' }, 1);
    await told(shop);
    expect(await leg.run()).toBe('finished');
    expect(await shop.passage()).toMatchObject({ outcome: 'archived' });
  });

  it('stands before its first step when it was paused before the first turn', async () => {
    const shop = await HandShop.open([cart]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    await edit(shop, paused, 1);
    const leg = shop.leg();
    expect(await leg.run()).toBe('parked');
    await edit(shop, cart, 1);
    await told(shop);
    await leg.run();
    const { cursor } = await shop.passage();
    expect(cursor).toMatchObject({ step: 'think', visit: 1, wakeAt: plusMillis(shop.clock.now(), 2 * DAY) });
  });
});
