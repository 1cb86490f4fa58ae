import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { destinationOf, OUT } from '#shared/enrolment/move.ts';
import { entryOf } from '#shared/event/put.ts';
import { compile } from '#shared/journey/compile.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { census } from '#shared/report/census.ts';
import { loadCounts, standingOf } from '#shared/store/counters.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { shopFiles } from './shop.ts';

const CONTACTS = 1000;
const START = '2026-03-02T08:00:00.000Z';
const DAY = 86_400_000;
/** Between two contacts. The waits are whole multiples of it, so that all come due on its beat. */
const APART = 8 * 60_000;
const POLICIES = ['finish', 'move', 'leave'] as const;
type Policy = (typeof POLICIES)[number];

/** Three places to stand at; the edit lengthens the first, asks the second something else and takes the third away. */
const before: readonly object[] = [
  { type: 'wait', id: 'first', for: 'P2D' },
  { type: 'send', id: 'note', template: 'plain' },
  { type: 'waitFor', id: 'answer', for: { event: 'page.viewed' }, upTo: 'P2D' },
  { type: 'wait', id: 'gone', for: 'P3D' },
];
const edited: readonly object[] = [
  { type: 'wait', id: 'first', for: 'P4D' },
  { type: 'send', id: 'note', template: 'plain' },
  { type: 'waitFor', id: 'answer', for: { event: 'purchase' }, upTo: 'P4D' },
  { type: 'wait', id: 'rest', for: 'P1D' },
];

const journeyOf = (steps: readonly object[], more: Partial<Journey> = {}): Journey =>
  journeySchema.parse({
    ...{ id: 'edited', name: 'Edited', status: 'live', topic: 'orders', steps },
    trigger: { type: 'event', event: 'registration' },
    ...more,
  });

const fileOf = (journey: Journey) => ({ key: 'journeys/edited.json', body: JSON.stringify(journey) });

/** An edit while 1,000 contacts are inside, by each policy: where everyone should be by the counters, and where they are. */
export async function run(): Promise<object> {
  const results: [Policy, object][] = [];
  for (const policy of POLICIES) results.push([policy, await edit(policy)]);
  return { bench: 'edit', contacts: CONTACTS, ...Object.fromEntries(results) };
}

async function edit(inside: Policy): Promise<object> {
  const runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 1000, publicUrl: 'http://localhost' });
  try {
    for (const file of [...shopFiles(), fileOf(journeyOf(before))]) runtime.take(file);
    await runtime.drive(plusMillis(START, 60_000));
    await enrolAll(runtime);
    // Between two of them, so that nobody comes due while the edit goes live.
    await runtime.drive(plusMillis(runtime.clock.now(), APART / 2));
    await runtime.rhythm.settle();
    const next = journeyOf(edited, { publish: { inside, ...(inside === 'move' && { moved: { gone: 'rest' } }) } });
    const meant = await meantFor(next, inside, runtime);
    const began = performance.now();
    runtime.take(fileOf(next));
    await runtime.drive(plusMillis(runtime.clock.now(), 3 * 60_000));
    const seconds = (performance.now() - began) / 1000;
    const found = await standing(runtime);
    await runtime.drive(plusMillis(runtime.clock.now(), 15 * DAY));
    await runtime.rhythm.settle();
    const left = (await census(runtime.table)).length;
    const agree = JSON.stringify(meant) === JSON.stringify(found);
    return { meant, found, agree, seconds, insideAtTheEnd: left, ended: await outcomes(runtime) };
  } finally {
    runtime.close();
  }
}

/** Over more than five days, so that they stand at each of the three places. */
async function enrolAll(runtime: Runtime): Promise<void> {
  for (let i = 0; i < CONTACTS; i += 1) {
    const identities = { email: `c${i}@bench.example` };
    const at = runtime.clock.now();
    await runtime.bus.put([
      entryOf({ id: `edit-${i}`, type: 'registration', at, source: 'bench', identities, data: {} }),
    ]);
    await runtime.drive(plusMillis(at, APART));
  }
}

/** `v2 rest: 340`, in order. */
const sorted = (counts: ReadonlyMap<string, number>): object =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

async function standing({ table }: Runtime): Promise<object> {
  const rows = await census(table);
  return sorted(new Map(rows.map(({ version, step, contacts }) => [`v${version} ${step}`, contacts])));
}

/** Where the edit should leave those whom the counters know of. */
async function meantFor(next: Journey, inside: Policy, { table }: Runtime): Promise<object> {
  const places = new Map<string, number>();
  for (const { version, step, contacts } of await standingOf(table, next.id, [1])) {
    const goesOn = inside === 'move' ? destinationOf(step, compile(next, 2), next.publish?.moved) : step;
    if (inside === 'leave' || goesOn === OUT) continue;
    const place = inside === 'move' && goesOn !== undefined ? `v2 ${goesOn}` : `v${version} ${step}`;
    places.set(place, (places.get(place) ?? 0) + contacts);
  }
  return sorted(places);
}

async function outcomes({ table }: Runtime): Promise<object> {
  const counts = await loadCounts(table, 'edited', 1);
  return { entries: counts['entries'], finished: counts['finished'], replaced: ownOf(counts, 'exited/replaced') };
}
