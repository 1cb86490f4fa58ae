import type { Profile } from '#shared/contact/profile.ts';
import { beginsAnew, type EntryDecision } from '#shared/enrolment/decide.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { insideOf } from '#shared/enrolment/entry.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Instant } from '#shared/time/instant.ts';
import { loadEnrolment, noteTrigger, putDoor, putNewEnrolment, putTurn } from './enrolments.ts';
import type { EnrolmentRef } from './keys.ts';
import { takePlace } from './places.ts';
import type { Table, Write } from './table.ts';

/** The passage that a further match begins anew, where the journey says so; undefined for who is outside. */
export async function loadCurrent(
  table: Table,
  journey: CompiledJourney,
  profile: Profile,
  key: string,
): Promise<Enrolment | undefined> {
  const ref = beginsAnew(journey) ? insideOf(profile, journey.id, key) : undefined;
  return ref && loadEnrolment(table, ref);
}

/** What a decision about an entry writes besides the profile, and the passages that need a hint afterwards. */
export function entryWrites(
  decision: Exclude<EntryDecision, { kind: 'refused' }>,
  current: Enrolment | undefined,
  now: Instant,
): { writes: Write[]; hints: EnrolmentRef[] } {
  const { enrolment } = decision;
  if (decision.kind === 'retold') return { writes: [noteTrigger(refOf(enrolment), enrolment.trigger)], hints: [] };
  const { contact, journey, key } = enrolment;
  const ended = decision.ended && current ? [putTurn(decision.ended, current, now)] : [];
  return {
    writes: [
      ...ended,
      putNewEnrolment(enrolment, now),
      ...putDoor(contact, journey, key, decision.door),
      ...decision.places.map(takePlace),
    ],
    hints: [...(decision.ended ? [refOf(decision.ended)] : []), refOf(enrolment)],
  };
}
