import type { Rate } from './bucket.ts';
import type { Demand } from './demand.ts';
import { type Deployed, ofName, type QueueDeployed } from './deployed.ts';
import type { Quotas } from './quotas.ts';
import { cpuOf, processorOf, secondsOf, type Work } from './work.ts';

/** What one thing costs on its way: seconds of a run of its function, and write units. */
export type Cost = { readonly seconds: number; readonly units: number };

/** Everything that the simulation goes by. */
export type Plant = Omit<Quotas, 'name' | 'of' | 'api'> & {
  readonly door: Rate;
  readonly queues: Readonly<Record<'enrol' | 'overflow' | 'transactional' | 'marketing' | 'track', QueueDeployed>>;
  readonly ingest: Cost;
  readonly enrol: Cost;
  /** A turn, with its pause. */
  readonly turn: Cost & { readonly transitions: number; readonly transactional: number; readonly marketing: number };
  readonly mail: Cost & { readonly words: number };
  readonly track: Cost;
  /** Due rows: how many a second the runs of review get through together, and after how long a cart is due. */
  readonly review: {
    readonly perSecond: number;
    readonly units: number;
    readonly starts: number;
    readonly after: number;
  };
  readonly perEvent: { readonly starts: number; readonly wakes: number; readonly dueRows: number };
};

/** As the sample shop's journey of abandoned carts has it: `quietFor: PT1H`. */
const QUIET = 3600;

const smaller = (one: Rate, other: Rate): Rate => ({
  perSecond: Math.min(one.perSecond, other.perSecond),
  burst: Math.min(one.burst, other.burst),
});

export function plantOf(
  quotas: Quotas,
  { door, memory, queues, reviews }: Deployed,
  { work, perEvent, perTurn, perRow, wordsPerMail }: Demand,
  sesRate: number,
): Plant {
  const queue = (name: string) => ofName(queues, name);
  const cost = (name: string, one: Work): Cost => ({
    seconds: secondsOf(one, ofName(memory, name)),
    units: one.writeUnits,
  });
  const [advance, pause] = [cost('advance', work.advance), cost('pause', work.pause)];
  const { lambdas, bus, startExecution, sendTask, transitions, tableWrites, mailsPerDay } = quotas;
  return {
    door: smaller(door, quotas.api),
    ...{ lambdas, bus, startExecution, sendTask, transitions, tableWrites, mailsPerDay },
    mailsPerSecond: Math.min(sesRate, quotas.mailsPerSecond),
    queues: {
      enrol: queue('enrol'),
      overflow: queue('overflow'),
      transactional: queue('transactional'),
      marketing: queue('marketing'),
      track: queue('track'),
    },
    ingest: cost('ingest', work.ingest),
    enrol: cost('enrol', work.enrol),
    turn: {
      seconds: advance.seconds + perTurn.pauses * pause.seconds,
      units: advance.units + perTurn.pauses * pause.units,
      transitions: perTurn.transitions,
      transactional: perTurn.transactional,
      marketing: perTurn.marketing,
    },
    mail: { ...cost('send', work.send), words: wordsPerMail },
    track: cost('track', work.track),
    review: {
      // Rows are worked on many at a time, so that the processor is what they share.
      perSecond: (reviews * 1000 * processorOf(ofName(memory, 'review'))) / cpuOf(work.review),
      units: work.review.writeUnits,
      starts: perRow.starts,
      after: QUIET,
    },
    perEvent,
  };
}
