import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RedriveRequest } from '#apps/cli/redrive/request.ts';
import { redriveRuns } from '#apps/cli/redrive/run.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { withState } from '#apps/local/with-state.ts';
import { entryOf, SOURCE } from '#shared/event/put.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, wait } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { Mortals } from '#test/faults/mortal.ts';

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A folder in which a shop's state lies after this; nobody is on it any more. */
async function folder(work: (runtime: Runtime) => Promise<void>, wrap = new Mortals()) {
  const data = mkdtempSync(join(tmpdir(), 'tropa-redrive-'));
  onTestFinished(() => rmSync(data, { recursive: true }));
  const runtime = openRuntime({
    dataDir: data,
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    wrap,
  });
  try {
    await work(runtime);
  } finally {
    runtime.close();
  }
  const target = { data };
  const watch = { seen: () => {}, signal: new AbortController().signal };
  const redrive = (given: Partial<RedriveRequest> & { what: string }) =>
    redriveRuns.redrive({ target, dryRun: false, discard: false, ...given }, watch);
  const overview = async () => {
    const lying = await redriveRuns.overview(target);
    return lying.flatMap(({ what, lies }) => lies.map(({ reason, count }) => [what, reason.split(':')[0], count]));
  };
  return { data, redrive, overview };
}

const put = (runtime: Runtime, detail: object) =>
  runtime.bus.put([{ source: SOURCE, detailType: 'cart.updated', detail }]);
const shop = (runtime: Runtime) =>
  putPublished(runtime, settings({ traits: { looks: { event: 'product.viewed' } } }), [
    journey({
      goal: { if: { event: 'purchase' } },
      steps: [wait('first', 'PT1H'), { type: 'skip', id: 'no', to: 'nowhere' }],
    }),
  ]);

it('on the laptop, dead letters and parked events are named, and brought back or taken away', async () => {
  const { data, redrive, overview } = await folder(async (runtime) => {
    await shop(runtime);
    await put(runtime, { ...event('product.viewed'), type: 'No Type' });
    await put(runtime, { ...event('product.viewed'), at: 'noon' });
    await runtime.bus.put([entryOf(event('product.viewed', { at: plusMillis(START, -40 * DAY) }))]);
    await runtime.drive(plusMillis(START, HOUR));
  });
  expect(await overview()).toEqual([
    ['enrol', 'bad-event', 1],
    ['enrol', 'bad-event', 1],
    ['parked', 'too-old', 1],
  ]);
  expect(await redrive({ what: 'enrol', reason: 'at:', dryRun: true })).toMatchObject({
    became: {},
    meant: [{ count: 1 }],
  });
  const time = () => withState(data, async ({ clock }) => clock.now());
  const before = await time();
  expect(await redrive({ what: 'enrol', reason: 'at:' })).toMatchObject({ became: { sent: 1, diedAgain: 1 } });
  expect(await time()).toBe(before);
  expect(await redrive({ what: 'enrol', limit: 1, discard: true })).toMatchObject({ became: { discarded: 1 } });
  expect(await redrive({ what: 'events-rule' })).toMatchObject({ lies: [], became: {} });
  expect(await redrive({ what: 'parked' })).toMatchObject({ became: { recorded: 1 } });
  expect(await overview()).toEqual([['enrol', 'bad-event', 1]]);
  await withState(data, async ({ table, db }) => {
    const [row] = db.prepare(`SELECT pk FROM rows WHERE sk = 'PROFILE'`).all();
    const profile = await loadProfile(table, String(row?.['pk']).slice(2));
    expect(profile?.traits['looks']).toBe(1);
  });
});

it('on the laptop, a passage that was put aside goes on once it is mended', async () => {
  const { data, redrive } = await folder(async (runtime) => {
    await shop(runtime);
    await runtime.bus.put([entryOf(event('cart.updated', { at: START }))]);
    await runtime.drive(plusMillis(START, 2 * DAY));
  });
  const dry = await redrive({ what: 'passages', dryRun: true });
  expect(dry.meant).toMatchObject([{ reason: 'put-aside: Error', journey: 'cart', step: 'first', count: 1 }]);
  // Not mended: it is tried, for an hour, and the command does not wait for that.
  expect(await redrive({ what: 'passages' })).toMatchObject({ became: { asked: 1 } });
  await withState(data, async (runtime) => {
    await runtime.drive(plusMillis(runtime.clock.now(), 2 * HOUR));
    // Heard by the goal: the next turn leaves before the step that is broken.
    await runtime.bus.put([
      entryOf(event('purchase', { at: runtime.clock.now(), data: { total: 1, currency: 'EUR' } })),
    ]);
    await runtime.drive(plusMillis(runtime.clock.now(), 60_000));
  });
  expect((await redrive({ what: 'passages', dryRun: true })).meant).toMatchObject([{ count: 1 }]);
  const before = await withState(data, async ({ clock }) => clock.now());
  expect(await redrive({ what: 'passages' })).toMatchObject({ became: { moved: 1 } });
  // Review looks each minute.
  expect(await withState(data, async ({ clock }) => clock.now() <= plusMillis(before, 60_000))).toBe(true);
  expect((await redrive({ what: 'passages', dryRun: true })).lies).toEqual([]);
});
