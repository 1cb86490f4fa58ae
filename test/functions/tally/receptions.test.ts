import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receptionOf } from '#functions/tally/receptions.ts';
import { type Change, tally } from '#functions/tally/tally.ts';
import { STREAM } from '#functions/wiring.ts';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { dueShard } from '#shared/store/keys.ts';
import { claimMessage, type Fact, noteFact, queueMessage } from '#shared/store/messages.ts';
import { loadReceptions, receivedSince } from '#shared/store/receptions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { message } from '#test/shared/condition/build.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const LATER = '2026-03-02T20:00:00.000Z';

const said = (fact: Fact['fact'], minutes: number, more: Partial<Fact> = {}): Fact => ({
  fact,
  at: plusMillis(NOW, minutes * 60_000),
  ...more,
});
const hard = (minutes: number) => said('bounced', minutes, { hardBounced: plusMillis(NOW, minutes * 60_000) });

/** What SES may say of a mail, and how it counts. */
const FATES: readonly [facts: readonly Fact[], bounces: number, complaints: number][] = [
  [[said('sent', 0), said('delivered', 1), said('opened', 20)], 0, 0],
  [[said('sent', 0), hard(2)], 1, 0],
  [[said('sent', 0), said('bounced', 2)], 0, 0],
  [[said('sent', 0), said('delivered', 1), hard(30)], 1, 0],
  [[said('sent', 0), said('delivered', 1), said('complained', 300)], 0, 1],
];

/** Mails whose facts are noted in this order, some of them twice. */
async function streamOf(mails: readonly { fate: number; order: readonly number[]; minute: number }[]) {
  const db = openDatabase(':memory:');
  const feed = new SqliteFeed(db, STREAM.keys);
  const table = new SqliteTable(db, { now: () => NOW, feed });
  for (const [i, { minute }] of mails.entries()) {
    const one = message({ id: `m${i}`, contact: `c${i}`, state: 'queued', journey: 'cart', to: 'gmail.com' });
    await table.write(queueMessage(one));
    await table.write(claimMessage(one, 'test', plusMillis(NOW, minute * 60_000)));
  }
  for (const round of [0, 1, 2, 3, 4])
    for (const [i, { fate, order }] of mails.entries()) {
      const facts = FATES[fate]?.[0] ?? [];
      const fact = facts[(order[round] ?? 0) % facts.length];
      if (fact) await table.write(noteFact(`c${i}`, `m${i}`, fact));
    }
  // Whatever was left out.
  for (const [i, { fate }] of mails.entries())
    for (const fact of FATES[fate]?.[0] ?? []) await table.write(noteFact(`c${i}`, `m${i}`, fact));
  const changes = feed
    .read(0, 10_000)
    .map(({ sequence, before, after }): Change => ({ sequence: String(sequence).padStart(20, '0'), before, after }));
  return { table, changes };
}

const mail = fc.record({
  fate: fc.nat(FATES.length - 1),
  order: fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
  minute: fc.nat(40),
});

it('whatever is said twice, late, or in another order, each mail counts once, in the ten minutes in which it went', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(mail, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
      async (mails, sizes) => {
        const { table, changes } = await streamOf(mails);
        // Batches come once, or once more with what follows, as a stream repeats what has failed.
        for (let from = 0, n = 0; from < changes.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          await tally('local', changes.slice(from, from + size), { table });
          if (n % 2 === 0) await tally('local', changes.slice(from, from + size), { table });
          from += size;
        }
        const rows = await loadReceptions(table, NOW, LATER);
        const received = receivedSince(rows.values(), {});
        const sum = (at: 1 | 2) => mails.reduce((all, { fate }) => all + (FATES[fate]?.[at] ?? 0), 0);
        const expected = { mails: mails.length, bounces: sum(1), complaints: sum(2) };
        for (const scope of ['all', 'journey/cart', 'topic/offers', 'to/gmail.com'])
          expect(received[scope]).toEqual(expected);
        const stretches = new Set(mails.map(({ minute }) => Math.floor(minute / 10)));
        expect(rows.size).toBe(stretches.size);
      },
    ),
    { numRuns: 60 },
  );
});

describe('ten minutes', () => {
  it('of which something bad is told are due to be looked at, and others not', async () => {
    const { table, changes } = await streamOf([
      { fate: 0, order: [], minute: 0 },
      { fate: 1, order: [], minute: 20 },
    ]);
    await tally('local', changes, { table });
    const due = await table.queryIndex({ index: 'due', pk: dueShard(0), limit: 100 });
    expect(due.map(({ sk }) => sk).filter((sk) => sk.endsWith('#local'))).toEqual(['2026-03-02T09:20:00.000Z#local']);
  });

  it('do not change by a complaint that comes after weeks', () => {
    const claim = { by: 'test', at: NOW, attempt: 1 };
    const gone = message({ claim, facts: { sent: NOW } });
    const complained = (days: number) => {
      const at = plusMillis(NOW, days * 86_400_000);
      return receptionOf(gone, { ...gone, facts: { sent: NOW, complained: at } })?.received.complaints;
    };
    expect([complained(7), complained(9)]).toEqual([1, undefined]);
  });
});

it('shards count for themselves, and what was let go counts from then on', async () => {
  const { table, changes } = await streamOf([
    { fate: 1, order: [], minute: 0 },
    { fate: 1, order: [], minute: 10 },
  ]);
  for (const shard of ['a', 'b']) await tally(shard, changes, { table });
  const rows = await loadReceptions(table, NOW, LATER);
  expect(receivedSince(rows.values(), {})['all']?.bounces).toBe(4);
  const fresh = { all: '2026-03-02T09:10:00.000Z' };
  expect(receivedSince(rows.values(), fresh)).toMatchObject({ all: { bounces: 2 }, 'journey/cart': { bounces: 4 } });
});
