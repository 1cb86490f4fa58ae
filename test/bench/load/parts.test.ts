import { describe, expect, it } from 'vitest';
import { firstRing } from '../../../bench/load/alarms.ts';
import { Carry, TokenBucket } from '../../../bench/load/bucket.ts';
import { misjudged } from '../../../bench/load/carts.ts';
import { Latencies } from '../../../bench/load/latencies.ts';
import { Later, Line } from '../../../bench/load/line.ts';
import { Shared, TableRoom } from '../../../bench/load/shares.ts';

describe('a token bucket', () => {
  it('gives its burst at once, and then its rate', () => {
    const bucket = new TokenBucket({ perSecond: 300, burst: 1300 });
    expect(bucket.take(5000)).toBe(1300);
    bucket.fill(2);
    expect(bucket.take(5000)).toBe(600);
    expect(bucket.refused).toBe(3700 + 4400);
  });

  it('holds no more than its burst, however long nobody asks', () => {
    const bucket = new TokenBucket({ perSecond: 300, burst: 1300 });
    bucket.fill(1000);
    expect(bucket.take(5000)).toBe(1300);
  });
});

it('fractions become whole numbers, and nothing of them is lost', () => {
  const carry = new Carry();
  const whole = Array.from({ length: 1000 }, () => carry.whole(0.079));
  expect(whole.reduce((a, b) => a + b)).toBe(79);
});

describe('a line', () => {
  it('gives out first what came first, and knows how long it waited', () => {
    const line = new Line();
    line.push({ born: 0, n: 10, tries: 0 }, 0);
    line.push({ born: 5, n: 10, tries: 0 }, 5);
    expect(line.take(15, 20)).toEqual([
      { born: 0, n: 10, tries: 0 },
      { born: 5, n: 5, tries: 0 },
    ]);
    expect([line.length, line.peak, line.longestWait, line.age(21)]).toEqual([5, 20, 20, 16]);
  });

  it('gives no more than it has', () => {
    const line = new Line();
    line.push({ born: 0, n: 3, tries: 0 }, 0);
    expect(line.take(10, 1)).toEqual([{ born: 0, n: 3, tries: 0 }]);
    expect(line.take(10, 1)).toEqual([]);
  });
});

it('what comes again comes once, at its time, also where that is over', () => {
  const later = new Later(0.5);
  later.put(180, { born: 0, n: 7, tries: 1 });
  later.put(180, { born: 1, n: 3, tries: 1 });
  expect(later.take(179.5)).toEqual([]);
  expect(later.take(180)).toEqual([{ born: 0, n: 10, tries: 1 }]);
  later.put(20, { born: 0, n: 1, tries: 2 });
  expect(later.length).toBe(1);
  expect(later.take(180.5)).toHaveLength(1);
  expect(later.length).toBe(0);
});

it('percentiles are right to five percent', () => {
  const latencies = new Latencies();
  for (let seconds = 1; seconds <= 1000; seconds += 1) latencies.note(seconds, 3);
  const { p50, p99, most, n } = latencies.told;
  expect([n, most]).toEqual([3000, 1000]);
  expect(Math.abs(p50 / 500 - 1)).toBeLessThan(0.05);
  expect(Math.abs(p99 / 990 - 1)).toBeLessThan(0.05);
});

describe('what is shared', () => {
  it('is given in parts as large for everybody, and never more than there is', () => {
    const runs = new Shared(10);
    for (let step = 0; step < 3; step += 1) {
      runs.grant(30);
      runs.grant(10);
      runs.next();
    }
    expect([runs.grant(30), runs.grant(10)]).toEqual([7.5, 2.5]);
    expect(runs.peak).toBe(10);
  });

  it('of a table on demand doubles with what it has had, and not before', () => {
    const room = new TableRoom(4000, 1);
    for (let now = 1; now <= 400; now += 1) {
      room.units.grant(9000);
      room.next(now);
      if (now === 299) expect(room.perSecond).toBe(4000);
    }
    expect(room.perSecond).toBe(8000);
  });
});

describe('an alarm', () => {
  it('rings when so many periods in a row have reached its threshold', () => {
    const late = { threshold: 900, period: 300, periods: 2 };
    const minutes = [...Array(10).fill(0), ...Array(5).fill(1000), ...Array(5).fill(0), ...Array(10).fill(1000)];
    expect(firstRing(minutes, 'max', late)).toBe(30);
    expect(firstRing(minutes.slice(0, 25), 'max', late)).toBeUndefined();
  });

  it('sums up what its periods have seen', () => {
    expect(firstRing(Array(5).fill(30), 'sum', { threshold: 100, period: 300, periods: 1 })).toBe(5);
    expect(firstRing(Array(5).fill(19), 'sum', { threshold: 100, period: 300, periods: 1 })).toBeUndefined();
  });
});

describe('a cart is misjudged', () => {
  const born = Array.from({ length: 120 }, () => ({ n: 100, waited: 0 }));

  it('when the purchase within its hour waits longer than its judge does', () => {
    const waits = born.map(({ n }, minute) => ({ n, waited: minute >= 30 && minute < 60 ? 3600 : 0 }));
    const looks = [{ n: 590, waited: 3600 }];
    // From the thirtieth minute on each purchase of that hour is recorded after the cart was judged.
    expect(misjudged({ waits, looks }, 0.3)).toBe(Math.round((590 * 0.3 * 30) / 59));
  });

  it('never where nothing waits', () => {
    expect(misjudged({ waits: born, looks: [{ n: 590, waited: 3600 }] }, 0.3)).toBe(0);
  });
});
