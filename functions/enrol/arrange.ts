import type { Profile } from '#shared/contact/profile.ts';
import { dateAppointment } from '#shared/enrolment/appointment.ts';
import { dropAppointment, putAppointment } from '#shared/store/appointments.ts';
import type { Write } from '#shared/store/table.ts';
import type { Deciding } from './decide.ts';

/** Journeys that a date of the contact starts: their next turn, wherever the event has moved it. */
export async function arrange(
  { profile, settings, now, deps }: Deciding,
  before: Profile | undefined,
): Promise<Write[]> {
  const { journeys } = await deps.published.catalogue();
  const dated = Object.entries(journeys).filter(([, { starts, status }]) => starts === 'date' && status === 'live');
  const writes = await Promise.all(
    dated.map(async ([id, { version }]): Promise<Write[]> => {
      const journey = await deps.published.version(id, version);
      const was = before && dateAppointment(journey, before, settings, now);
      const is = dateAppointment(journey, profile, settings, now);
      if (was?.due === is?.due) return [];
      return [is ? putAppointment(is, false) : dropAppointment(profile.contact, id, undefined)];
    }),
  );
  return writes.flat();
}
