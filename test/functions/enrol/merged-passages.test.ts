import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { legInputSchema } from '#shared/enrolment/enrolment.ts';
import type { Event } from '#shared/event/event.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { edit } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const HOUR = 3_600_000;
const VISITOR = { anonymousId: 'browser' };
const GUEST = { email: 'ann@shop.example' };
const BOTH = { ...VISITOR, ...GUEST };
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

const says = (shop: HandShop, type: string, identities: Event['identities'], more: Partial<Event> = {}) =>
  shop.enrol(event(type, { at: shop.clock.now(), identities, ...more }));

/** All passages of the shop, in the order in which they were begun. */
async function passages(shop: HandShop): Promise<Enrolment[]> {
  const refs = shop.executions.started.map(({ input }) => legInputSchema.parse(input));
  return loadEnrolments(shop.table, refs);
}

/** A passage of the visitor and one of the guest, in this order, and then they are one. */
async function inside(first: ReturnType<typeof journey>, second = first): Promise<HandShop> {
  const shop = await HandShop.open(first === second ? [first] : [first, second]);
  await says(shop, 'cart.updated', VISITOR);
  shop.clock.pass(1000);
  await says(shop, first === second ? 'cart.updated' : 'other', GUEST, { consents: YES });
  return shop;
}

const outcomes = async (shop: HandShop) => (await passages(shop)).map(({ state, outcome }) => outcome ?? state);

