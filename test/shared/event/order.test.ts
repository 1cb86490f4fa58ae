import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSince } from '#shared/event/order.ts';
import { plusMillis } from '#shared/time/instant.ts';

const AT = '2026-03-02T09:00:00.000Z';
const after = (seconds: number) => plusMillis(AT, seconds * 1000);
/** Own time and arrival, in seconds from one moment. */
const timed = (at: number, arrived: number | undefined, type = 'purchase') => ({
  type,
  at: after(at),
  arrived: arrived === undefined ? undefined : after(arrived),
});
const cart = (at: number, arrived: number | undefined = at) => timed(at, arrived, 'cart.updated');

describe('an event happened since a trigger', () => {
  it.each([
    ['after it', timed(1, 1), cart(0), true],
    ['at the same moment', timed(0, 0), cart(0), true],
    ['after it, though it came earlier', timed(60, 60), cart(0, 120), true],
    ['before it', timed(-1, -1), cart(0), false],
    ['before it, by the same clock, and was overtaken on the way', timed(-1, 2), cart(0), false],
    ['after it, by the clock of a storefront that is fast', timed(120, 120), cart(240, 0), true],
    ['after it, at a till that is slow', timed(-120, 120), cart(0), true],
    ['after it, at a slow till, by a fast storefront', timed(-120, 120), cart(240, 0), true],
    ['well before it, and came late', timed(-301, 600), cart(0), false],
    ['before it, by a clock that is known to be the same', timed(-120, 120, 'cart.updated'), cart(0), false],
    ['before it, as far as is known', timed(-120, undefined), cart(0), false],
    ['before it, of which nobody knows when it came', timed(-120, 120), timed(0, undefined, 'cart.updated'), false],
  ])('%s', (_, event, trigger, since) => {
    expect(isSince(event, trigger)).toBe(since);
  });

  const off = fc.integer({ min: -300, max: 300 });

  it('whenever it did, and no clock is off by more than five minutes, or two differ by less than ten seconds', () => {
    fc.assert(
      fc.property(off, off, fc.integer({ min: 1, max: 3600 }), (ofTrigger, ofEvent, gap) => {
        const [trigger, event] = [cart(ofTrigger, 0), timed(gap + ofEvent, gap)];
        fc.pre(event.at >= trigger.at || ofTrigger - ofEvent >= 10);
        expect(isSince(event, trigger)).toBe(true);
      }),
    );
  });

  it('never when it was a quarter of an hour before, whenever it comes', () => {
    fc.assert(
      fc.property(off, off, fc.integer({ min: 901, max: 9000 }), fc.nat(90_000), (ofTrigger, ofEvent, gap, arrived) => {
        expect(isSince(timed(ofEvent - gap, arrived), cart(ofTrigger, 0))).toBe(false);
      }),
    );
  });
});
