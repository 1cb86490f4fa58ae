import type { Progress } from '#apps/cli/progress.ts';
import { type Backtest, Tally } from '#shared/backtest/tally.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { contactsIn, type Head } from './prepared.ts';

const SHOWN_EVERY = 500;
/** The journey is live before anything happens. */
const MINUTE = 60_000;

export type PlayRequest = {
  readonly shop: Omit<StoryShop, 'journeys'>;
  readonly journey: Journey;
  readonly file: string;
  readonly head: Head;
  /** Where virtual time ends; without it at the last event. */
  readonly until?: Instant | undefined;
};

/** A contact whose story has been played to its end, and how many events they had. */
type Played = { readonly play: ContactPlay; readonly events: number };

/** Plays one contact after the other. */
export async function* plays(
  { shop, journey, file, head, until }: PlayRequest,
  tell?: (line: Line) => void,
): AsyncGenerator<Played> {
  const world = worldOf({ ...shop, journeys: [journey], holdout: true, ...(tell && { tell }) });
  const [start, end] = [plusMillis(head.first, -MINUTE), until ?? head.last];
  for await (const events of contactsIn(file)) {
    const play = new ContactPlay(world, events[0]?.contact ?? '', start);
    const heard = events.filter(({ at }) => at <= end);
    for (const event of heard) play.hear(event, event.at);
    play.reach(end);
    yield { play, events: heard.length };
  }
}

/** What a journey does over a prepared file. Memory holds one contact at a time. */
export async function playFile(request: PlayRequest, progress: Progress): Promise<Backtest> {
  const tally = new Tally(request.shop.settings);
  let contacts = 0;
  for await (const { play, events } of plays(request, tally.tell)) {
    tally.add(play, events);
    contacts += 1;
    if (contacts % SHOWN_EVERY === 0) progress.show('playing', contacts, request.head.contacts);
  }
  return tally.counts;
}
