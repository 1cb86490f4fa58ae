import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { type Change, tally } from '#functions/tally/tally.ts';
import { STREAM } from '#functions/wiring.ts';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { hourOf, joinHours } from '#shared/contact/engaged.ts';
import { aliasOf } from '#shared/contact/merge.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { bestMoment, habitsOf } from '#shared/sending/best-hour.ts';
import { groupOf } from '#shared/sending/pattern.ts';
import { learnDone, loadPattern } from '#shared/store/habits.ts';
import { putSettings } from '#shared/store/journeys.ts';
import { loadProfile, putProfile } from '#shared/store/profiles.ts';
import { Published } from '#shared/store/published.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { StillClock } from '#test/build/table.ts';

const DAY = 86_400_000;
const NOW = '2026-03-02T09:00:00.000Z';
const KRAKOW = settings({ shop: { alike: 'city' } });

/** A table whose stream is read by hand. */
async function shopOf(given = KRAKOW) {
  const clock = new StillClock(NOW);
  const db = openDatabase(':memory:');
  const feed = new SqliteFeed(db, STREAM.keys);
  const table = new SqliteTable(db, { now: clock.now, feed });
  await table.write(putSettings(given, { sequencer: '0', key: 'settings.json' }, undefined));
  const changes = (): Change[] =>
    feed
      .read(0, 1000)
      .map(({ sequence, before, after }) => ({ sequence: String(sequence).padStart(20, '0'), before, after }));
  return { table, clock, changes };
}

type Shop = Awaited<ReturnType<typeof shopOf>>;

/** Somebody does something at these moments, each told by itself. */
async function does(shop: Shop, contact: string, times: readonly Instant[], traits: Profile['traits'] = {}) {
  for (const at of times) {
    const before = await loadProfile(shop.table, contact);
    const hours = [...joinHours(before?.hours ?? [], [hourOf(at)])];
    await shop.table.write(putProfile(profile({ contact, traits, rev: (before?.rev ?? 0) + 1, hours }), before));
  }
}

/** The nights before, at that time of Warsaw's winter. */
const nights = (clock: string, count: number): Instant[] =>
  Array.from({ length: count }, (_, i) => `${plusMillis(NOW, -(i + 1) * DAY).slice(0, 11)}${clock}:00.000Z`);

const sumOf = (week: readonly number[] = []): number => week.reduce((a, b) => a + b, 0);

describe('the pattern of a shop', () => {
  it('counts each hour of each contact once, whatever is told twice or learned in between', async () => {
    const hours = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 40 })), { minLength: 1, maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(hours, cuts, async (done, sizes) => {
        const shop = await shopOf();
        for (const [who, hour] of done) await does(shop, `c${who}`, [plusMillis(NOW, -hour * 3_600_000)]);
        const changes = shop.changes();
        for (let from = 0, n = 0; from < changes.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          for (const shard of ['local', 'local']) await tally(shard, changes.slice(from, from + size), shop);
          if (n % 2 === 0) await learnDone(shop.table);
          from += size;
        }
        await learnDone(shop.table);
        const different = new Set(done.map(([who, hour]) => `${who}/${hour}`)).size;
        const pattern = await loadPattern(shop.table);
        // The oldest is 40 hours old, and weighs two hundredths less.
        expect(Math.abs(sumOf(pattern?.shop) - different)).toBeLessThan(0.03 * different);
      }),
      { numRuns: 30 },
    );
  });

  it('does not count again what a merge brings', async () => {
    const shop = await shopOf();
    await does(shop, 'a', nights('19:15', 3));
    await does(shop, 'b', nights('08:15', 3));
    const [a, b] = [await loadProfile(shop.table, 'a'), await loadProfile(shop.table, 'b')];
    if (!a || !b) throw new Error('nobody is there');
    const hours = [...joinHours(a.hours ?? [], b.hours ?? [])];
    await shop.table.write(putProfile({ ...a, rev: a.rev + 1, hours, aka: ['b'] }, a));
    await shop.table.write(putProfile(aliasOf(b, 'a', 'e'), b));
    await tally('local', shop.changes(), shop);
    await learnDone(shop.table);
    expect(sumOf((await loadPattern(shop.table))?.shop)).toBeGreaterThan(5.8);
    expect(sumOf((await loadPattern(shop.table))?.shop)).toBeLessThan(6.1);
  });

  it('is on the clock of each, and knows who are alike without their word for it', async () => {
    const shop = await shopOf();
    await does(shop, 'a', ['2026-03-01T19:15:00.000Z'], { city: 'Lodz' });
    await does(shop, 'b', ['2026-03-02T01:15:00.000Z'], { timeZone: 'America/New_York' });
    await tally('local', shop.changes(), shop);
    await learnDone(shop.table);
    const pattern = await loadPattern(shop.table);
    // Sunday, at eight in the evening, in Warsaw and in New York.
    expect(pattern?.shop[6 * 24 + 20]).toBeCloseTo(2, 1);
    expect(Object.keys(pattern?.alike ?? {})).toEqual([groupOf({ traits: { city: 'Lodz' } }, 'city')]);
    expect(JSON.stringify(pattern)).not.toContain('Lodz');
  });
});

describe('who has done nothing yet', () => {
  const momentOf = async (shop: Shop, traits: Profile['traits'], hours: readonly number[] = []) => {
    const read = await new Published(shop.table, shop.clock).settings();
    const habits = habitsOf({ traits, hours: [...hours] }, 'Europe/Warsaw', read);
    return bestMoment(habits, { until: plusMillis(NOW, DAY), isQuiet: () => false }, NOW).slice(11, 16);
  };
  /** A hundred people of two cities, a few evenings each, and mornings. */
  const lived = async () => {
    const shop = await shopOf();
    for (let i = 0; i < 40; i += 1) {
      await does(shop, `l${i}`, nights('19:15', 5), { city: 'Lodz' });
      await does(shop, `k${i}`, nights('11:15', 5), { city: 'Krakow' });
    }
    for (let changes = shop.changes(), n = 0; n < changes.length; n += 100)
      await tally('local', changes.slice(n, n + 100), shop);
    return shop;
  };

  it('is written to when people like them are there, once review has looked, and at the hour of the shop before', async () => {
    const shop = await lived();
    expect(await momentOf(shop, { city: 'Lodz' })).toBe('09:00');
    const { deps } = new HandShop();
    await review({ ...deps, ...shop, published: new Published(shop.table, shop.clock) });
    expect(await momentOf(shop, { city: 'Lodz' })).toBe('19:00');
    expect(await momentOf(shop, { city: 'Krakow' })).toBe('11:00');
    expect(await momentOf(shop, { city: 'Lodz' }, nights('06:15', 20).map(hourOf).toReversed())).toBe('06:00');
    expect(await shop.table.queryIndex({ index: 'due', pk: 'due#0', limit: 10 })).toEqual([]);
  });
});
