import { dateAppointment } from '#shared/enrolment/appointment.ts';
import { keepAppointment } from '#shared/enrolment/keep-appointment.ts';
import { dropAppointment, putAppointment, readAppointment } from '#shared/store/appointments.ts';
import { appointmentKey } from '#shared/store/keys.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** The turn of a contact has come by the calendar: entry is judged, and a date that comes again is arranged anew. */
export async function reviewAppointment(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const appointment = readAppointment(await deps.table.get(key));
  if (!appointment || appointment.due > now) return;
  const { contact, journey: id, occurrence, due } = appointment;
  const live = (await deps.published.catalogue()).journeys[id];
  const journey = live && (await deps.published.version(id, live.version));
  // A date has one row a journey, each occurrence of a schedule its own.
  const isDate = key.sk === appointmentKey(contact, id, '').sk;
  const drop = dropAppointment(contact, id, isDate ? undefined : occurrence, due);
  // The journey is gone, or another edit has it begin by something else: nobody's turn comes any more.
  if (journey?.definition.trigger.type !== (isDate ? 'date' : 'schedule')) return void (await deps.table.write(drop));
  const profile = isDate ? await loadProfile(deps.table, contact) : undefined;
  // The dates of who was merged are those of the contact that they are now, whose turns are arranged there.
  if (profile && profile.contact !== contact) return void (await deps.table.write(drop));
  const next = profile && dateAppointment(journey, profile, await deps.published.settings(), plusMillis(due, 1));
  await keepAppointment(appointment, [next ? putAppointment(next, false) : drop], deps);
}
