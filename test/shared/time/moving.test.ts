import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMillis, plusMillis } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { ago, ahead, arrival, isMoving, type Moving, movingOf, NOW } from '#shared/time/moving.ts';

const ZONE = 'Europe/Warsaw';
const local = (text: string): string => localInstant(text, ZONE);
const from = { now: local('2026-11-22T12:00'), zone: ZONE, lookup: () => undefined };

describe('a moment that moves with now', () => {
  it.each(['now', 'today', 'now-P30D', 'now+PT1H', 'today-P1M'])('%s is one', (expression) => {
    expect(isMoving(expression)).toBe(true);
  });

  it.each(['2026-12-24', 'entry', 'entry+P1D', 'tomorrow', 'now-', 'nowadays', 'in-now', { trait: 'born' }, 5])(
    '%j is none',
    (expression) => {
      expect(isMoving(expression)).toBe(false);
      expect(movingOf(expression, from)).toBeUndefined();
    },
  );

  it('is none when it goes by what is no duration', () => {
    expect(movingOf('now-Psoon', from)).toBeUndefined();
  });

  it.each([
    ['now', '2026-12-24T15:00', '2026-12-24T15:00'],
    ['now-P30D', '2026-12-24T15:00', '2026-11-24T15:00'],
    ['now+P1D', '2026-12-24T15:00', '2026-12-25T15:00'],
    ['today', '2026-12-24T15:00', '2026-12-24T00:00'],
    ['today-P1D', '2026-12-24T15:00', '2026-12-23T00:00'],
    ['today+P1D', '2026-12-24T15:00', '2026-12-25T00:00'],
  ])('%s, when it is %s, is %s', (expression, now, expected) => {
    expect(movingOf(expression, from)?.at(local(now))).toBe(local(expected));
  });

  it.each([
    ['now', '2026-12-24T15:00', '2026-12-24T15:00'],
    ['now-P30D', '2026-11-24T15:00', '2026-12-24T15:00'],
    ['now-PT36H', '2026-03-28T10:00', '2026-03-29T23:00'],
    ['now+P1D', '2026-12-25T15:00', '2026-12-24T15:00'],
    // A whole day gets beyond a moment at the next midnight, and to a midnight at once.
    ['today', '2026-12-24T15:00', '2026-12-25T00:00'],
    ['today', '2026-12-24T00:00', '2026-12-24T00:00'],
    ['today-P1D', '2026-12-24T15:00', '2026-12-26T00:00'],
    // A month before 31 March is 28 February, which three days had before it.
    ['now-P1M', '2026-02-28T10:00', '2026-03-28T10:00'],
    ['now-P1M', '2026-02-28T10:01', '2026-03-28T10:01'],
    ['now-P1M', '2026-03-31T10:00', '2026-05-01T00:00'],
    // A week after half past two, on the day on which that hour is not there.
    ['now-P1W', '2026-03-22T02:30', '2026-03-29T03:00'],
    ['now+P1M', '2026-02-28T10:00', '2026-01-28T10:00'],
    ['now+P1M', '2026-03-01T00:00', '2026-02-01T00:00'],
  ])('%s gets to %s at %s', (expression, there, expected) => {
    const moving = movingOf(expression, from);
    expect(moving && arrival(moving, local(there))).toBe(local(expected));
  });

  it('gets somewhere at the first moment at which it is there', () => {
    const iso = fc.constantFrom('PT1H', 'PT100H', 'P1D', 'P30D', 'P1W', 'P1M', 'P3M', 'P1Y', 'P1M3DT5H');
    const zone = fc.constantFrom(ZONE, 'America/New_York', 'Africa/Cairo', 'UTC');
    const moving = fc.oneof(
      fc.constant(NOW),
      fc.tuple(iso, zone).map(([length, where]) => ago(length, where)),
      fc.tuple(iso, zone).map(([length, where]) => ahead(length, where)),
      fc.constantFrom('today', 'today-P1M', 'today+P2D').map((expression) => movingOf(expression, from) ?? NOW),
    );
    const there = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }).map(fromMillis);
    fc.assert(
      fc.property(moving, there, (one: Moving, goal) => {
        const first = arrival(one, goal);
        expect(one.at(first) >= goal).toBe(true);
        expect(one.at(plusMillis(first, -1)) < goal).toBe(true);
      }),
    );
  });
});
