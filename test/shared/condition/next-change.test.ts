import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { isTimed, nextChange } from '#shared/condition/next-change.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { profile } from '#test/build/profile.ts';
import { conditionOf, havingDone, KnownFacts, lastOf, message, NOW, scope } from './build.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const earlier = (ms: number): Instant => plusMillis(NOW, -ms);
const bought = (ms: number, n = 0): StoredEvent => ({
  id: `p${ms}-${n}`,
  type: 'purchase',
  at: earlier(ms),
  data: { total: 10 },
});
const change = (written: unknown, given: Scope) => nextChange(conditionOf(written), given);

describe('the moment at which time alone changes an answer', () => {
  it('is when the last purchase falls out of its window', () => {
    const given = havingDone([bought(10 * DAY)]);
    expect(change({ event: 'purchase', within: 'P90D', is: 0 }, given)).toBe(plusMillis(NOW, 80 * DAY));
    expect(change({ not: { event: 'purchase', last: 'at', before: 'now-P60D' } }, given)).toBe(
      plusMillis(NOW, 50 * DAY + 1),
    );
  });

  it('is when the sum of what is left is too small, however many leave before', () => {
    const given = havingDone([bought(5 * DAY), bought(20 * DAY), bought(29 * DAY)]);
    expect(change({ event: 'purchase', within: 'P30D', sum: 'total', gte: 20 }, given)).toBe(plusMillis(NOW, 10 * DAY));
  });

  it('is the midnight of a day, on the calendar of the contact', () => {
    const given = scope({ profile: profile({ traits: { birthday: '1990-12-24', timeZone: 'Asia/Tokyo' } }) });
    expect(change({ trait: 'birthday', every: 'P1Y', next: 'P7D' }, given)).toBe('2026-12-16T15:00:00.000Z');
  });

  it('is when a window opens, and when it closes', () => {
    expect(change({ now: { days: ['mon'] } }, scope())).toBe('2026-11-22T23:00:00.000Z');
    expect(change({ not: { now: { days: ['sun'] } } }, scope())).toBe('2026-11-22T23:00:00.000Z');
  });

  it('is found inside a segment', () => {
    const segments = { lapsed: conditionOf({ not: { event: 'purchase', within: 'P30D' } }) };
    const given = { ...havingDone([bought(DAY)]), segments };
    expect(change({ segment: 'lapsed' }, given)).toBe(plusMillis(NOW, 29 * DAY));
  });

  it('is two days after a delivery where the last few mails are asked for', () => {
    const sent = message({ facts: { sent: earlier(DAY), delivered: earlier(DAY) } });
    const given = scope({ facts: new KnownFacts({ messages: [sent] }) });
    expect(change({ message: 'any', among: 1, isNot: ['opened'], gte: 1 }, given)).toBe(plusMillis(NOW, DAY));
  });

  it('never comes for what only a doing can change, nor where something else decides', () => {
    expect(change({ event: 'purchase', is: 0 }, scope())).toBeUndefined();
    expect(change({ event: 'purchase', within: 'P30D', is: 0 }, scope())).toBeUndefined();
    const given = havingDone([bought(DAY)]);
    expect(change({ any: [{ not: { tag: 'vip' } }, { event: 'purchase', within: 'P30D' }] }, given)).toBeUndefined();
  });

  it('costs a contact with many events no more queries than one with few', () => {
    const queries = (count: number) => {
      const given = havingDone(Array.from({ length: count }, (_, n) => bought((n + 1) * MINUTE, n)));
      change({ event: 'purchase', within: 'P30D', gte: 3 }, given);
      return given.facts.asked.map(({ limit }) => limit);
    };
    expect(queries(10_000)).toEqual(queries(10));
  });
});

const days = fc.constantFrom('P1D', 'P3D', 'P1W', 'P1M', 'PT5H', 'P1DT2H');
const traits = fc.constantFrom('day', 'moment', 'feast', 'none');
const relative = fc
  .tuple(fc.constantFrom('now', 'today'), fc.constantFrom('', '-', '+'), days)
  .map(([word, sign, iso]) => (sign === '' ? word : `${word}${sign}${iso}`));
