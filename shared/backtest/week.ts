import type { Profile } from '#shared/contact/profile.ts';
import { CHANNELS, type Consent, type Event, type StoredEvent } from '#shared/event/event.ts';
import { isOwnType } from '#shared/event/own.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { World } from '#shared/simulation/world.ts';
import { INTRODUCED } from '#shared/story/introduce.ts';
import { longestMillis } from '#shared/time/duration.ts';
import { earlierOf, type Instant, laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';

const WEEK = 7 * 86_400_000;
/** Weeks of the past that are played once more. */
const WEEKS = 4;

/** What contacts came to: in four weeks, or in one. */
export type Weekly = { entries: number; mails: number; turns: number };

/**
 * What one journey would come to in the first week that it is live, contact by contact. What events start is played over
 * the last four weeks, and a week is a quarter of it; of the mails of a passage those count that the first week still
 * sees, if passages begin evenly. What the calendar starts is played a week ahead.
 */
export class FirstWeekCount {
  readonly #journey: Journey;
  readonly #world: World;
  readonly #now: Instant;
  readonly #sum: Weekly = { entries: 0, mails: 0, turns: 0 };

  /** `world`: with this journey in it. */
  constructor(journey: Journey, world: World, now: Instant) {
    this.#journey = journey;
    this.#world = world;
    this.#now = now;
  }

  /** `events`: all that is kept of the contact. */
  look(profile: Profile, events: readonly StoredEvent[]): void {
    const ahead = isByCalendar(this.#journey);
    const [from, until] = ahead
      ? [this.#now, plusMillis(this.#now, WEEK)]
      : [plusMillis(this.#now, -WEEKS * WEEK), this.#now];
    const play = this.#play(profile, events, ahead ? this.#now : plusMillis(from, -this.#quiet()));
    play.reach(plusMillis(this.#now, WEEK));
    for (const passage of play.passages) {
      if (passage.journey !== this.#journey.id || passage.entered < from || passage.entered >= until) continue;
      const sent = play.messages.filter(
        ({ journey, n, key }) => journey === passage.journey && n === passage.n && key === passage.key,
      );
      this.#sum.entries += ahead ? 1 : 1 / WEEKS;
      this.#sum.turns += (passage.state === 'held' ? 0 : passage.turn) * (ahead ? 1 : 1 / WEEKS);
      for (const { facts } of sent) this.#sum.mails += weightOf(facts.sent, passage.entered, ahead);
    }
  }

  get sum(): Readonly<Weekly> {
    return this.#sum;
  }

  #play(profile: Profile, events: readonly StoredEvent[], begin: Instant): ContactPlay {
    const own = events.filter(({ type }) => !isOwnType(type)).toSorted((a, b) => (a.at < b.at ? -1 : 1));
    const start = earlierOf(begin, own[0]?.at ?? begin);
    const play = new ContactPlay(this.#world, profile.contact, begin);
    play.introduce(
      introductionOf(profile, start, this.#world.settings),
      profile.tags.map((tag) => ({ kind: 'tag', tag })),
      start,
    );
    for (const event of own) {
      const whole: Event = { ...event, source: 'shop', identities: {} };
      if (event.at < begin) play.introduce(whole, [], event.at);
      else play.hear(whole, event.at);
    }
    return play;
  }

  /** How long before a passage the event may lie that begins it. */
  #quiet(): number {
    const { trigger } = this.#journey;
    const quiet = trigger.type === 'event' ? trigger.quietFor : undefined;
    if (quiet === undefined) return 0;
    return longestMillis(typeof quiet === 'string' ? quiet : (quiet.atMost ?? quiet.otherwise));
  }
}

const isByCalendar = ({ trigger }: Journey): boolean => trigger.type === 'date' || trigger.type === 'schedule';

/** Of passages that begin at any moment of the week, a mail after three days is seen of those of its first four. */
function weightOf(sent: Instant | undefined, entered: Instant, ahead: boolean): number {
  if (sent === undefined) return 0;
  if (ahead) return 1;
  return Math.max(0, 1 - (toMillis(laterOf(sent, entered)) - toMillis(entered)) / WEEK) / WEEKS;
}

/** Everything that is known of them today: what their own events fold is left to these. */
function introductionOf({ contact, identities, traits, consents }: Profile, at: Instant, settings: Settings): Event {
  const isFolded = (path: string): boolean =>
    path.startsWith('purchases.') || typeof settings.traits[path] === 'object';
  return {
    id: `${contact}-known`,
    type: INTRODUCED,
    at,
    source: 'shop',
    identities,
    traits: Object.fromEntries(Object.entries(traits).filter(([path]) => !isFolded(path))),
    consents: CHANNELS.flatMap((channel) =>
      Object.entries(consents[channel] ?? {}).map(
        ([topic, { state, source }]): Consent => ({ channel, topic, state, at, source, wording: 'known' }),
      ),
    ),
    data: {},
  };
}
