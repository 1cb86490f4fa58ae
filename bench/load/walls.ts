import type { Demand } from './demand.ts';
import type { Plant } from './plant.ts';
import type { Quotas } from './quotas.ts';
import { processorOf } from './work.ts';

/** A limit, and the events a second that reach it when they come for long. */
export type Wall = {
  readonly limit: string;
  readonly perSecond: number;
  /** `account`: AWS raises it. `stage`: `tropa.stage.json` does. `code`: nobody does without another release. */
  readonly whose: 'account' | 'stage' | 'code' | 'table';
};

/** Write units a second of one row, and of one partition. */
const ROW = 1000;

/** Every limit on the way of an event, the nearest first. */
export function wallsOf(plant: Plant, quotas: Quotas, { perEvent, shared, work }: Demand, tallyMemory: number): Wall[] {
  const { turn, mail, ingest, enrol, track, review, queues } = plant;
  const starts = perEvent.starts + perEvent.dueRows * review.starts;
  const turns = starts + perEvent.wakes;
  const lanes = { transactional: turns * turn.transactional, marketing: turns * turn.marketing };
  const mails = lanes.transactional + lanes.marketing;
  const seconds =
    ingest.seconds + enrol.seconds + turns * turn.seconds + mails * (mail.seconds + mail.words * track.seconds);
  const units =
    enrol.units +
    turns * turn.units +
    mails * (mail.units + mail.words * track.units) +
    perEvent.dueRows * review.units;
  const runs = (queue: 'enrol' | 'transactional' | 'marketing', each: number) => queues[queue].concurrency / each;
  const walls: Wall[] = [
    { limit: 'requests of the stage', perSecond: plant.door.perSecond, whose: 'stage' },
    { limit: 'requests of the account', perSecond: quotas.api.perSecond, whose: 'account' },
    { limit: 'PutEvents', perSecond: plant.bus.perSecond, whose: 'account' },
    { limit: 'Lambdas at once', perSecond: plant.lambdas / seconds, whose: 'account' },
    { limit: 'runs of enrol', perSecond: runs('enrol', enrol.seconds), whose: 'stage' },
    { limit: 'write units of a cold table', perSecond: plant.tableWrites / units, whose: 'table' },
    { limit: 'StartExecution', perSecond: plant.startExecution.perSecond / starts, whose: 'account' },
    { limit: 'SendTaskSuccess', perSecond: plant.sendTask.perSecond / (perEvent.wakes + turns), whose: 'account' },
    { limit: 'StateTransition', perSecond: plant.transitions.perSecond / (turns * turn.transitions), whose: 'account' },
    { limit: 'rows of review', perSecond: review.perSecond / perEvent.dueRows, whose: 'code' },
    {
      limit: 'runs of send, order mails',
      perSecond: runs('transactional', mail.seconds * lanes.transactional),
      whose: 'stage',
    },
    { limit: 'runs of send, marketing', perSecond: runs('marketing', mail.seconds * lanes.marketing), whose: 'stage' },
    { limit: 'mails a second', perSecond: plant.mailsPerSecond / mails, whose: 'account' },
    { limit: 'mails a day, in one hour', perSecond: plant.mailsPerDay / 3600 / mails, whose: 'account' },
    { limit: 'the rate row', perSecond: ROW / (shared['RATE#email'] ?? 1), whose: 'code' },
    {
      limit: 'tally, a shard of 1,000 writes',
      perSecond: ((1000 * processorOf(tallyMemory)) / work.tally.cpu / ROW) * (plant.tableWrites / perEvent.records),
      whose: 'code',
    },
  ];
  return walls.sort((a, b) => a.perSecond - b.perSecond);
}