const dateOps = fc.oneof(
  days.map((within) => ({ within })),
  days.map((next) => ({ next })),
  relative.map((said) => ({ before: said })),
  relative.map((said) => ({ after: said })),
  fc.tuple(fc.constantFrom('P1Y', 'P1M', 'P1W'), days).map(([every, within]) => ({ every, within })),
  fc.tuple(fc.constantFrom('P1Y', 'P1M', 'P1W'), days).map(([every, next]) => ({ every, next })),
  fc.tuple(fc.constantFrom('P1M', 'P1W'), relative).map(([every, said]) => ({ every, after: said })),
);
const leaf = fc.oneof(
  fc.tuple(traits, dateOps).map(([trait, ops]) => ({ trait, ...ops })),
  fc.tuple(days, fc.nat(3)).map(([within, gte]) => ({ event: 'purchase', within, gte })),
  fc.tuple(relative, fc.nat(3)).map(([since, lte]) => ({ event: 'purchase', since, lte })),
  fc.tuple(days, fc.nat(40)).map(([within, gte]) => ({ event: 'purchase', within, sum: 'total', gte })),
  relative.map((said) => ({ event: 'purchase', last: 'at', before: said })),
  fc.tuple(days, dateOps).map(([within, ops]) => ({ event: 'purchase', within, where: { data: 'at', ...ops } })),
  days.map((within) => ({ message: 'any', within })),
  days.map((within) => ({ journey: 'welcome', is: 'finished', within })),
  fc.constantFrom({ now: { days: ['tue'], from: '10:00', to: '12:00' } }, { now: { from: '21:00', to: '09:00' } }),
  fc.constant({ tag: 'vip' }),
);
const written: fc.Arbitrary<object> = fc.oneof(
  leaf,
  leaf.map((not) => ({ not })),
  fc.array(leaf, { minLength: 2, maxLength: 3 }).map((all) => ({ all })),
  fc.array(leaf, { minLength: 2, maxLength: 3 }).map((any) => ({ any })),
);
/** Quarters of an hour, so that stepping by them meets every one of these moments. */
const past = fc.nat(4 * 24 * 40).map((quarters) => earlier(quarters * 15 * MINUTE));

const contact = fc
  .record({
    purchases: fc.array(past, { maxLength: 5 }),
    moment: past,
    day: fc.constantFrom('2026-11-20', '2026-11-22', '2026-12-01', '2020-02-29'),
    sent: past,
    zone: fc.constantFrom('Europe/Warsaw', 'Asia/Kolkata', 'America/New_York'),
  })
  .map(({ purchases, moment, day, sent, zone }) => {
    const events = purchases.map((at, n): StoredEvent => ({ id: `e${n}`, type: 'purchase', at, data: { total: 10 } }));
    const passages = [{ journey: 'welcome', state: 'finished', entered: sent, ended: moment }];
    return scope({
      profile: profile({
        traits: { day, moment, feast: plusMillis(moment, 40 * DAY), timeZone: zone },
        last: lastOf(events),
      }),
      facts: new KnownFacts({ events, messages: [message({ queuedAt: sent, facts: { sent } })], passages }),
    });
  });

/** The first quarter of an hour at which the answer is another one. */
function stepped(condition: Condition, given: Scope): Instant | undefined {
  const answer = evaluate(condition, given);
  for (let n = 1; n <= 4 * 24 * 35; n += 1) {
    const now = plusMillis(NOW, n * 15 * MINUTE);
    if (evaluate(condition, { ...given, now }) !== answer) return now;
  }
  return undefined;
}

it('is never later than what looking every quarter of an hour finds, and the answer is another one then', () => {
  fc.assert(
    fc.property(written, contact, (asked, given) => {
      const condition = conditionOf(asked);
      const found = nextChange(condition, given);
      const seen = stepped(condition, given);
      if (!isTimed(condition, {})) expect(seen).toBeUndefined();
      if (seen !== undefined) expect(found !== undefined && found <= seen).toBe(true);
      if (found === undefined) return;
      expect(found > NOW).toBe(true);
      const answer = evaluate(condition, given);
      expect(evaluate(condition, { ...given, now: plusMillis(found, -1) })).toBe(answer);
      // After sixty moments it may give up at one: three leaves have no more than twelve a day.
      if (found < plusMillis(NOW, 5 * DAY)) expect(evaluate(condition, { ...given, now: found })).toBe(!answer);
    }),
    { numRuns: 400 },
  );
}, 60_000);

it.each<[object, boolean]>([
  [{ trait: 'born', before: 'now-P18Y' }, true],
  [{ trait: 'born', within: 'P1D' }, true],
  [{ trait: 'born', next: 'P1D' }, true],
  [{ trait: 'born', after: 'today' }, true],
  [{ trait: 'born', before: '2026-12-24' }, false],
  [{ trait: 'city', is: 'x' }, false],
  [{ trigger: 'until', after: 'now' }, true],
  [{ trigger: 'until', is: 'x' }, false],
  [{ step: 'code.expiresAt', after: 'now+P1D' }, true],
  [{ event: 'purchase', where: { data: 'until', after: 'now' } }, true],
  [{ event: 'purchase', where: { data: 'until', is: 'x' } }, false],
  [{ event: 'purchase' }, false],
  [{ event: 'purchase', within: 'P7D' }, true],
  [{ event: 'purchase', since: 'now-P7D' }, true],
  [{ event: 'purchase', since: '2026-01-01' }, false],
  [{ event: 'purchase', last: 'at', before: 'now-P7D' }, true],
  [{ now: { from: '10:00', to: '18:00' } }, true],
  [{ tag: 'tea' }, false],
  [{ all: [{ tag: 'tea' }, { not: { event: 'purchase', within: 'P7D' } }] }, true],
  [{ any: [{ tag: 'tea' }, { tag: 'cups' }] }, false],
  [{ segment: 'recent' }, true],
  [{ segment: 'tea' }, false],
  [{ segment: 'unknown' }, false],
])('that time alone can change the answer to %j is %s', (written, timed) => {
  const segments = { recent: conditionOf({ event: 'purchase', within: 'P7D' }), tea: conditionOf({ tag: 'tea' }) };
  expect(isTimed(conditionOf(written), segments)).toBe(timed);
});
