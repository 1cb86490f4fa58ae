import { fieldsOf } from '#shared/condition/lookup.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { dateAppointment, scheduleAppointment } from '#shared/enrolment/appointment.ts';
import { arm, candidates } from '#shared/enrolment/decide.ts';
import { keepAppointment } from '#shared/enrolment/keep-appointment.ts';
import { lookAt } from '#shared/enrolment/look.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putAppointment } from '#shared/store/appointments.ts';
import { loadDoors, putDoor } from '#shared/store/enrolments.ts';
import { queryEvents } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { checkProfile, loadListed, partsOf } from '#shared/store/profiles.ts';
import { entryScope } from '#shared/store/scope.ts';
import type { Walk } from '#shared/store/walks.ts';
import type { Instant } from '#shared/time/instant.ts';
import { letGo, replaceEarlier, resume } from './inside.ts';
import { moveInside } from './move.ts';
import type { WalkDeps } from './walk.ts';

export type Visit = {
  readonly walk: Walk;
  readonly journey: CompiledJourney;
  readonly status: JourneyStatus;
  readonly profile: Profile;
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly now: Instant;
};

/** What each walk does with one contact. Each may be done again. */
const TASKS: { readonly [T in Walk['task']]: (visit: Visit, deps: WalkDeps) => Promise<void> } = {
  schedule: appoint,
  dates: arrange,
  quiet: armLast,
  archive: letGo,
  replace: replaceEarlier,
  move: moveInside,
  resume,
  segments: ({ profile }, deps) => lookAt(profile.contact, deps),
};

/** Visits one contact; who has left the directory since is passed by. */
export async function visit(walk: Walk, contact: string, deps: WalkDeps): Promise<void> {
  const { table, published, clock } = deps;
  const profile = await loadListed(table, contact);
  const live = (await published.catalogue()).journeys[walk.journey];
  if (!profile || !live) return;
  const journey = await published.version(walk.journey, live.version);
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  await TASKS[walk.task]({ walk, journey, status: live.status, profile, settings, segments, now: clock.now() }, deps);
}

/** A broadcast: whose turn is now enters now, for the others a moment is arranged. */
async function appoint({ walk, journey, profile, settings, now }: Visit, deps: WalkDeps): Promise<void> {
  const appointment = scheduleAppointment(journey, walk.occurrence ?? '', profile, settings, walk.from);
  if (!appointment) return;
  if (appointment.due <= now) await keepAppointment(appointment, [], deps);
  else await deps.table.write(putAppointment(appointment, true));
}

/** A journey that a date starts: the next turn of each who has the date. */
async function arrange({ journey, profile, settings, now }: Visit, { table }: WalkDeps): Promise<void> {
  const appointment = dateAppointment(journey, profile, settings, now);
  if (appointment) await table.transact([putAppointment(appointment, false), checkProfile(profile)]);
}

/** How many of the newest events are looked through for one that matches. */
const LOOKED_AT = 50;

/**
 * A quiet time that begins with the last match, although the journey was not there yet. For whom it is over already, it is
 * only when the journey takes them.
 */
async function armLast(
  { journey, status, profile, settings, segments, now }: Visit,
  { table }: WalkDeps,
): Promise<void> {
  const { trigger } = journey.definition;
  if (trigger.type !== 'event' || trigger.quietFor === undefined) return;
  const events = await queryEvents(table, partsOf(profile), { types: [trigger.event].flat(), limit: LOOKED_AT });
  const facts = new ContactFacts(table, partsOf(profile));
  const contact = { profile, settings, segments, facts, now };
  for (const event of events) {
    const data = fieldsOf(event);
    const whole = { ...event, source: '', identities: {} };
    const live = [{ journey, status }];
    const [match] = await facts.settle(() => candidates(live, whole, () => entryScope(contact, journey.id, data)));
    if (!match) continue;
    const [door] = await loadDoors(table, partsOf(profile), [{ journey: journey.id, key: match.key }]);
    // It has been armed, or judged, since the journey is there.
    if (door) return;
    const armed = arm({
      ...match,
      door: undefined,
      profile,
      trigger: { event: event.id, type: event.type, at: event.at },
      now,
      zone: zoneOf(profile, settings),
      settings,
      scope: entryScope(contact, journey.id, data),
    });
    const over = (armed.quiet?.until ?? '') <= now;
    if (over && !trigger.existing) return;
    const due = over ? now : armed.quiet?.until;
    await table.transact([...putDoor(profile.contact, journey.id, match.key, armed, due), checkProfile(profile)]);
    return;
  }
}
