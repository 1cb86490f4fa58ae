import { BadInput } from '#apps/cli/bad-input.ts';
import type { Lying, RedriveRequest, RedriveResult, Watch } from '#apps/cli/redrive/request.ts';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import { whose } from '#functions/enrol/whose.ts';
import { identitiesOf, surely } from '#shared/contact/identity.ts';
import type { Event } from '#shared/event/event.ts';
import { PARKED_REASONS } from '#shared/event/parked-reasons.ts';
import { isBeyondRecall, type Parked, readParked } from '#shared/redrive/parked.ts';
import { loadEvent } from '#shared/store/events.ts';
import { PARKED_SHARDS, receiptKey } from '#shared/store/keys.ts';
import { loadParkedShard } from '#shared/store/parked.ts';
import { identityKeyOf, partsOf } from '#shared/store/profiles.ts';
import type { Key, Table } from '#shared/store/table.ts';
import { Tallied } from './tallied.ts';

type Found = Parked & { readonly key: Key };
type Opened = Pick<OpenTarget, 'table' | 'clock' | 'eventDays' | 'put' | 'pass'>;

/** Events that are brought back at a time: by so many at most, who is cut off sends twice what counts once. */
const AT_ONCE = 50;
/** How often it is asked whether they are recorded. */
const LOOKS = 30;

/** What lies aside in the table. */
export async function lyingParked(table: Table): Promise<Lying> {
  const tallied = new Tallied({ what: 'parked' });
  for await (const found of parkedIn(table)) tallied.take(found);
  return tallied.lying();
}

/**
 * Records events that were put aside, as history, and takes each away once it is recorded. None counts twice: what was counted
 * before is known by its receipt or by itself, and of what nobody can tell any more a person decides.
 */
export async function redriveParked(
  request: Omit<RedriveRequest, 'target'>,
  opened: Opened,
  watch: Watch,
): Promise<RedriveResult> {
  const tallied = new Tallied(request);
  let some: Found[] = [];
  const workOff = async (): Promise<void> => {
    if (request.discard) await takeAway(some, opened.table);
    if (request.discard) tallied.count('discarded', some.length);
    else await bringBack(some, opened, tallied);
    some = [];
  };
  for await (const found of parkedIn(opened.table)) {
    if (watch.signal.aborted) tallied.stop('interrupted');
    if (tallied.isOver) break;
    if (tallied.take(found) && !request.dryRun) some.push(found);
    watch.seen(tallied.looked);
    if (some.length === AT_ONCE) await workOff();
  }
  await workOff();
  return tallied.result();
}

async function* parkedIn(table: Table): AsyncGenerator<Found> {
  for (const reason of PARKED_REASONS)
    for (let shard = 0; shard < PARKED_SHARDS; shard += 1)
      for (const row of await loadParkedShard(table, reason, shard)) {
        const parked = readParked(row);
        if (parked) yield { ...parked, key: { pk: String(row['pk']), sk: String(row['sk']) } };
      }
}

async function takeAway(rows: readonly Found[], table: Table): Promise<void> {
  for (const { key } of rows) await table.write({ kind: 'delete', key });
}

async function bringBack(rows: readonly Found[], opened: Opened, tallied: Tallied): Promise<void> {
  if (rows.length === 0) return;
  const judged = await Promise.all(rows.map(async (found) => ({ found, verdict: await judge(found, opened) })));
  const those = (wanted: Verdict) => judged.flatMap(({ found, verdict }) => (verdict === wanted ? [found] : []));
  for (const verdict of ['known', 'erased'] as const) {
    await takeAway(those(verdict), opened.table);
    tallied.count(verdict, those(verdict).length);
  }
  tallied.count('undecided', those('undecided').length);
  const ready = those('ready');
  if (ready.length === 0) return;
  await opened.put(ready.flatMap(({ event }) => event ?? []));
  const recorded = await recordedOf(ready, opened);
  await takeAway(recorded, opened.table);
  tallied.count('recorded', recorded.length);
  tallied.count('pending', ready.length - recorded.length);
}

type Verdict = 'ready' | 'known' | 'erased' | 'undecided';

async function judge({ event }: Found, { table, clock, eventDays }: Opened): Promise<Verdict> {
  if (event === undefined) return 'undecided';
  if (eventDays === undefined)
    throw new BadInput('The stage does not say how long it keeps events. Deploy it again, by this version.');
  if (await isRecorded(event, table)) return 'known';
  const owners = await table.batchGet(identitiesOf(surely(event)).map(identityKeyOf));
  const theirs = await whose(event, owners, table);
  if (!theirs) return 'erased';
  const people = [...(theirs.profile ? [theirs.profile] : []), ...theirs.same];
  const before = await loadEvent(table, people.flatMap(partsOf), { ...event, event: event.id });
  if (before) return 'known';
  return isBeyondRecall(event, clock.now(), eventDays) ? 'undecided' : 'ready';
}

const isRecorded = async ({ id }: Event, table: Table): Promise<boolean> =>
  (await table.get(receiptKey(id))) !== undefined;

/** Those of which there is a receipt by now. */
async function recordedOf(rows: readonly Found[], { table, pass }: Opened): Promise<Found[]> {
  const asked = rows.flatMap(({ event }) => (event ? [receiptKey(event.id)] : []));
  for (let look = 1; ; look += 1) {
    const receipts = await table.batchGet(asked);
    const recorded = rows.filter((_, index) => receipts[index] !== undefined);
    if (recorded.length === rows.length || look === LOOKS) return recorded;
    await pass();
  }
}
