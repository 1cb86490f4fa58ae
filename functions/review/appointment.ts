import { dateAppointment } from '#shared/enrolment/appointment.ts';
import { keepAppointment } from '#shared/enrolment/keep-appointment.ts';
import { type Appointment, dropAppointment, putAppointment, readAppointment } from '#shared/store/appointments.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import type { Key, Write } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** The turn of a contact has come by the calendar: entry is judged, and a date that comes again is arranged anew. */
export async function reviewAppointment(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const appointment = readAppointment(await deps.table.get(key));
  if (!appointment || appointment.due > now) return;
  await keepAppointment(appointment, [await after(appointment, deps)], deps);
}

async function after(appointment: Appointment, { table, published }: ReviewDeps): Promise<Write> {
  const { contact, journey: id, occurrence, due } = appointment;
  const live = (await published.catalogue()).journeys[id];
  const journey = live && (await published.version(id, live.version));
  if (journey?.definition.trigger.type !== 'date') return dropAppointment(contact, id, occurrence, due);
  const profile = await loadProfile(table, contact);
  const next = profile && dateAppointment(journey, profile, await published.settings(), plusMillis(due, 1));
  return next ? putAppointment(next, false) : dropAppointment(contact, id, undefined, due);
}
