import type { Profile } from '#shared/contact/profile.ts';
import { dateAppointment, scheduleAppointment } from '#shared/enrolment/appointment.ts';
import { beginsAt, nextOccurrence } from '#shared/journey/schedule.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';
import type { Play } from './world.ts';

/** What starts by the calendar: dates of the contact, and schedules. */

/** The next turn by each date that the contact has, wherever something has moved it since `before`. */
export function arrangeDates(play: Play, before: Profile | undefined, now: Instant): void {
  const { profile, world } = play;
  if (!profile) return;
  for (const { journey } of world.journeys.values()) {
    if (journey.definition.trigger.type !== 'date') continue;
    const was = before && dateAppointment(journey, before, world.settings, now);
    const is = dateAppointment(journey, profile, world.settings, now);
    if (was?.due === is?.due) continue;
    if (is) play.dates.set(journey.id, is);
    else play.dates.delete(journey.id);
  }
}

/** The turn after this one; the next birthday, for example. */
export function arrangeNext(play: Play, journey: string, after: Instant): void {
  const live = play.world.journeys.get(journey);
  const next = live && play.profile && dateAppointment(live.journey, play.profile, play.world.settings, after);
  if (next) play.dates.set(journey, next);
  else play.dates.delete(journey);
}

/** The next occurrence of a schedule, after the one that has been. */
export function arrangeSchedule(play: Play, journey: string, now: Instant, after?: string): void {
  const trigger = play.world.journeys.get(journey)?.journey.definition.trigger;
  if (trigger?.type !== 'schedule') return;
  const shopZone = play.world.settings.shop.timeZone;
  const occurrence = nextOccurrence(trigger, now, shopZone, after);
  if (occurrence === undefined) play.schedules.delete(journey);
  else play.schedules.set(journey, { occurrence, from: laterOf(beginsAt(trigger, occurrence, shopZone), now) });
}

/** The contact's turns in the next occurrence of each schedule. */
export function scheduledTurns({ profile, schedules, world }: Play): Appointment[] {
  if (!profile) return [];
  return [...schedules].flatMap(([id, { occurrence, from }]) => {
    const live = world.journeys.get(id);
    return (live && scheduleAppointment(live.journey, occurrence, profile, world.settings, from)) ?? [];
  });
}
