import type { Scope } from '#shared/condition/scope.ts';
import type { ProfileChange } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line } from '#shared/simulation/line.ts';
import { worldOf } from '#shared/simulation/world.ts';
import { addDuration, readDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { CONTACT, INTRODUCED, introduction, said, zoneOf } from './introduce.ts';
import { type Happening, type Story, type StoryMoment, type TestFile, USUAL_START } from './story.ts';

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
  readonly end: Instant;
  readonly zone: string;
  /** What could not happen as the story says, in words. */
  readonly impossible: readonly string[];
};

type Setting = Pick<TestFile, 'contact' | 'start' | 'journey'>;

/** Who listens to a story. */
export type Listening = {
  /** Hears each line as it happens, with the play as it stands by then. */
  readonly tell?: (line: Line, play: ContactPlay) => void;
  /** Hears what the story makes happen, before it does. */
  readonly happens?: (one: Happening, at: Instant) => void;
  /** Whether lines say why. */
  readonly explains?: boolean;
};

/** Plays a story to its end. */
export function tellStory(story: Story, setting: Setting, shop: StoryShop, listening: Listening = {}): Told {
  const contact = story.contact ?? setting.contact ?? {};
  const zone = zoneOf(contact, shop.settings);
  const start = localInstant(story.start ?? setting.start ?? USUAL_START, zone);
  const momentOf = (moment: StoryMoment): Instant =>
    readDuration(moment) ? addDuration(start, moment, zone) : localInstant(moment, zone);
  const play = playOf(story, setting.journey, shop, start, listening);
  play.introduce(introduction(contact, start), tagged(contact.tags), start);
  const impossible: string[] = [];
  const timeline = story.timeline.map((one) => ({ one, at: momentOf(one.at) }));
  for (const [i, { one, at }] of timeline.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).entries()) {
    listening.happens?.(one, at);
    const fault = happen(play, one, setting.journey, { id: `story-${i + 1}`, at });
    if (fault) impossible.push(`at ${one.at}: ${fault}`);
  }
  const end = momentOf(story.until);
  play.reach(end);
  return { play, start, end, zone, impossible };
}

function playOf(
  { arms, coupons, answers, holdout }: Story,
  journey: string,
  { journeys, settings, segments }: StoryShop,
  start: Instant,
  { tell, explains }: Listening,
): ContactPlay {
  const world = worldOf({
    settings,
    segments,
    journeys: concerned(journey, journeys),
    ...(arms && { arms }),
    ...(coupons && { coupons }),
    ...(answers && { answers }),
    ...(holdout && { holdout }),
    ...(explains && { explains }),
    ...(tell && { tell: (line: Line) => tell(line, play) }),
  });
  const play = new ContactPlay(world, CONTACT, start);
  return play;
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

const enrolsOf = (journey: Journey): string[] =>
  stepPlaces(journey).flatMap(({ step }) => (step.type === 'enrol' ? [step.journey] : []));

const tagged = (tags: readonly string[] = []): ProfileChange[] => tags.map((tag) => ({ kind: 'tag', tag }));

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
  return play.tell(journey, step, { fact: one.is, link: one.link }, at)
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
  play.change([...tagged(tag), ...untag.map((name): ProfileChange => ({ kind: 'untag', tag: name }))], at);
}
