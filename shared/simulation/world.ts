import type { Fields, Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { Door } from '#shared/enrolment/enrolment.ts';
import type { Event } from '#shared/event/event.ts';
import { happeningsIn, type Wanted } from '#shared/event/happenings.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import type { Journey, JourneyStatus } from '#shared/journey/journey.ts';
import type { Watched } from '#shared/segment/watched.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { LocalDate } from '#shared/time/local.ts';
import type { Line, PassageLine } from './line.ts';
import type { Memory } from './memory.ts';

export type Live = { readonly journey: CompiledJourney; readonly status: JourneyStatus };

/** The shop that a simulation plays in: what is published there. */
export type World = {
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly journeys: ReadonlyMap<string, Live>;
  /** Arms that are to be taken, by split; the others are the hash's. */
  readonly arms?: Readonly<Record<string, string>>;
  /** Codes that pools have, by pool; pools that are not named have as many as are asked for. */
  readonly coupons?: Readonly<Record<string, readonly string[]>>;
  /** What endpoints answer; `false`: they refuse. */
  readonly answers?: Readonly<Record<string, Fields | false>>;
  readonly tell?: (line: Line) => void;
  /** Happenings that a journey, a segment or the settings name. */
  readonly wanted: Wanted;
  /** Whether lines say why, which takes time. */
  readonly explains?: boolean;
  /** The segments that start a journey. */
  readonly watched: readonly Watched[];
};

type Shop = Pick<World, 'settings' | 'segments' | 'arms' | 'coupons' | 'answers' | 'tell' | 'explains'> & {
  readonly journeys: readonly Journey[];
  /** Whether some are kept out to be compared with. Without it everybody walks the way that is to be seen. */
  readonly holdout?: boolean;
};

/** A shop in which these journeys are live, whatever their files say: what is simulated is what would happen. */
export function worldOf({ journeys, holdout = false, settings, ...shop }: Shop): World {
  const played = journeys.map((journey): [string, Live] => {
    const { holdout: _, ...entry } = journey.entry ?? {};
    const open = holdout || !journey.entry ? journey : { ...journey, entry };
    return [journey.id, { journey: compile({ ...open, status: 'live' }, 1), status: 'live' }];
  });
  const watched = journeys.flatMap(({ id, trigger }): Watched[] => {
    if (trigger.type !== 'segment') return [];
    const { segment, when, existing = false } = trigger;
    // Nobody edits a segment while a story is told.
    return [{ journey: id, segment, when, existing, of: 'simulation' }];
  });
  const wanted = new Set(happeningsIn([journeys, shop.segments, settings]));
  return {
    ...shop,
    watched,
    wanted,
    settings: holdout ? settings : { ...settings, holdout: 0 },
    journeys: new Map(played),
  };
}

export type DoorPlace = { readonly journey: string; readonly key: string };

/** One contact in that shop, and all that is known of them. */
export type Play = {
  readonly world: World;
  readonly contact: string;
  readonly memory: Memory;
  profile: Profile | undefined;
  /** When time alone may move the contact into a segment that starts a journey, or out of one. */
  look: Instant | undefined;
  /** By journey and key. */
  readonly doors: Map<string, DoorPlace & { readonly door: Door }>;
  /** The next turn by a date of the contact, by journey. */
  readonly dates: Map<string, Appointment>;
  /** The next occurrence of each schedule, and from when on it is looked at. */
  readonly schedules: Map<string, { readonly occurrence: LocalDate; readonly from: Instant }>;
  /** What steps have put on the bus, and nobody has heard yet. */
  readonly bus: Event[];
};

export const doorName = ({ journey, key }: DoorPlace): string => `${journey}#${key}`;

export const doorOf = ({ doors }: Play, place: DoorPlace): Door | undefined => doors.get(doorName(place))?.door;

export function setDoor({ doors }: Play, { journey, key }: DoorPlace, door: Door): void {
  doors.set(doorName({ journey, key }), { journey, key, door });
}

/** What conditions of this moment look at, for the contact as they are by then. */
export const contactOf = ({ world: { settings, segments }, memory }: Play, profile: Profile, now: Instant) => ({
  profile,
  settings,
  segments,
  facts: memory,
  now,
});

export const zoneIn = ({ settings }: World, profile: Profile): string => zoneOf(profile, settings);

type Said<L> = L extends PassageLine ? Omit<L, 'at' | 'journey' | 'key'> : never;

/** Tells of a passage, if anybody listens. */
export function tellOf({ world }: Play, now: Instant, { journey, key }: DoorPlace, line: Said<PassageLine>): void {
  world.tell?.({ at: now, journey, key, ...line });
}