describe('passages of two who are one', () => {
  const rest = journey({ steps: [wait('rest', 'P2D'), tag('end')] });
  const other = journey({
    id: 'other',
    trigger: { type: 'event', event: 'other' },
    goal: { if: { event: 'purchase' } },
    steps: [waitFor('paid', { event: 'page.viewed' }, { upTo: 'P3D', then: [tag('seen')] }), send('hello')],
  });

  it('go on, hear what either does, and change the one profile', async () => {
    const shop = await inside(
      other,
      journey({ ...other, id: 'cart', trigger: { type: 'event', event: 'cart.updated' } }),
    );
    const legs = shop.legs();
    for (const leg of legs) await leg.run();
    await says(shop, 'login', BOTH);
    expect(Object.keys((await shop.contact()).inside)).toHaveLength(2);
    await says(shop, 'page.viewed', GUEST);
    for (const leg of legs) {
      expect(leg.isPaused).toBe(false);
      expect(await leg.run()).toBe('finished');
    }
    const { tags, inside: still, watching } = await shop.contact();
    expect({ tags, still }).toEqual({ tags: ['seen'], still: {} });
    expect(Object.keys(watching)).toHaveLength(2);
    await says(shop, 'purchase', VISITOR);
    expect(await outcomes(shop)).toEqual(['converted', 'converted']);
    expect((await shop.contact()).watching).toEqual({});
    await shop.send();
    expect((await shop.messages()).map(({ state, reason }) => reason ?? state)).toEqual([
      'goal-reached',
      'goal-reached',
    ]);
  });

  it('by one door are one: that which has said something stays, else the first', async () => {
    const shop = await inside(rest);
    const [stays, goes] = shop.legs();
    await stays?.run();
    await goes?.run();
    await says(shop, 'login', BOTH);
    expect(await outcomes(shop)).toEqual(['inside', 'merged']);
    expect([stays?.isPaused, goes?.isPaused]).toEqual([true, false]);
    expect(await goes?.run()).toBe('finished');
    shop.clock.pass(48 * HOUR);
    stays?.timeOut();
    await stays?.advance({ timedOut: true });
    expect(await outcomes(shop)).toEqual(['finished', 'merged']);
    expect((await shop.contact()).inside).toEqual({});

    const sent = journey({
      steps: [waitFor('go', { event: 'go' }, { then: [send('hello')], upTo: 'P9D' }), wait('rest', 'P9D')],
    });
    const later = await inside(sent);
    const legs = later.legs();
    for (const leg of legs) await leg.run();
    await says(later, 'go', GUEST);
    for (const leg of legs) if (!leg.isPaused) await leg.run();
    await says(later, 'login', BOTH);
    expect(await outcomes(later)).toEqual(['merged', 'inside']);
  });

  it('that are in the middle of a turn leave all the same', async () => {
    const shop = await inside(rest);
    const [, goes] = shop.legs();
    await goes?.advance();
    await says(shop, 'login', BOTH);
    expect(await goes?.pause()).toBe('finished');
    expect(await outcomes(shop)).toEqual(['inside', 'merged']);
  });

  it('are told of the goal that the other contact has reached, and of nothing before their trigger', async () => {
    const bought = journey({ goal: { if: { event: 'purchase' }, value: 'total' }, steps: [wait('rest', 'P9D')] });
    const shop = await HandShop.open([bought]);
    await says(shop, 'purchase', GUEST, { data: { total: 1 } });
    shop.clock.pass(HOUR);
    await says(shop, 'cart.updated', VISITOR);
    const leg = shop.leg();
    await leg.run();
    shop.clock.pass(HOUR);
    await says(shop, 'login', BOTH);
    expect(leg.isPaused).toBe(true);

    const after = await HandShop.open([bought]);
    await says(after, 'cart.updated', VISITOR);
    const second = after.leg();
    await second.run();
    after.clock.pass(HOUR);
    await says(after, 'purchase', GUEST, { data: { total: 7 } });
    await says(after, 'login', BOTH);
    expect(second.isPaused).toBe(false);
    await second.run();
    expect((await passages(after))[0]).toMatchObject({ state: 'converted', converted: { value: 7 } });
  });

  it('count the goal when they are over, too', async () => {
    const bought = journey({ goal: { if: { event: 'purchase' } }, steps: [tag('end')] });
    const shop = await HandShop.open([bought]);
    await says(shop, 'cart.updated', VISITOR);
    await shop.leg().run();
    await says(shop, 'purchase', GUEST);
    await says(shop, 'login', BOTH);
    expect(await outcomes(shop)).toEqual(['converted']);
  });

  it('leave when the other contact has refused what they write, and nothing is sent', async () => {
    const offers = journey({ steps: [wait('rest'), send('hello')] });
    const shop = await HandShop.open([offers]);
    await says(shop, 'cart.updated', VISITOR);
    await shop.leg().run();
    await says(shop, 'page.viewed', GUEST, { consents: [consent('offers', shop.clock.now(), 'denied')] });
    const { contact: guest } = await contactOf(shop, GUEST);
    await says(shop, 'login', BOTH);
    const [passage] = await passages(shop);
    // It says who has refused, since no event of that moment does.
    const merged = { event: `merged:${guest}`, type: 'merged', at: shop.clock.now() };
    expect(Object.values(passage?.heard ?? {})).toEqual([expect.objectContaining(merged)]);
    expect(await shop.leg().run()).toBe('finished');
    expect(await outcomes(shop)).toEqual(['unsubscribed']);
  });

  it.each<[string, object, string]>([
    ['archived', { status: 'archived' }, 'archived'],
    ['edited and nobody stays', { publish: { inside: 'leave' } }, 'replaced'],
  ])(
    'leave where the journey was %s, though its walk has passed by the survivor already',
    async (_, edited, outcome) => {
      const first = journey({ steps: [wait('rest', 'P9D')] });
      const shop = await HandShop.open([first]);
      await says(shop, 'page.viewed', GUEST);
      shop.clock.pass(1000);
      await says(shop, 'cart.updated', VISITOR);
      const leg = shop.leg();
      await leg.run();
      await edit(shop, { ...first, ...edited }, 2);
      shop.walking.take();
      shop.clock.pass(11_000);
      await says(shop, 'login', BOTH);
      expect(leg.isPaused).toBe(false);
      await leg.run();
      expect(await outcomes(shop)).toEqual([outcome]);
    },
  );

  it('go on that stood still while their journey was paused', async () => {
    const first = journey({ steps: [wait('rest', 'P2D'), tag('through')] });
    const shop = await HandShop.open([first]);
    await says(shop, 'page.viewed', GUEST);
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', VISITOR);
    const leg = shop.leg();
    await leg.run();
    await edit(shop, { ...first, status: 'paused' }, 1);
    shop.clock.pass(50 * HOUR);
    leg.timeOut();
    await leg.advance({ timedOut: true });
    await leg.pause();
    // As long as it is paused nobody goes on.
    await says(shop, 'page.viewed', { device: 'd' });
    await says(shop, 'login', { ...VISITOR, device: 'd' });
    expect(leg.isPaused).toBe(true);
    await edit(shop, first, 1);
    shop.walking.take();
    shop.clock.pass(11_000);
    await says(shop, 'login', BOTH);
    expect(leg.isPaused).toBe(false);
    expect(await leg.run()).toBe('finished');
    expect((await shop.contact()).tags).toEqual(['through']);
  });

  it('go on where they wait for their time, whatever has been told to those that stood still', async () => {
    const first = journey({ steps: [wait('rest', 'P2D'), tag('through')] });
    const shop = await HandShop.open([first]);
    await says(shop, 'page.viewed', GUEST);
    await says(shop, 'cart.updated', VISITOR);
    const leg = shop.leg();
    await leg.run();
    await says(shop, 'login', BOTH);
    expect(leg.isPaused).toBe(true);
    expect((await passages(shop))[0]?.heard).toEqual({});
  });

  it('go on where the other contact has refused one of the channels that they write on', async () => {
    const steps = [wait('rest'), send('hello'), send('text', { channel: 'sms' })];
    const shop = await HandShop.open([journey({ steps })]);
    await says(shop, 'cart.updated', VISITOR);
    await shop.leg().run();
    await says(shop, 'page.viewed', GUEST, { consents: [consent('offers', shop.clock.now(), 'denied')] });
    await says(shop, 'login', BOTH);
    expect(await outcomes(shop)).toEqual(['inside']);
    expect((await passages(shop))[0]?.heard).toEqual({});
  });

  it('go on that write nothing, although the other contact has refused', async () => {
    const shop = await HandShop.open([journey({ steps: [wait('rest'), tag('through')] })]);
    await says(shop, 'cart.updated', VISITOR);
    await shop.leg().run();
    await says(shop, 'page.viewed', GUEST, { consents: [consent('offers', shop.clock.now(), 'denied')] });
    await says(shop, 'login', BOTH);
    expect(await outcomes(shop)).toEqual(['inside']);
    expect((await passages(shop))[0]?.heard).toEqual({});
  });
});
