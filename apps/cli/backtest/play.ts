import { availableParallelism } from 'node:os';
import type { Progress } from '#apps/cli/progress.ts';
import { type Backtest, type PartialBacktest, Tally } from '#shared/backtest/tally.ts';
import { wholeOf } from '#shared/backtest/whole.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { playElsewhere } from './elsewhere.ts';
import { contactsIn, type Head, type Share } from './prepared.ts';

const SHOWN_EVERY = 500;
/** Threads at most: beyond it, reading the file in each costs more than it saves. */
const THREADS = 8;
/** Events that a thread must have to itself to be worth its start. */
const WORTH_A_THREAD = 5000;
/** The journey is live before anything happens. */
const MINUTE = 60_000;

export type PlayRequest = {
  readonly shop: Pick<StoryShop, 'settings' | 'segments'>;
  readonly journey: Journey;
  readonly file: string;
  readonly head: Head;
  /** Where virtual time ends; without it at the last event. */
  readonly until?: Instant | undefined;
};

/** A contact whose story has been played to its end, and how many events they had. */
type Played = { readonly play: ContactPlay; readonly events: number; readonly place: number };

/** Plays one contact of a share after the other; `place`: which of all contacts it is. */
export async function* plays(
  { shop, journey, file, head, until }: PlayRequest,
  tell?: (line: Line) => void,
  share: Share = { part: 0, of: 1 },
): AsyncGenerator<Played> {
  const { settings, segments } = shop;
  const world = worldOf({ settings, segments, journeys: [journey], holdout: true, ...(tell && { tell }) });
  const [start, end] = [plusMillis(head.first, -MINUTE), until ?? head.last];
  let place = share.part;
  for await (const events of contactsIn(file, share)) {
    const play = new ContactPlay(world, events[0]?.contact ?? '', start);
    const heard = events.filter(({ at }) => at <= end);
    for (const event of heard) play.hear(event, event.at);
    play.reach(end);
    yield { play, events: heard.length, place };
    place += share.of;
  }
}

/** Plays a share. `show` is told how many contacts more have been played. */
export async function playShare(
  request: PlayRequest,
  share: Share,
  show: (contacts: number) => void,
): Promise<PartialBacktest> {
  const tally = new Tally(request.shop.settings);
  let contacts = 0;
  for await (const { play, events, place } of plays(request, tally.tell, share)) {
    tally.add(play, events, place);
    contacts += 1;
    if (contacts % SHOWN_EVERY === 0) show(SHOWN_EVERY);
  }
  return { counts: tally.counts, values: tally.values };
}

/** As many threads as the machine runs at once, where there is enough for each. */
const threadsFor = ({ events }: Head): number =>
  Math.max(1, Math.min(availableParallelism(), THREADS, Math.floor(events / WORTH_A_THREAD)));

/**
 * What a journey does over a prepared file. Contacts know nothing of each other, so that threads play a share each; the
 * counts do not depend on how many there are. Each holds one contact at a time.
 */
export async function playFile(
  request: PlayRequest,
  progress: Progress,
  threads = threadsFor(request.head),
): Promise<Backtest> {
  let played = 0;
  const show = (contacts: number): void => {
    played += contacts;
    progress.show('playing', played, request.head.contacts);
  };
  const others = Array.from({ length: threads - 1 }, (_, i) =>
    playElsewhere(request, { part: i + 1, of: threads }, show),
  );
  try {
    const own = playShare(request, { part: 0, of: threads }, show);
    return wholeOf(await Promise.all([own, ...others.map(({ counted }) => counted)]));
  } finally {
    for (const { stop } of others) stop();
  }
}
