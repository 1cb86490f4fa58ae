import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, tally } from '#functions/tally/tally.ts';
import { STREAM } from '#functions/wiring.ts';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { aliasOf } from '#shared/contact/merge.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { loadCounts, SHOP, standingOf } from '#shared/store/counters.ts';
import { enrolmentRow } from '#shared/store/enrolments.ts';
import { profileKey } from '#shared/store/keys.ts';
import { noteFact, queueMessage } from '#shared/store/messages.ts';
import { putProfile } from '#shared/store/profiles.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { profile } from '#test/build/profile.ts';
import { FaultyTable } from '#test/faults/table.ts';
import { message } from '#test/shared/condition/build.ts';

const NOW = '2026-03-02T09:00:00.000Z';

/** A table whose stream is read by hand. */
function streamed() {
  const db = openDatabase(':memory:');
  const feed = new SqliteFeed(db, STREAM.keys);
  const table = new SqliteTable(db, { now: () => NOW, feed });
  const changes = (): Change[] =>
    feed
      .read(0, 1000)
      .map(({ sequence, before, after }) => ({ sequence: String(sequence).padStart(20, '0'), before, after }));
  return { table, changes };
}

const put = (given: Partial<Enrolment>) => ({ kind: 'put' as const, row: enrolmentRow(enrolment(given), NOW) });

/** Some passages of two versions, on their ways. */
async function lived(states: readonly Enrolment['state'][]) {
  const { table, changes } = streamed();
  for (const [i, state] of states.entries()) {
    const one = { contact: `c${i}`, version: 1 + (i % 2) };
    await table.write(put(one));
    if (state !== 'inside') await table.write(put({ ...one, state, outcome: state === 'exited' ? 'left' : state }));
  }
  return { table, changes: changes() };
}

const five = ({ inside = 0, held = 0, converted = 0, finished = 0, ...others }: Record<string, number>): number =>
  inside +
  held +
  converted +
  finished +
  Object.entries(others)
    .filter(([name]) => name.startsWith('exited/'))
    .reduce((sum, [, n]) => sum + n, 0);

const anyStates = fc.array(fc.constantFrom('inside', 'held', 'converted', 'finished', 'exited'), { maxLength: 12 });

