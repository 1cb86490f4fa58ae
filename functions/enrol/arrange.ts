import type { Profile } from '#shared/contact/profile.ts';
import { dateAppointment, hasSameDate } from '#shared/enrolment/appointment.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { dropAppointment, putAppointment } from '#shared/store/appointments.ts';
import type { Published } from '#shared/store/published.ts';
import type { Write } from '#shared/store/table.ts';
import type { Deciding } from './decide.ts';
import type { EnrolDeps } from './enrol.ts';

/** What is written, and the journeys that the transaction had no room for. */
type Arranged = { readonly writes: readonly Write[]; readonly more: readonly string[] };

type Arranging = Pick<Deciding, 'profile' | 'settings' | 'now'> & { readonly deps: Pick<EnrolDeps, 'published'> };

/** Journeys that a date of the contact starts: their next turn, wherever the event has moved it. */
export async function arrange(deciding: Arranging, before: Profile | undefined, room: number): Promise<Arranged> {
  const { profile, settings, now, deps } = deciding;
  const moved = (await datedJourneys(deps.published)).filter((journey) => {
    // Most events change no date, and reckoning with calendars takes its time.
    if (before && hasSameDate(journey, before, profile, settings)) return false;
    const was = before && dateAppointment(journey, before, settings, now);
    return was?.due !== dateAppointment(journey, profile, settings, now)?.due;
  });
  return placed(moved, deciding, room);
}

/** The same for journeys that were left over, whose turn follows from the contact as it is. */
export async function arrangeMore(deciding: Arranging, more: readonly string[], room: number): Promise<Arranged> {
  const dated = await datedJourneys(deciding.deps.published);
  return placed(
    dated.filter(({ id }) => more.includes(id)),
    deciding,
    room,
  );
}

async function datedJourneys(published: Published): Promise<CompiledJourney[]> {
  const { journeys } = await published.catalogue();
  const dated = Object.entries(journeys).filter(([, { starts, status }]) => starts === 'date' && status === 'live');
  return Promise.all(dated.map(([id, { version }]) => published.version(id, version)));
}

function placed(journeys: readonly CompiledJourney[], { profile, settings, now }: Arranging, room: number): Arranged {
  const writes = journeys.slice(0, room).map((journey) => {
    const is = dateAppointment(journey, profile, settings, now);
    return is ? putAppointment(is, false) : dropAppointment(profile.contact, journey.id, undefined);
  });
  return { writes, more: journeys.slice(room).map(({ id }) => id) };
}
