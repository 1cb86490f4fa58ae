import type { Scope } from '#shared/condition/scope.ts';
import type { ProfileChange } from '#shared/enrolment/turn.ts';
import type { Channel, Consent, Event } from '#shared/event/event.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import type { Json } from '#shared/store/table.ts';
import { addDuration, readDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import { isZone, localInstant } from '#shared/time/local.ts';
import {
  type Happening,
  type Story,
  type StoryContact,
  type StoryMoment,
  type TestFile,
  USUAL_START,
} from './story.ts';

/** What a story is played in. */
export type StoryShop = {
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  /** All of the shop's; only what the story's journey needs is played. */
  readonly journeys: readonly Journey[];
};

export type Told = {
  readonly play: ContactPlay;
  readonly start: Instant;
  readonly zone: string;
  /** What could not happen as the story says, in words. */
  readonly impossible: readonly string[];
};

/** Who a story is about when it says nothing: always the same, so that a hash always chooses the same arm. */
const CONTACT = 'story';
const ADDRESS = 'contact@story.example';
/** Introduces the contact; no doing of theirs, so that no condition counts it. */
const INTRODUCED = 'journey.story';

type Setting = Pick<TestFile, 'contact' | 'start' | 'journey'>;

/** Plays a story to its end. `tell` hears each line as it happens, with the play as it stands by then. */
export function tellStory(
  story: Story,
  setting: Setting,
  shop: StoryShop,
  tell?: (line: Line, play: ContactPlay) => void,
): Told {
  const contact = story.contact ?? setting.contact ?? {};
  const zone = zoneOf(contact, shop.settings);
  const start = localInstant(story.start ?? setting.start ?? USUAL_START, zone);
  const momentOf = (moment: StoryMoment): Instant =>
    readDuration(moment) ? addDuration(start, moment, zone) : localInstant(moment, zone);
  const { play, introduce } = playOf(story, setting.journey, shop, start, tell);
  introduce(contact);
  const impossible: string[] = [];
  const timeline = story.timeline.map((one) => ({ one, at: momentOf(one.at) }));
  for (const [i, { one, at }] of timeline.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).entries()) {
    const fault = happen(play, one, setting.journey, { id: `story-${i + 1}`, at });
    if (fault) impossible.push(`at ${one.at}: ${fault}`);
  }
  play.reach(momentOf(story.until));
  return { play, start, zone, impossible };
}

function playOf(
  { arms, holdout }: Story,
  journey: string,
  { journeys, settings, segments }: StoryShop,
  start: Instant,
  tell: ((line: Line, play: ContactPlay) => void) | undefined,
) {
  const known: { play?: ContactPlay } = {};
  const world = worldOf({
    settings,
    segments,
    journeys: concerned(journey, journeys),
    ...(arms && { arms }),
    ...(holdout && { holdout }),
    ...(tell && { tell: (line: Line) => known.play && tell(line, known.play) }),
  });
  const play = new ContactPlay(world, CONTACT, start);
  const introduce = (contact: StoryContact): void => {
    play.hear(introduction(contact, start), start);
    play.change(
      (contact.tags ?? []).map((tag) => ({ kind: 'tag', tag })),
      start,
    );
    known.play = play;
  };
  return { play, introduce };
}

/** The journey itself, and those that its steps enrol into. */
function concerned(id: string, journeys: readonly Journey[]): Journey[] {
  const found = new Map<string, Journey>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const journey = journeys.find((one) => one.id === next);
    if (!journey || found.has(next)) continue;
    found.set(next, journey);
    open.push(...enrolsOf(journey));
  }
  return [...found.values()];
}

const enrolsOf = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(enrolsOf);
  const isEnrol = 'type' in value && value.type === 'enrol' && 'journey' in value;
  return isEnrol && typeof value.journey === 'string' ? [value.journey, ...inner] : inner;
};

const zoneOf = ({ traits }: StoryContact, { shop }: Settings): string => {
  const own = traits?.['timeZone'];
  return typeof own === 'string' && isZone(own) ? own : shop.timeZone;
};

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function introduction({ traits = {}, consents, reachable }: StoryContact, at: Instant): Event {
  const { email, phone, externalId, ...others } = traits;
  const isReachable = reachable === undefined || reachable.includes('email');
  const address = textOf(email) ?? (isReachable ? ADDRESS : undefined);
  const [number, own] = [textOf(phone), textOf(externalId)];
  return {
    id: 'story-contact',
    type: INTRODUCED,
    at,
    source: 'story',
    identities: {
      externalId: own ?? CONTACT,
      ...(address !== undefined && { email: address }),
      ...(number !== undefined && { phone: number }),
    },
    traits: others,
    consents: said(consents, 'granted', at),
    data: {},
  };
}

const said = (topics: StoryContact['consents'], state: Consent['state'], at: Instant): Consent[] =>
  Object.entries(topics ?? {}).flatMap(([channel, names]) =>
    names.map(
      (topic): Consent => ({ channel: channelOf(channel), topic, state, at, source: 'story', wording: 'story' }),
    ),
  );

/** The keys of the record are channels: zod has seen to that. */
const channelOf = (name: string): Channel => CHANNELS_BY_NAME.find((channel) => channel === name) ?? 'email';
const CHANNELS_BY_NAME: readonly Channel[] = ['email', 'sms', 'push', 'webpush', 'telegram', 'inapp'];

type When = { readonly id: string; readonly at: Instant };

/** In words, why it could not happen; undefined when it did. */
function happen(play: ContactPlay, one: Happening, journey: string, { id, at }: When): string | undefined {
  const event = { id, at, source: 'story', identities: { externalId: CONTACT } };
  if ('event' in one) play.hear({ ...event, type: one.event, data: one.data ?? {} }, at);
  else if ('enrol' in one)
    play.hear({ ...event, type: JOURNEY_REQUESTED, journey: one.enrol, data: one.data ?? {} }, at);
  else if ('profile' in one) change(play, one.profile, { ...event, type: INTRODUCED, data: {} }, at);
  else return fact(play, one, journey, at);
  return undefined;
}

function fact(play: ContactPlay, one: Extract<Happening, { message: string }>, own: string, at: Instant) {
  const [journey = own, step = one.message] = one.message.includes('/') ? one.message.split('/') : [];
  return play.tell(journey, step, one.is, at)
    ? undefined
    : `"${one.message}" cannot be "${one.is}": it was not sent by then`;
}

function change(
  play: ContactPlay,
  {
    set = {},
    unset = [],
    tag = [],
    untag = [],
    consents,
    withdraw,
  }: Extract<Happening, { profile: unknown }>['profile'],
  event: Event,
  at: Instant,
): void {
  const words = [...said(consents, 'granted', at), ...said(withdraw, 'denied', at)];
  const removed = Object.fromEntries(unset.map((path) => [path, null]));
  play.hear({ ...event, traits: { ...set, ...removed }, consents: words }, at);
  play.change(
    [
      ...tag.map((name): ProfileChange => ({ kind: 'tag', tag: name })),
      ...untag.map((name): ProfileChange => ({ kind: 'untag', tag: name })),
    ],
    at,
  );
}