describe('the counters', () => {
  it('of a batch that tells of more steps than fit into one write are all counted, and once', async () => {
    const { table, changes } = streamed();
    const steps = Array.from({ length: 300 }, (_, i) => `step-${i}`);
    for (const [i, step] of steps.entries())
      await table.write(put({ contact: `c${i}`, cursor: { step, visit: 1, began: NOW, wakeAt: NOW } }));
    const all = changes();
    await tally('s', all, { table });
    await tally('s', all, { table });
    const counts = await loadCounts(table, 'cart', 1);
    expect(steps.map((step) => counts[`at/${step}`])).toEqual(steps.map(() => 1));
    expect(counts['entries']).toBe(300);
  });

  it('are what the rows say, and entries are always the sum of the five', async () => {
    await fc.assert(
      fc.asyncProperty(anyStates, async (states) => {
        const { table, changes } = await lived(states);
        await tally('shard', changes, { table });
        for (const version of [1, 2]) {
          const mine = states.filter((_, i) => 1 + (i % 2) === version);
          const counts = await loadCounts(table, 'cart', version);
          expect(counts['entries'] ?? 0).toBe(mine.length);
          expect(five(counts)).toBe(mine.length);
          for (const state of ['inside', 'held', 'converted', 'finished'] as const)
            expect(counts[state] ?? 0).toBe(mine.filter((one) => one === state).length);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('count a batch once that comes again, however it is cut then', async () => {
    const cuts = fc.array(fc.tuple(fc.nat({ max: 24 }), fc.nat({ max: 24 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyStates, cuts, async (states, replays) => {
        const { table, changes } = await lived(states);
        let upTo = 0;
        for (const [length, back] of [...replays, [changes.length, changes.length] as const]) {
          // A stream goes on where it was, or some way before that: never after what has not been worked off.
          const from = Math.max(0, upTo - back);
          const batch = changes.slice(from, upTo + length);
          upTo = Math.max(upTo, from + batch.length);
          await tally('shard', batch, { table });
        }
        const counts = [await loadCounts(table, 'cart', 1), await loadCounts(table, 'cart', 2)];
        expect(counts.reduce((sum, one) => sum + (one['entries'] ?? 0), 0)).toBe(states.length);
        expect(counts.reduce((sum, one) => sum + five(one), 0)).toBe(states.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['crash-before', 'crash-after', 'lost', 'conflict'] as const)(
    'count a batch once when its counting is cut off anywhere (%s)',
    async (fault) => {
      for (const write of [1, 2, 3]) {
        const { table, changes } = await lived(['inside', 'finished', 'converted', 'inside']);
        const faulty = new FaultyTable(table, (call) => (call.write === write ? fault : undefined));
        await tally('shard', changes, { table: faulty }).catch(() => undefined);
        await tally('shard', changes, { table });
        expect(await loadCounts(table, 'cart', 1)).toMatchObject({ entries: 2, inside: 1, converted: 1 });
        expect(await loadCounts(table, 'cart', 2)).toMatchObject({ entries: 2, inside: 1, finished: 1 });
      }
    },
  );

  it('of several shards are summed, each with a place of its own', async () => {
    const { table, changes } = await lived(['inside', 'inside']);
    await tally('one', changes.slice(0, 1), { table });
    await tally('two', changes.slice(1), { table });
    await tally('one', changes.slice(0, 1), { table });
    expect((await loadCounts(table, 'cart', 1))['entries']).toBe(1);
    expect((await loadCounts(table, 'cart', 2))['entries']).toBe(1);
  });

  it('say how many stand at each step, also across a change of versions', async () => {
    const { table, changes } = streamed();
    const cursor = { step: 'think', visit: 1, began: NOW, wakeAt: NOW };
    for (const contact of ['c1', 'c2', 'c3', 'c4']) await table.write(put({ contact }));
    for (const contact of ['c2', 'c3', 'c4']) await table.write(put({ contact, cursor }));
    await table.write(put({ contact: 'c3', cursor, version: 2, first: 1 }));
    await table.write(put({ contact: 'c4', state: 'finished', cursor: null, version: 2, first: 1 }));
    await tally('shard', changes(), { table });
    expect(await standingOf(table, 'cart', [1, 2])).toEqual([
      { version: 1, step: '', contacts: 1 },
      { version: 1, step: 'think', contacts: 1 },
      { version: 2, step: 'think', contacts: 1 },
    ]);
    expect(await loadCounts(table, 'cart', 1)).toMatchObject({ entries: 4, inside: 3, finished: 1 });
  });

  it('never say that fewer than nobody stand somewhere', async () => {
    const { table, changes } = streamed();
    await table.write(put({}));
    await table.write(put({ cursor: { step: 'think', visit: 1, began: NOW, wakeAt: NOW } }));
    await tally('shard', changes().slice(1), { table });
    expect((await loadCounts(table, 'cart', 1))['at/']).toBe(-1);
    expect(await standingOf(table, 'cart', [1])).toEqual([{ version: 1, step: 'think', contacts: 1 }]);
  });

  it('count contacts and events of the shop, each once', async () => {
    const { table, changes } = streamed();
    await table.write(putProfile(profile(), undefined));
    await table.write(putProfile(profile({ rev: 2 }), profile()));
    const row = { pk: 'C#c1', sk: `E#purchase#${NOW}#e1`, type: 'purchase' };
    await table.write({ kind: 'put', row });
    await tally('shard', changes(), { table });
    expect(await loadCounts(table, SHOP.journey, SHOP.version)).toEqual({ contacts: 1, 'events/purchase': 1 });
  });

  it('count one contact of two who were merged', async () => {
    const { table, changes } = streamed();
    const other = profile({ contact: 'c2' });
    for (const one of [profile(), other]) await table.write(putProfile(one, undefined));
    await table.write(putProfile(aliasOf(other, 'c1', 'e1'), other));
    await table.write(putProfile(profile({ rev: 2, aka: ['c2'] }), profile()));
    await tally('shard', changes(), { table });
    expect(await loadCounts(table, SHOP.journey, SHOP.version)).toEqual({ contacts: 1, gone: 1 });
  });

  it('count nobody who was erased, nor twice who was merged before', async () => {
    const { table, changes } = streamed();
    const other = profile({ contact: 'c2' });
    for (const one of [profile(), other]) await table.write(putProfile(one, undefined));
    await table.write(putProfile(aliasOf(other, 'c1', 'e1'), other));
    await tally('shard', changes(), { table });
    for (const contact of ['c2', 'c1']) await table.write({ kind: 'delete', key: profileKey(contact) });
    await tally('shard', changes(), { table });
    expect(await loadCounts(table, SHOP.journey, SHOP.version)).toEqual({ contacts: 0, gone: 2 });
  });

  it('count what became of messages, by step', async () => {
    const { table, changes } = streamed();
    await table.write(queueMessage(message({ state: 'queued' })));
    await table.write(noteFact('c1', 'm1', { fact: 'sent', at: NOW }));
    await table.write(noteFact('c1', 'm1', { fact: 'sent', at: NOW }));
    await table.write(noteFact('c1', 'm1', { fact: 'clicked', at: NOW }));
    await tally('shard', changes(), { table });
    expect(await loadCounts(table, 'cart', 1)).toEqual({
      'messages/reminder/sent': 1,
      'messages/reminder/clicked': 1,
    });
  });
});
