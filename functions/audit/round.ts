import { addPerson, type Bounds, countersOff, cutAt, NO_BOUNDS, type Off } from '#shared/audit/counts.ts';
import { AUDIT_KINDS } from '#shared/audit/finding.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Log } from '#shared/ports.ts';
import {
  type AuditState,
  countGone,
  loadAuditCounts,
  type Place,
  putAuditCounts,
  readCounters,
} from '#shared/store/audit.ts';
import { addToCounters } from '#shared/store/counters.ts';
import { loadFlow } from '#shared/store/flow.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import { mendAll } from '#shared/store/mending.ts';
import { auditContact } from '#shared/store/persons.ts';
import type { IndexEntry, Write } from '#shared/store/table.ts';
import { rowSize } from '#shared/store/units.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import type { Run } from './audit.ts';

/** Everybody is looked at once a day. */
const EVERY = 24 * 3_600_000;
const PAGE = 100;
const AT_ONCE = 20;
/** Contacts that one run looks at, at most. With more than three million the round takes longer than a day. */
const MOST = 11_000;

/** A third of what DynamoDB takes in one transaction, and in one row. */
const MOST_BYTES = 1_200_000;
const MOST_OF_ROW = 120_000;

/** Counters that may be in doubt at a time: the row of the audit names them. Others have their turn once these are mended. */
const MOST_DOUBTS = 1000;
/** Counters of a version that one round mends: DynamoDB takes 4 KB of an expression, and each is some 45 characters. */
const MOST_AT_ONCE = 80;

type Put = Extract<Write, { kind: 'put' }>;
/** What a stretch of a round changes: all is written at once. */
type Went = Pick<AuditState, 'round' | 'gone' | 'doubts'> & { readonly writes: readonly Write[] };

/** Goes on through all contacts, as far as the time of day says, and at the end holds the counters against what it has seen. */
export async function goRound(before: AuditState, run: Run): Promise<Went> {
  const { round, gone, doubts } = before;
  const { table } = run.deps;
  if (round.shard >= DIRECTORY_SHARDS)
    return plusMillis(round.at, EVERY) <= run.now ? begin(before, run) : { round, gone, doubts, writes: [] };
  const counts = await loadAuditCounts(table, round.at);
  const sums = new Map<string, Bounds>(counts.map((one) => [one.journey, one]));
  const here = await visitAll(round, sums, run);
  if (here.shard < DIRECTORY_SHARDS) {
    const writes = counts.map((one) => putAuditCounts({ ...one, ...(sums.get(one.journey) ?? NO_BOUNDS) }));
    return { round: here, gone, doubts, writes };
  }
  const since = (await countGone(table)) - gone;
  const off = counts.flatMap(({ journey, counted }) =>
    countersOff(counted, sums.get(journey) ?? NO_BOUNDS, since).map((one) => ({ ...one, journey })),
  );
  return { round: here, gone, ...settle(off, doubts, run) };
}

/** A round begins with the counters as they are. */
async function begin({ doubts }: AuditState, { now, deps: { table, log } }: Run): Promise<Went> {
  const [counted, gone] = [await readCounters(table), await countGone(table)];
  const rows = [...counted].map(([journey, tables]) => ({ journey, round: now, counted: tables, ...NO_BOUNDS }));
  const writes = fitting(rows.map(putAuditCounts), log);
  return { round: { at: now, shard: 0 }, gone, doubts, writes };
}

/** What one transaction takes, when the rows have become three times as large. Counters of other journeys are not compared. */
function fitting(writes: readonly Put[], log: Log): Write[] {
  let room = MOST_BYTES;
  return writes.filter(({ row }) => {
    const size = rowSize(row);
    const fits = size < MOST_OF_ROW && size <= room;
    if (fits) room -= size;
    else log.warn('the counters of a journey are too many to be compared with its rows', { row: row.sk });
    return fits;
  });
}

/** The shards of the directory that should be through by now. */
const dueBy = (at: Instant, now: Instant): number =>
  Math.min(DIRECTORY_SHARDS, Math.floor(((toMillis(now) - toMillis(at)) / EVERY) * DIRECTORY_SHARDS) + 1);

async function visitAll(place: Place, sums: Map<string, Bounds>, { now, until, notes, deps }: Run): Promise<Place> {
  const { table, clock } = deps;
  const context = { now, flow: await loadFlow(table) };
  const cut = cutAt(place.at);
  const by = dueBy(place.at, now);
  const visit = async (contact: string): Promise<void> => {
    const seen = await auditContact(contact, context, deps);
    if (!seen) return;
    if (seen.person) addPerson(seen.person, cut, sums);
    notes.note(
      await mendAll(
        seen.findings.filter(({ kind }) => AUDIT_KINDS[kind].by === 'contact'),
        table,
      ),
    );
  };
  let here = place;
  for (let looked = 0; here.shard < by && looked < MOST && clock.now() < until; ) {
    const page: IndexEntry[] = await table.queryIndex({
      index: 'directory',
      pk: dirShard(here.shard),
      limit: PAGE,
      ...(here.after && { after: here.after }),
    });
    const contacts = page.flatMap((entry) => contactOf(entry) ?? []);
    for (let i = 0; i < contacts.length; i += AT_ONCE) await Promise.all(contacts.slice(i, i + AT_ONCE).map(visit));
    notes.look(contacts.length);
    looked += page.length;
    const last = page.length === PAGE ? page.at(-1) : undefined;
    here = last ? { ...here, after: last } : { at: here.at, shard: here.shard + 1 };
  }
  return here;
}

type OffOf = Off & { readonly journey: string };

/**
 * What two rounds have seen, one after the other, is so, as far as both have: whatever was on its way in the first has arrived,
 * and what is on its way in the second is not lost.
 */
function settle(off: readonly OffOf[], before: AuditState['doubts'], { notes }: Run): Pick<Went, 'doubts' | 'writes'> {
  const nameOf = ({ journey, version, counter }: OffOf): string => `${journey}#${version} ${counter}`;
  const sure = off.flatMap((one) => {
    const seen = ownOf(before, nameOf(one)) ?? 0;
    const by = Math.sign(one.by) * Math.min(Math.abs(seen), Math.abs(one.by));
    return Math.sign(seen) === Math.sign(one.by) ? [{ ...one, by }] : [];
  });
  const byVersion = Map.groupBy(sure, ({ journey, version }) => `${journey}#${version}`);
  const mended = [...byVersion.values()].slice(0, 90).map((of) => of.slice(0, MOST_AT_ONCE));
  const writes = mended.flatMap((of) => {
    const [first] = of;
    return first ? [addToCounters(first.journey, first.version, byName(of))] : [];
  });
  const findings = mended
    .flat()
    .map((one) => ({ kind: 'miscounted', journey: one.journey, id: nameOf(one), seen: String(one.by) }) as const);
  notes.note({ mended: findings, left: [] });
  const done = new Map(mended.flat().map((one) => [nameOf(one), one.by]));
  const left = off.map((one) => [nameOf(one), one.by - (done.get(nameOf(one)) ?? 0)] as const);
  return { doubts: Object.fromEntries(left.filter(([, by]) => by !== 0).slice(0, MOST_DOUBTS)), writes };
}

const byName = (off: readonly Off[]): Record<string, number> =>
  Object.fromEntries(off.map(({ counter, by }) => [counter, by]));
