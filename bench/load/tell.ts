import { ringing } from './alarms.ts';
import { MIX } from './busy-hour.ts';
import { misjudged } from './carts.ts';
import type { Demand } from './demand.ts';
import { type Deployed, ofName } from './deployed.ts';
import type { Plant } from './plant.ts';
import type { Quotas } from './quotas.ts';
import type { Outcome } from './simulate.ts';
import { wallsOf } from './walls.ts';

export type Stage = {
  readonly stage: string;
  readonly peak: number;
  /** Seconds. */
  readonly longest: number;
  readonly throttled: number;
  readonly left: number;
};
export type Told = ReturnType<typeof told>;

/** What came of one hour, as it is printed. */
export function told(outcome: Outcome, plant: Plant, quotas: Quotas, demand: Demand, { alarms, memory }: Deployed) {
  const { world, door, recording, passages, mails, reviewing, minutes } = outcome;
  const lane = (name: 'transactional' | 'marketing') => mails.lanes[name];
  const stages: Stage[] = [
    {
      stage: 'door',
      peak: Math.max(...minutes.map(({ refused }) => refused)) / 60,
      longest: 0,
      throttled: door.refused.throttled + door.refused.noLambda,
      left: door.waiting,
    },
    { stage: 'overflow', ...of(door.overflow), throttled: 0 },
    { stage: 'enrol', ...of(recording.line), throttled: recording.throttled.table, left: recording.waiting },
    {
      stage: 'hints',
      peak: 0,
      longest: 0,
      throttled: recording.throttled.starts + recording.throttled.wakes,
      left: recording.hintsWaiting,
    },
    { stage: 'turns', ...of(passages.line), throttled: passages.throttled },
    { stage: 'transactional', ...of(lane('transactional')), throttled: 0 },
    { stage: 'marketing', ...of(lane('marketing')), throttled: 0 },
    { stage: 'track', ...of(mails.words), throttled: 0 },
    { stage: 'review', ...of(reviewing.line), throttled: 0, left: reviewing.waiting },
  ];
  return {
    quotas: quotas.name,
    events: door.arrived,
    recorded: recording.recorded,
    waiting: door.waiting + recording.waiting,
    lost: { refusedForGood: door.refused.givenUp, dead: recording.dead.events, deadHints: recording.dead.hints },
    refused: { status429: door.refused.throttled, status503: door.refused.noLambda, ...door.refusing },
    secondsToRecorded: recording.latency.told,
    secondsToOrderMail: mails.latency.transactional.told,
    secondsToMarketingMail: mails.latency.marketing.told,
    secondsCartsWereLate: reviewing.late.told,
    mails: { queued: mails.queued, handed: mails.handed, quotaReachedAt: mails.fullAt },
    cartsMisjudged: misjudged(outcome, MIX.purchase / MIX['cart.updated']),
    peaks: { lambdas: world.lambdas.peak, tableWrites: world.table.units.peak / world.step },
    restedAfterSeconds: outcome.restedAt,
    alarms: ringing(minutes, alarms),
    stages,
    walls: wallsOf(plant, quotas, demand, ofName(memory, 'tally')),
    minutes,
  };
}

const of = ({ peak, longestWait, length }: { peak: number; longestWait: number; length: number }) => ({
  peak,
  longest: longestWait,
  left: length,
});
