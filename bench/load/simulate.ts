import { Door } from './door.ts';
import type { Profile } from './hour.ts';
import { Mails } from './mails.ts';
import { Means, MINUTE } from './means.ts';
import { type Minute, minuteOf, type Parts, totals } from './minute.ts';
import { Passages } from './passages.ts';
import type { Plant } from './plant.ts';
import { Recording } from './recording.ts';
import { Reviewing } from './reviewing.ts';
import { World } from './world.ts';

/** What has not come to rest by then is told as it stands. */
const MOST = 6 * 3600;

export type Outcome = Parts & {
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
