import { describe, expect, it } from 'vitest';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T09:00:00.000Z';
const giving = journey({
  entry: { again: {} },
  steps: [{ type: 'coupon', id: 'code', pool: 'cart-10', otherwise: [tag('unlucky')] }],
});

/** The codes of three carts one after the other, with a purchase by the first code after the second. */
function played(coupons?: Record<string, readonly string[]>) {
  const play = new ContactPlay(
    worldOf({ settings: settings(), segments: {}, journeys: [giving], ...(coupons && { coupons }) }),
    'c1',
    START,
  );
  const at = (minutes: number) => plusMillis(START, minutes * 60_000);
  const cart = (minutes: number) => play.hear(event('cart.updated', { at: at(minutes) }), at(minutes));
  cart(0);
  cart(1);
  const code = String(play.passages[0]?.left['code']?.['code']);
  play.hear(event('purchase', { at: at(2), data: { coupon: code } }), at(2));
  cart(3);
  return { codes: play.passages.map(({ left }) => left['code']?.['code']), tags: play.profile?.tags };
}

describe('coupons in a simulation', () => {
  it('are those that a pool is said to have, until they are gone', () => {
    expect(played({ 'cart-10': ['TEST10'] })).toEqual({ codes: ['TEST10', 'TEST10', undefined], tags: ['unlucky'] });
    expect(played({ 'cart-10': ['A', 'B'] }).codes).toEqual(['A', 'A', 'B']);
    expect(played({ 'cart-10': [] }).tags).toEqual(['unlucky']);
  });

  it('are made up where nothing is said', () => {
    expect(played().codes).toEqual(['CART-10-1', 'CART-10-1', 'CART-10-2']);
  });
});
