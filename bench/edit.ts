import { isDeepStrictEqual } from 'node:util';
import { lookAhead } from '#apps/cli/impact/run.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import type { Impact } from '#shared/publish/impact.ts';
import { reportKey, storedReportSchema } from '#shared/publish/stored-report.ts';
import { loadCounts } from '#shared/store/counters.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolAll, placesIn } from './people.ts';
import { countsOf, misplaced, type Places, promisedTo, wrongFigures } from './promised.ts';
import { shopFiles } from './shop.ts';

const ID = 'edited';
const FILE = `journeys/${ID}.json`;
const CONTACTS = 1000;
const START = '2026-03-02T08:00:00.000Z';
const DAY = 86_400_000;
/** Between two contacts. The waits are whole multiples of it, so that all come due on its beat. */
const APART = 8 * 60_000;
const POLICIES = ['finish', 'move', 'leave'] as const;
type Policy = (typeof POLICIES)[number];

/** Five places to stand at: the edit lengthens one, asks another something else, leaves one and takes two away. */
const before: readonly object[] = [
  { type: 'wait', id: 'first', for: 'P1D' },
  { type: 'send', id: 'note', template: 'plain' },
  { type: 'waitFor', id: 'answer', for: { event: 'page.viewed' }, upTo: 'P1D' },
  { type: 'wait', id: 'same', for: 'P1D' },
  { type: 'wait', id: 'out', for: 'P1D' },
  { type: 'wait', id: 'gone', for: 'P3D' },
];
const edited: readonly object[] = [
  { type: 'wait', id: 'first', for: 'P3D' },
  { type: 'send', id: 'note', template: 'plain' },
  { type: 'waitFor', id: 'answer', for: { event: 'purchase' }, upTo: 'P3D' },
  { type: 'wait', id: 'same', for: 'P1D' },
  { type: 'wait', id: 'rest', for: 'P1D' },
];
const moved = { gone: 'rest', out: 'end' };

const journeyOf = (steps: readonly object[], more: Partial<Journey> = {}): Journey =>
  journeySchema.parse({
    ...{ id: ID, name: 'Edited', status: 'live', topic: 'orders', steps },
    trigger: { type: 'event', event: 'registration' },
    ...more,
  });

const fileOf = (journey: Journey) => ({ key: FILE, body: JSON.stringify(journey) });

/**
 * An edit while 1,000 contacts are inside, by each policy. `tropa impact` says before it what publish says with it; each
 * contact is where that says, and the counters agree. The process fails if not.
 */
export async function run(): Promise<object> {
  const results: [Policy, Awaited<ReturnType<typeof edit>>][] = [];
  for (const policy of POLICIES) results.push([policy, await edit(policy)]);
  if (results.some(([, { agree }]) => !agree)) process.exitCode = 1;
  return { bench: 'edit', contacts: CONTACTS, ...Object.fromEntries(results) };
}

async function edit(inside: Policy) {
  const runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 1000, publicUrl: 'http://localhost' });
  try {
    for (const file of [...shopFiles(), fileOf(journeyOf(before))]) runtime.take(file);
    await runtime.drive(plusMillis(START, 60_000));
    await enrolAll(runtime, CONTACTS, APART);
    // Between two of them, so that nobody comes due while the edit goes live.
    await runtime.drive(plusMillis(runtime.clock.now(), APART / 2));
    const next = journeyOf(edited, { publish: { inside, ...(inside === 'move' && { moved }) } });
    const foretold = await impactAhead(next, runtime);
    const there = await placesIn(runtime, CONTACTS);
    const began = performance.now();
    runtime.take(fileOf(next));
    await runtime.drive(plusMillis(runtime.clock.now(), 3 * 60_000));
    const seconds = (performance.now() - began) / 1000;
    const now = await placesIn(runtime, CONTACTS);
    const faults = faultsOf(foretold, await impactTold(runtime), there, now);
    await runtime.drive(plusMillis(runtime.clock.now(), 15 * DAY));
    await runtime.rhythm.settle();
    const left = Object.keys(countsOf(await placesIn(runtime, CONTACTS))).length;
    const ended = await outcomes(runtime);
    const { edit: said } = foretold;
    const exits = said ? [...there.values()].filter((place) => !promisedTo(said, place, said.from + 1)).length : 0;
    const agree = faults.length === 0 && left === 0 && ended.exited === exits && ended.finished === CONTACTS - exits;
    const report = said && { fate: said.fate, inside: said.inside, affected: said.affected };
    return {
      report,
      found: countsOf(now),
      agree,
      faults,
      seconds,
      insideAtTheEnd: left,
      ended: await outcomes(runtime),
    };
  } finally {
    runtime.close();
  }
}

/** What `tropa impact` says. */
function impactAhead(next: Journey, { table, published, clock, rhythm }: Runtime): Promise<Impact> {
  const settle = () => rhythm.settle();
  return lookAhead(next, { table, published, clock, settle }, false, { show: () => {}, stop: () => {} });
}

/** What the report says that publish has left. */
async function impactTold({ bucket }: Runtime): Promise<Impact | undefined> {
  const stored = await bucket.get(`${reportKey(FILE)}.json`);
  return stored && storedReportSchema.parse(JSON.parse(stored.body)).impact;
}

/** Everything that was said and is not so, in words. */
function faultsOf(ahead: Impact, told: Impact | undefined, there: Places, now: Places): string[] {
  const { edit: said } = ahead;
  if (!said) return ['the report says nothing of those inside'];
  // Publish says nothing of the first week, for which alone it would have to look at more.
  const { week: _, looked: __, ...same } = ahead;
  const { looked: ___, ...others } = told ?? {};
  const unlike = [...new Set([...Object.keys(same), ...Object.keys(others)])].filter(
    (field) => !isDeepStrictEqual(plain(Reflect.get(same, field)), plain(Reflect.get(others, field))),
  );
  const wrong = misplaced(there, now, said, said.from + 1);
  return [
    ...unlike.map((field) => `${field}: tropa impact and publish say different things`),
    ...wrongFigures(said, there),
    ...Object.entries(wrong).map(([what, contacts]) => `${contacts} of ${what}`),
  ];
}

const plain = (value: unknown): unknown => value && JSON.parse(JSON.stringify(value));

/** How the passages have ended in the end, as the counters know it. */
async function outcomes({ table }: Runtime): Promise<{ finished: number; exited: number }> {
  const counts = await loadCounts(table, ID, 1);
  const exits = Object.entries(counts).filter(([name]) => name.startsWith('exited/'));
  return { finished: counts['finished'] ?? 0, exited: exits.reduce((sum, [, n]) => sum + n, 0) };
}
