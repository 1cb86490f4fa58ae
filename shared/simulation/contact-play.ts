import type { Fields } from '#shared/condition/scope.ts';
import { applied } from '#shared/contact/change.ts';
import { fold } from '#shared/contact/fold.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { codesUsed } from '#shared/coupon/coupon.ts';
import { type Enrolment, wakesAt } from '#shared/enrolment/enrolment.ts';
import type { ProfileChange } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import { MOST_HOPS } from '#shared/event/own.ts';
import type { Message } from '#shared/message/message.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { arrangeDates, arrangeNext, arrangeSchedule, scheduledTurns } from './calendar.ts';
import { enterAt, enterBy, enterQuiet } from './enter.ts';
import { Memory } from './memory.ts';
import { noticeProfile } from './notice.ts';
import { moveBy, moveNow } from './segments.ts';
import { signal, signalStates } from './signal.ts';
import { insideOf, type Said, settle, tellFact } from './walk.ts';
import type { Play, World } from './world.ts';

/** More moves at one moment than any story has, so that journeys that never come to rest are noticed. */
const MOVES_AT_ONCE = 100;

type Due = { readonly at: Instant; readonly act: (now: Instant) => void };

/**
 * One contact in a shop, in virtual time: hears events, enters journeys and walks them, by the very decisions that the
 * functions make. It knows no other contact, so that caps of an entry are never full and two never share an address.
 * Moments must not go backwards.
 */
export class ContactPlay {
  readonly #play: Play;

  /** `start`: from when on the journeys are live. */
  constructor(world: World, contact: string, start: Instant) {
    const containers = { doors: new Map(), dates: new Map(), schedules: new Map() };
    this.#play = {
      world,
      contact,
      memory: new Memory(world.coupons),
      profile: undefined,
      look: undefined,
      ...containers,
      bus: [],
    };
    for (const id of world.journeys.keys()) arrangeSchedule(this.#play, id, start);
  }

  get profile(): Profile | undefined {
    return this.#play.profile;
  }

  /** In the order in which they were entered. */
  get passages(): readonly Enrolment[] {
    return [...this.#play.memory.passagesByName.values()];
  }

  /** Data of the event that began a passage. */
  trigger(passage: Enrolment): Fields {
    return this.#play.memory.trigger(passage.trigger) ?? {};
  }

  /** The oldest first. */
  get messages(): readonly Message[] {
    return this.#play.memory.messages().toReversed();
  }

  /** When something happens by itself next; undefined when nothing will. */
  get due(): Instant | undefined {
    return this.#next()?.at;
  }

  /** One event, which arrives at this moment; what was due before it happens first. */
  hear(event: Event, now: Instant): void {
    this.#reach((at) => at < now);
    this.#record(event, now);
    this.#calm(now);
    this.reach(now);
  }

  /** A contact whom the shop had before its journeys: the event is of the past, and starts nothing. */
  introduce(event: Event, changes: readonly ProfileChange[], now: Instant): void {
    this.#record({ ...event, historic: true }, now, changes);
    this.#calm(now);
  }

  /** What becomes of the newest message of a step: clicked, for example. False when none was sent. */
  tell(journey: string, step: string, said: Said, now: Instant): boolean {
    this.#reach((at) => at < now);
    const told = tellFact(this.#play, journey, step, said, now);
    this.#calm(now);
    this.reach(now);
    return told;
  }

  /** Tags and traits that somebody changes from outside. */
  change(changes: readonly ProfileChange[], now: Instant): void {
    this.#reach((at) => at < now);
    const { profile, world } = this.#play;
    if (!profile) return;
    this.#play.profile = applied(profile, changes, world.settings, now).profile;
    arrangeDates(this.#play, profile, now);
    noticeProfile(this.#play, profile, { id: `change ${now}`, at: now, hops: 0 }, '');
    this.#calm(now);
    this.reach(now);
  }

  /** Everything that is due up to this moment, included. */
  reach(now: Instant): void {
    this.#reach((at) => at <= now);
  }

  #reach(isTime: (at: Instant) => boolean): void {
    for (let next = this.#next(); next && isTime(next.at); next = this.#next()) {
      next.act(next.at);
      this.#calm(next.at);
    }
  }

  /** Until every passage waits, and nobody has anything more to say. */
  #calm(now: Instant): void {
    this.#rest(now);
    for (let event = this.#play.bus.shift(); event; event = this.#play.bus.shift()) {
      this.#record(event, now);
      this.#rest(now);
    }
  }

  /** What passages change on the contact may move segments, which start passages. */
  #rest(now: Instant): void {
    for (let moves = 0; moves < MOVES_AT_ONCE; moves += 1) {
      settle(this.#play, now);
      signalStates(this.#play, now);
      if (!moveNow(this.#play, now)) return;
    }
    throw new Error(`segments moved ${this.#play.contact} ${MOVES_AT_ONCE} times at ${now}`);
  }

  #next(): Due | undefined {
    const play = this.#play;
    let next: Due | undefined;
    const offer = (at: Instant, act: Due['act']): void => {
      if (!next || at < next.at) next = { at, act };
    };
    for (const { journey, key, door } of play.doors.values())
      if (door.quiet) offer(door.quiet.until, (now) => enterQuiet(play, { journey, key }, now));
    for (const passage of insideOf(play)) {
      const wake = wakesAt(passage);
      if (wake !== undefined) offer(wake, (now) => settle(play, now));
    }
    if (play.look !== undefined) offer(play.look, (now) => void moveNow(play, now));
    for (const turn of play.dates.values()) offer(turn.due, (now) => keepDate(play, turn, now));
    for (const turn of scheduledTurns(play)) offer(turn.due, (now) => keepSchedule(play, turn, now));
    return next;
  }

  #record(posted: Event, now: Instant, changes: readonly ProfileChange[] = []): void {
    const { world, contact, memory, profile: before } = this.#play;
    const { event } = inShopTerms(posted, world.settings);
    if ((event.hops ?? 0) > MOST_HOPS) {
      world.tell?.({ at: now, what: 'parked', type: event.type, reason: 'too-many-hops' });
      return;
    }
    const at = event.at > now ? now : event.at;
    const { id, type, data } = event;
    if (!memory.remember({ id, type, at, data, arrived: now })) return;
    world.tell?.({ at: now, what: 'event', type, id, ours: event.source === 'tropa' });
    const folded = fold(before, { ...event, at }, contact, world.settings).profile;
    this.#play.profile = applied(folded, changes, world.settings, now).profile;
    memory.codes.use(codesUsed(event, world.settings));
    arrangeDates(this.#play, before, now);
    if (!event.historic) noticeProfile(this.#play, before, { id, at, hops: event.hops ?? 0 }, type);
    if (!event.historic) signal(this.#play, { ...event, at }, now);
    moveBy(this.#play, { ...event, at }, before === undefined, now);
    enterBy(this.#play, { ...event, at }, now);
  }
}

function keepDate(play: Play, turn: Appointment, now: Instant): void {
  arrangeNext(play, turn.journey, plusMillis(turn.due, 1));
  enterAt(play, turn, now);
}

function keepSchedule(play: Play, turn: Appointment, now: Instant): void {
  arrangeSchedule(play, turn.journey, now, turn.occurrence);
  enterAt(play, turn, now);
}
