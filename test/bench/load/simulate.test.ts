import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../bench/load/hour.ts';
import type { Plant } from '../../../bench/load/plant.ts';
import { simulate } from '../../../bench/load/simulate.ts';

const endless = { perSecond: 1e6, burst: 1e6 };
const queue = { concurrency: 10, batch: 10, visibility: 180, receives: 25 };

/** Nothing is in anybody's way: tests narrow what they are about. */
const wide: Plant = {
  ...{ door: endless, bus: endless, startExecution: endless, sendTask: endless, transitions: endless },
  ...{ lambdas: 1e6, tableWrites: 1e9, mailsPerSecond: 1e5, mailsPerDay: 1e9 },
  queues: { enrol: queue, overflow: queue, transactional: queue, marketing: queue, track: queue },
  ingest: { seconds: 0.01, units: 0 },
  enrol: { seconds: 0.05, units: 10 },
  turn: { seconds: 0.05, units: 9, transitions: 2, transactional: 0.4, marketing: 0.5 },
  mail: { seconds: 0.01, units: 17, words: 2 },
  track: { seconds: 0.01, units: 1 },
  review: { perSecond: 1000, units: 8, starts: 0.3, after: 600 },
  perEvent: { starts: 0.1, wakes: 0.02, dueRows: 0.2 },
};
const quiet: Profile = { seconds: 600, base: 100, burst: 100, burstSeconds: 60, bursts: [], byBrowser: 0.5 };
const burst: Profile = { ...quiet, burst: 1000, bursts: [120] };

describe('the hour', () => {
  it('passes with next to no queue where everything is wide enough', () => {
    const { recording, door, mails, restedAt } = simulate(wide, quiet);
    expect([door.arrived, recording.recorded]).toEqual([60_000, 60_000]);
    expect(recording.latency.told.p99).toBeLessThan(2);
    expect(mails.handed).toBe(mails.queued);
    expect(mails.queued).toBeGreaterThan(0);
    expect(restedAt).toBeDefined();
  });

  it('queues what a burst brings and drains it at what is left of the runs', () => {
    const { recording } = simulate(wide, burst);
    // Ten runs record 200 a second: 800 a second are too many for a minute, and 100 are left for them afterwards.
    expect(recording.line.peak / 48_000).toBeCloseTo(1, 1);
    expect(recording.line.longestWait / (48_000 / 200)).toBeCloseTo(1, 1);
    expect(recording.recorded).toBe(114_000);
  });

  it('records nothing twice and loses nothing where the table has too little room', () => {
    const { recording, world } = simulate({ ...wide, tableWrites: 500 }, burst);
    expect(recording.throttled.table).toBeGreaterThan(0);
    expect(recording.recorded).toBe(114_000);
    expect(world.table.perSecond).toBeGreaterThan(500);
  });
});

describe('the door', () => {
  it('refuses what is too much, and those who come again get in', () => {
    const { door, recording } = simulate({ ...wide, door: { perSecond: 200, burst: 400 } }, burst);
    expect(door.refused.throttled).toBeGreaterThan(40_000);
    expect([door.refused.givenUp, door.waiting, recording.recorded]).toEqual([0, 0, 114_000]);
  });

  it('tells those apart for whom there was no run', () => {
    const { door } = simulate({ ...wide, lambdas: 5 }, burst);
    expect(door.refused.noLambda).toBeGreaterThan(0);
    expect(door.refused.throttled).toBe(0);
  });

  it('keeps in the overflow queue what the bus refuses', () => {
    const { door, recording } = simulate({ ...wide, bus: { perSecond: 150, burst: 150 } }, burst);
    expect(door.overflow.peak).toBeGreaterThan(0);
    expect(recording.recorded).toBe(114_000);
  });
});

describe('hints that are throttled', () => {
  const throttled = { ...wide, startExecution: { perSecond: 5, burst: 5 }, review: { ...wide.review, starts: 0 } };

  it('fail their message, come again after its visibility, and begin all passages in the end', () => {
    const { recording } = simulate(throttled, quiet);
    expect(recording.throttled.starts).toBeGreaterThan(0);
    expect(recording.failures).toBe(recording.throttled.starts);
    expect(recording.started).toBe(6000);
    expect(recording.dead).toEqual({ events: 0, hints: 0 });
  });

  it('are dead letters when a message was received too often, and each is somewhere', () => {
    const few = { ...throttled, queues: { ...throttled.queues, enrol: { ...queue, receives: 2 } } };
    const { recording } = simulate(few, quiet);
    expect(recording.dead.hints).toBeGreaterThan(0);
    expect(recording.started + recording.dead.hints + recording.hintsWaiting).toBe(6000);
  });
});

it('the day’s quota of mails stops marketing at nine tenths, and order mails at its end', () => {
  const { mails } = simulate({ ...wide, mailsPerDay: 1000 }, quiet);
  expect(mails.handed).toBe(1000);
  expect(mails.fullAt).toBeDefined();
  expect(mails.lanes.marketing.length).toBeGreaterThan(0);
});

it('rows that are due wait for review, and each is looked at', () => {
  const { reviewing, recording } = simulate({ ...wide, review: { ...wide.review, perSecond: 10 } }, quiet);
  expect(reviewing.looked).toBe(Math.floor(recording.recorded * 0.2));
  expect(reviewing.late.told.most).toBeGreaterThan(600);
});
