import type { Door } from './door.ts';
import type { Line } from './line.ts';
import type { Mails } from './mails.ts';
import type { Passages } from './passages.ts';
import type { Recording } from './recording.ts';
import type { Reviewing } from './reviewing.ts';
import type { World } from './world.ts';

/** What moves in the simulation. */
export type Parts = {
  readonly world: World;
  readonly door: Door;
  readonly recording: Recording;
  readonly passages: Passages;
  readonly mails: Mails;
  readonly reviewing: Reviewing;
};

/** A minute of the simulation, as it is drawn. */
export type Minute = {
  readonly come: number;
  readonly recorded: number;
  readonly refused: number;
  readonly enrol: number;
  readonly mails: number;
  /** Seconds that the oldest waits. */
  readonly ages: Readonly<Record<'enrol' | 'transactional' | 'marketing' | 'track' | 'overflow', number>>;
  readonly failures: number;
  /** Letters that are dead by then. */
  readonly dead: number;
  readonly throttledTable: number;
  readonly noLambda: number;
  /** Rows that are due and not looked at. */
  readonly due: number;
};

/** What has been until now: a minute is the difference of two. */
export const totals = ({ door, recording, mails, reviewing }: Parts) => ({
  come: door.arrived,
  recorded: recording.recorded,
  refused: door.refused.throttled + door.refused.noLambda,
  noLambda: door.refused.noLambda,
  mails: mails.handed,
  failures: recording.failures,
  throttledTable: recording.throttled.table,
  looked: reviewing.looked,
});

export function minuteOf(before: ReturnType<typeof totals>, after: ReturnType<typeof totals>, parts: Parts): Minute {
  const { world, door, recording, mails, reviewing } = parts;
  const age = (line: Line): number => line.age(world.now);
  return {
    come: after.come - before.come,
    recorded: after.recorded - before.recorded,
    refused: after.refused - before.refused,
    noLambda: after.noLambda - before.noLambda,
    enrol: recording.waiting,
    due: reviewing.line.length,
    mails: after.mails - before.mails,
    failures: after.failures - before.failures,
    dead: recording.dead.events + recording.dead.hints,
    throttledTable: after.throttledTable - before.throttledTable,
    ages: {
      enrol: age(recording.line),
      transactional: age(mails.lanes.transactional),
      marketing: age(mails.lanes.marketing),
      track: age(mails.words),
      overflow: age(door.overflow),
    },
  };
}
