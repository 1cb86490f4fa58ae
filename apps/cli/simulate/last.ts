import type { Settings } from '#shared/settings/settings.ts';
import { zoneOf } from '#shared/story/introduce.ts';
import { type Happening, type StoryContact, USUAL_START } from '#shared/story/story.ts';
import { addDuration, readDuration } from '#shared/time/duration.ts';
import { laterOf } from '#shared/time/instant.ts';
import { localInstant, localTime } from '#shared/time/local.ts';

/** How long a story goes on after all that is told. */
const AFTERWARDS = 'P90D';

type Told = {
  readonly timeline: readonly Happening[];
  readonly start: string | undefined;
  readonly contact: StoryContact;
};

/** When a story ends that does not say it: a local time. */
export function lastOf({ timeline, start, contact }: Told, settings: Settings): string {
  const zone = zoneOf(contact, settings);
  const from = localInstant(start ?? USUAL_START, zone);
  const moments = timeline.map(({ at }) => (readDuration(at) ? addDuration(from, at, zone) : localInstant(at, zone)));
  const last = [from, ...moments].reduce(laterOf);
  return localTime(addDuration(last, AFTERWARDS, zone), zone)
    .slice(0, 16)
    .replace(' ', 'T');
}
