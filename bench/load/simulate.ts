import { Door } from './door.ts';
import type { Profile } from './hour.ts';
import type { Line } from './line.ts';
import { Mails } from './mails.ts';
import { Passages } from './passages.ts';
import type { Plant } from './plant.ts';
import { Recording } from './recording.ts';
import { Reviewing } from './reviewing.ts';
import { World } from './world.ts';

const MINUTE = 60;
/** What has not come to rest by then is told as it stands. */
const MOST = 6 * 3600;

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

export type Outcome = {
  readonly world: World;
  readonly door: Door;
  readonly recording: Recording;
  readonly passages: Passages;
  readonly mails: Mails;
  readonly reviewing: Reviewing;
  readonly minutes: readonly Minute[];
  /** Mean seconds that events which were born in that minute waited to be recorded, and how many they were. */
  readonly waits: readonly { readonly n: number; readonly waited: number }[];
  /** The same of due rows, from their event to when they were looked at. */
  readonly looks: readonly { readonly n: number; readonly waited: number }[];
  /** When everything had come to rest; undefined when it had not by the end. */
  readonly restedAt: number | undefined;
};

type Options = {
  /** Seconds of one step, and of the whole. */
  readonly step?: number;
  readonly most?: number;
  readonly onStep?: (now: number, parts: Parts) => void;
};

/** Lets the hour pass, and whatever time its queues need then, some hours at most. Throws when anything has got lost. */
export function simulate(
  plant: Plant,
  profile: Profile,
  { step = 0.5, most = MOST, onStep = () => {} }: Options = {},
): Outcome {
  const world = new World(plant, step);
  const all = {
    world,
    door: new Door(world),
    recording: new Recording(world),
    passages: new Passages(world),
    mails: new Mails(world),
    reviewing: new Reviewing(world),
  };
  const { door, recording, passages, mails, reviewing } = all;
  const minutes: Minute[] = [];
  const [waits, looks] = [new Means(), new Means()];
  let restedAt: number | undefined;
  let before = totals(all);
  for (let next = MINUTE; world.now < most && restedAt === undefined; world.next()) {
    recording.begin();
    const { moved, recorded } = recording.next(door.next(profile));
    for (const { born, n } of recorded) waits.note(born, world.now - born, n);
    const due = reviewing.next(recorded, (n) => recording.start(n));
    for (const { born, n } of due.looked) looks.note(born, world.now - born, n);
    mails.next(passages.next([...moved, ...due.moved]));
    onStep(world.now, all);
    if (world.now + step < next) continue;
    next += MINUTE;
    hold(all);
    const after = totals(all);
    minutes.push(minuteOf(before, after, all));
    before = after;
    if (world.now >= profile.seconds && isAtRest(all)) restedAt = world.now;
  }
  return { ...all, minutes, waits: waits.told, looks: looks.told, restedAt };
}

type Parts = Pick<Outcome, 'world' | 'door' | 'recording' | 'passages' | 'mails' | 'reviewing'>;

/** What came in is recorded or waits; what was to be started is started or waits; what was queued is handed over or waits. */
function hold({ door, recording, mails }: Parts): void {
  const events = recording.recorded + recording.waiting + recording.dead.events + door.waiting + door.refused.givenUp;
  if (events !== door.arrived) throw new Error(`${door.arrived} events came, and ${events} are somewhere`);
  const messages = mails.handed + mails.waiting;
  if (messages !== mails.queued) throw new Error(`${mails.queued} mails were queued, and ${messages} are somewhere`);
}

/** Nothing waits but, where the day's quota of mails is used up, for the next day. */
const isAtRest = ({ door, recording, passages, mails, reviewing }: Parts): boolean =>
  door.waiting + recording.waiting + recording.hintsWaiting + passages.line.length + reviewing.waiting === 0 &&
  (mails.waiting === 0 || mails.fullAt !== undefined) &&
  mails.words.length + mails.toldLater === 0;

const totals = ({ door, recording, mails, reviewing }: Parts) => ({
  come: door.arrived,
  recorded: recording.recorded,
  refused: door.refused.throttled + door.refused.noLambda,
  noLambda: door.refused.noLambda,
  mails: mails.handed,
  failures: recording.failures,
  throttledTable: recording.throttled.table,
  looked: reviewing.looked,
});

function minuteOf(before: ReturnType<typeof totals>, after: ReturnType<typeof totals>, parts: Parts): Minute {
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

/** Means by the minute in which things were born. */
class Means {
  readonly #sums: { n: number; sum: number }[] = [];

  note(born: number, waited: number, n: number): void {
    const minute = Math.floor(born / MINUTE);
    const { n: before, sum } = this.#sums[minute] ?? { n: 0, sum: 0 };
    this.#sums[minute] = { n: before + n, sum: sum + waited * n };
  }

  get told(): { n: number; waited: number }[] {
    return Array.from(this.#sums, (one) => ({ n: one?.n ?? 0, waited: one ? one.sum / one.n : 0 }));
  }
}
