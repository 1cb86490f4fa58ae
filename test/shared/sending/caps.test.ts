import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedBy,
  type Counted,
  NOTHING_SENT,
  type Scoped,
  type Sent,
  withoutSent,
  withSent,
} from '#shared/sending/caps.ts';
import { plusMillis } from '#shared/time/instant.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 'Europe/Warsaw';
const mail = (ago: number, more: Partial<Sent> = {}): Sent => ({
  at: plusMillis(NOW, -ago),
  channel: 'email',
  topic: 'offers',
  journey: 'cart',
  ...more,
});
const asked = { channel: 'email', topic: 'offers', journey: 'cart' } as const;
const allowed = (scoped: Scoped, sent: Sent[], message: Omit<Sent, 'at'> = asked, ever = {}) =>
  allowedBy(scoped, message, { sent, ever }, NOW, ZONE);
const cap = (count: number, more: object = {}, journey?: string): Scoped => ({
  cap: { count, per: 'P1D', ...more },
  ...(journey !== undefined && { journey }),
});

describe('a cap', () => {
  it.each([
    ['allows the first', cap(1), [], NOW],
    ['holds the second back until the first is so long ago', cap(1), [mail(HOUR)], plusMillis(NOW, 23 * HOUR)],
    ['counts no more what was sent exactly so long ago', cap(1), [mail(DAY)], NOW],
    [
      'of two waits for the older of the last two',
      cap(2),
      [mail(9 * HOUR), mail(5 * HOUR), mail(HOUR)],
      plusMillis(NOW, 19 * HOUR),
    ],
    ['of none never allows any', cap(0), [], undefined],
    ['counts its own channel only', cap(1, { channel: 'email' }), [mail(HOUR, { channel: 'sms' })], NOW],
    ['of another channel has nothing to say', cap(0, { channel: 'sms' }), [], NOW],
    ['counts its own topic only', cap(1, { topic: 'offers' }), [mail(HOUR, { topic: 'news' })], NOW],
    ['of a journey counts that journey only', cap(1, {}, 'cart'), [mail(HOUR, { journey: 'welcome' })], NOW],
    ['of the shop counts all journeys', cap(1), [mail(HOUR, { journey: 'welcome' })], plusMillis(NOW, 23 * HOUR)],
  ] as const)('%s', (_, scoped, sent, at) => {
    expect(allowed(scoped, [...sent])).toBe(at);
  });

  it('of days keeps the clock over a summer-time change', () => {
    const sent = { ...mail(0), at: '2026-03-28T11:00:00.000Z' };
    const now = '2026-03-28T12:00:00.000Z';
    expect(allowedBy(cap(1), asked, { sent: [sent], ever: {} }, now, ZONE)).toBe('2026-03-29T10:00:00.000Z');
  });

  it('without a span holds for ever, each by what it counts', () => {
    const lifelong = (count: number): Scoped => ({ cap: { count }, journey: 'cart' });
    const one = withSent(NOTHING_SENT, mail(0), [lifelong(2)], ZONE);
    expect(allowedBy(lifelong(2), asked, one, NOW, ZONE)).toBe(NOW);
    const two = withSent(one, mail(0), [lifelong(2)], ZONE);
    expect(allowedBy(lifelong(2), asked, two, NOW, ZONE)).toBeUndefined();
    expect(allowedBy(lifelong(2), { ...asked, journey: 'welcome' }, two, NOW, ZONE)).toBe(NOW);
    expect(two.sent).toEqual([]);
  });
});

describe('what is remembered', () => {
  it('is only what one of its own caps can still ask for, whatever bears on those that follow', () => {
    const day = [cap(1, { per: 'P1D' })];
    const month = [...day, cap(2, { per: 'P30D' }, 'cart')];
    const first = withSent(NOTHING_SENT, mail(20 * DAY), month, ZONE);
    const second = withSent(first, mail(8 * DAY, { journey: 'other' }), day, ZONE);
    const third = withSent(second, mail(0, { journey: 'other' }), day, ZONE);
    expect(third.sent.map(({ at, journey }) => [at, journey])).toEqual([
      [plusMillis(NOW, -20 * DAY), 'cart'],
      [NOW, 'other'],
    ]);
    expect(withSent(NOTHING_SENT, mail(0), [], ZONE)).toEqual(NOTHING_SENT);
  });

  it('is taken back for a message that did not go', () => {
    const caps = [cap(1), { cap: { count: 5 }, journey: 'cart' }];
    const before = withSent(NOTHING_SENT, mail(HOUR), caps, ZONE);
    const after = withSent(before, mail(0), caps, ZONE);
    expect(withoutSent(after, mail(0), caps)).toEqual(before);
  });

  it('is enough: no cap is ever exceeded by messages that go when it allows them', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 });
    const limits = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('PT6H', 'P1D', 'P3D')), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(gaps, limits, (hours, written) => {
        const caps = written.map(([count, per]) => cap(count, { per }));
        const went: number[] = [];
        let counted: Counted = NOTHING_SENT;
        let now = NOW;
        for (const hour of hours) {
          now = plusMillis(now, hour * HOUR);
          const at = caps
            .map((one) => allowedBy(one, asked, counted, now, 'UTC'))
            .reduce((a, b) => (a && b && a > b ? a : b));
          if (at !== now) continue;
          counted = withSent(counted, { ...asked, at: now }, caps, 'UTC');
          went.push(Date.parse(now));
        }
        const spans = { PT6H: 6 * HOUR, P1D: DAY, P3D: 3 * DAY };
        for (const [count, per] of written)
          for (const at of went)
            expect(went.filter((other) => other > at - spans[per] && other <= at).length).toBeLessThanOrEqual(count);
      }),
    );
  });
});
