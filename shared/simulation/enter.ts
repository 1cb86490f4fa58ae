import { fieldsOf } from '#shared/condition/lookup.ts';
import { type Scope, scopeWith } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import {
  arm,
  beginsAnew,
  type Candidate,
  candidates,
  type EntryInput,
  isFresh,
  judge,
} from '#shared/enrolment/decide.ts';
import type { Enrolment, TriggerRef } from '#shared/enrolment/enrolment.ts';
import { insideOf } from '#shared/enrolment/entry.ts';
import { nameOf } from '#shared/enrolment/names.ts';
import { calendarTrigger, triggerOf } from '#shared/enrolment/trigger.ts';
import type { Event } from '#shared/event/event.ts';
import type { Watched } from '#shared/segment/watched.ts';
import { startOf } from '#shared/segment/watching.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import { entryScope, triggeredScope } from '#shared/store/scope.ts';
import type { Instant } from '#shared/time/instant.ts';
import { reasonsFor } from './reasons.ts';
import { contactOf, type DoorPlace, doorOf, type Live, type Play, setDoor, tellOf, zoneIn } from './world.ts';

type SegmentCause = Parameters<typeof startOf>[2];

/** Who is let in, and whose quiet time begins: what `enrol` and `review` do with rows. */

/** What an event starts. */
export function enterBy(play: Play, event: Event, now: Instant): void {
  if (!isFresh(event, now) || !play.profile) return;
  const data = fieldsOf(event);
  const contact = contactOf(play, play.profile, now);
  const live = [...play.world.journeys.values()];
  for (const candidate of candidates(live, event, (journey) => entryScope(contact, journey.id, data))) {
    if (!isQuiet(candidate)) enterNow(play, candidate, triggerOf(event, now), now);
    else armDoor(play, candidate, event, now);
  }
}

const isQuiet = ({ journey: { definition } }: Live): boolean =>
  definition.trigger.type === 'event' && definition.trigger.quietFor !== undefined;

function armDoor(play: Play, candidate: Candidate, event: Event, now: Instant): void {
  const { profile } = play;
  if (!profile) return;
  const place = { journey: candidate.journey.id, key: candidate.key };
  const scope = entryScope(contactOf(play, profile, now), place.journey, fieldsOf(event));
  const door = arm(inputOf(play, candidate, profile, triggerOf(event, now), now, scope));
  const before = doorOf(play, place)?.quiet?.until;
  setDoor(play, place, door);
  const until = door.quiet?.until;
  if (until !== undefined && until !== before) tellOf(play, now, place, { what: 'armed', until });
}

/** A quiet time that is over: entry is judged with the newest match. */
export function enterQuiet(play: Play, place: DoorPlace, now: Instant): void {
  const door = doorOf(play, place);
  const live = play.world.journeys.get(place.journey);
  if (!door?.quiet || !live) return;
  const { quiet, ...rest } = door;
  setDoor(play, place, rest);
  enterNow(play, { ...live, key: place.key }, quiet.trigger, now);
}

/** A segment that the contact has come into, or out of. `cause`: the event that did it, or the moment. */
export function enterSegment(play: Play, { journey, segment }: Watched, cause: SegmentCause, now: Instant): void {
  const live = play.world.journeys.get(journey);
  const start = live && startOf(live, segment, cause);
  if (start) enterNow(play, start, start.trigger, now);
}

/** A turn that has come by the calendar. */
export function enterAt(play: Play, appointment: Appointment, now: Instant): void {
  const live = play.world.journeys.get(appointment.journey);
  if (!live) return;
  const trigger = calendarTrigger(appointment, live.journey.definition.trigger.type);
  enterNow(play, { ...live, key: appointment.occurrence }, trigger, now);
}

function enterNow(play: Play, candidate: Candidate, trigger: TriggerRef, now: Instant): void {
  const { profile, memory } = play;
  if (!profile) return;
  const { journey, key } = candidate;
  const place = { journey: journey.id, key };
  const scope = triggeredScope(contactOf(play, profile, now), journey.id, trigger);
  const current = beginsAnew(journey) ? insideOf(profile, journey.id, key) : undefined;
  const passage = current && memory.passagesByName.get(nameOf(current));
  const input = { ...inputOf(play, candidate, profile, trigger, now, scope), current: passage };
  const decision = judge(input);
  if (decision.kind === 'refused') {
    const because = play.world.tell && decision.reason === 'condition' ? reasonsOf(input) : [];
    tellOf(play, now, place, { what: 'refused', reason: decision.reason, because });
    return;
  }
  const { enrolment } = decision;
  if (decision.kind === 'entered') {
    if (decision.ended) end(play, decision.ended, now);
    play.profile = decision.profile;
    setDoor(play, place, decision.door);
  }
  memory.passagesByName.set(nameOf(enrolment), enrolment);
  const what = decision.kind === 'retold' ? 'retold' : enrolment.state === 'held' ? 'held' : 'entered';
  tellOf(play, now, place, { what, n: enrolment.n, because: play.world.explains ? reasonsOf(input) : [] });
}

function end(play: Play, ended: Enrolment, now: Instant): void {
  play.memory.passagesByName.set(nameOf(ended), ended);
  tellOf(play, now, ended, { what: 'ended', outcome: ended.outcome ?? ended.state, n: ended.n });
}

const inputOf = (
  play: Play,
  candidate: Candidate,
  profile: Profile,
  trigger: TriggerRef,
  now: Instant,
  scope: Scope,
): EntryInput => ({
  ...candidate,
  door: doorOf(play, { journey: candidate.journey.id, key: candidate.key }),
  profile,
  trigger,
  now,
  zone: zoneIn(play.world, profile),
  settings: play.world.settings,
  scope,
});

/** In words, the parts of the entry's condition that kept the contact out, or let them in. */
function reasonsOf({ journey, scope, trigger }: EntryInput): string[] {
  const condition = journey.definition.entry?.if;
  if (!condition) return [];
  return reasonsFor(condition, scopeWith(scope, { cause: trigger }));
}
