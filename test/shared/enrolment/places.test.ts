import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAP_SHARDS, type CountedEntries, type Place, placesFor } from '#shared/enrolment/places.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { journey } from '#test/build/journey.ts';

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;

/** The counters of one cap, kept as the store keeps them. */
class Counters {
  readonly shards: (CountedEntries | undefined)[] = Array.from({ length: CAP_SHARDS }, () => undefined);

  take({ shard, stretch, below }: Place): void {
    const before = this.shards[shard];
    const n = before?.entries[stretch] ?? 0;
    expect(n).toBeLessThan(below);
    expect(before?.current ?? 0).toBeLessThanOrEqual(stretch);
    this.shards[shard] = { current: stretch, entries: { ...before?.entries, [stretch]: n + 1 } };
  }
}

const capped = (...cap: { count: number; per?: string }[]) => journey({ entry: { cap } });

function enters(definition: ReturnType<typeof journey>, counters: Counters, contact: string, now = START): boolean {
  const places = placesFor({ journey: definition, contact, now, counted: () => counters.shards });
  places?.forEach((place) => {
    counters.take(place);
  });
  return places !== undefined;
}

const many = (n: number) => Array.from({ length: n }, (_, i) => `contact ${i}`);

describe('a cap on entry', () => {
  it.each([0, 1, 5, 16, 17, 500])('of %i lets in exactly so many, whatever shard each begins to look in', (count) => {
    const counters = new Counters();
    const entered = many(count + 50).filter((contact) => enters(capped({ count }), counters, contact));
    expect(entered).toHaveLength(count);
  });

  it('with a span lets in as many again once the span has passed, and at the latest a 24th of it later', () => {
    const counters = new Counters();
    const daily = capped({ count: 10, per: 'P1D' });
    const at = (hours: number) =>
      many(20).filter((who) => enters(daily, counters, who, plusMillis(START, hours * HOUR)));
    expect(at(0)).toHaveLength(10);
    expect(at(23.9)).toHaveLength(0);
    expect(at(25)).toHaveLength(10);
  });

  it('never lets in more in any stretch of the span, whenever they come', () => {
    const span = fc.constantFrom(['PT1H', HOUR], ['P1D', 24 * HOUR], ['P7D', 168 * HOUR]);
    const steps = fc.array(fc.double({ min: 0, max: 0.4, noNaN: true }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(span, fc.integer({ min: 1, max: 12 }), steps, ([per, millis], count, gaps) => {
        const counters = new Counters();
        const entered: number[] = [];
        let now = 0;
        for (const [i, gap] of gaps.entries()) {
          now += gap * Number(millis);
          if (enters(capped({ count, per: String(per) }), counters, `c${i}`, plusMillis(START, now))) entered.push(now);
        }
        for (const end of entered)
          expect(entered.filter((at) => at <= end && at > end - Number(millis)).length).toBeLessThanOrEqual(count);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('goes on in the stretch of those whose clock is ahead', () => {
    const counters = new Counters();
    const hourly = capped({ count: 5, per: 'PT1H' });
    expect(enters(hourly, counters, 'ahead', plusMillis(START, 4 * HOUR))).toBe(true);
    const entered = many(9).filter((contact) => enters(hourly, counters, contact, START));
    expect(entered).toHaveLength(4);
  });

  it('counts the entries of before when it is raised, and lets nobody in when it is lowered below them', () => {
    const counters = new Counters();
    for (const contact of many(40)) enters(capped({ count: 40 }), counters, contact);
    expect(enters(capped({ count: 20 }), counters, 'late')).toBe(false);
    const more = many(90).filter((contact) => enters(capped({ count: 100 }), counters, contact));
    expect(more).toHaveLength(60);
  });

  it('is the smallest of those with one span', () => {
    const counters = new Counters();
    const twice = capped({ count: 9, per: 'P1D' }, { count: 3, per: 'P1D' });
    expect(many(10).filter((contact) => enters(twice, counters, contact))).toHaveLength(3);
  });

  it('that was lowered lets nobody in though some shards have room, while all together have none', () => {
    const counters = new Counters();
    counters.shards[0] = { current: 0, entries: { 0: 20 } };
    const entered = (count: number) => many(30).filter((contact) => enters(capped({ count }), counters, contact));
    expect(entered(20)).toEqual([]);
    expect(entered(22)).toHaveLength(2);
  });

  it.each([1, 5, 16, 17, 40])(
    'of %i gives its shards no more places than it has, to who come in one moment',
    (count) => {
      const below = new Map<number, number>();
      for (const contact of many(500)) {
        const [place] = placesFor({ journey: capped({ count }), contact, now: START, counted: () => [] }) ?? [];
        if (place) below.set(place.shard, place.below);
      }
      expect([...below.values()].reduce((a, b) => a + b)).toBe(count);
      expect(below.size).toBe(Math.min(count, CAP_SHARDS));
    },
  );

  it('lets everybody in where there is none, and takes a place of each where there are several', () => {
    const places = (...cap: { count: number; per?: string }[]) =>
      placesFor({ journey: capped(...cap), contact: 'c', now: START, counted: () => [] });
    expect(places()).toEqual([]);
    expect(places({ count: 2 }, { count: 1, per: 'P1D' })?.map(({ cap }) => cap)).toEqual(['ever', 'P1D']);
    expect(places({ count: 2 }, { count: 0, per: 'P1D' })).toBeUndefined();
  });
});
