import { readTrait } from '#shared/condition/lookup.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { momentOf } from '#shared/journey/schedule.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import type { Instant } from '#shared/time/instant.ts';
import { countOf, occurrenceAfter } from '#shared/time/moment.ts';

/** When a contact's turn in a journey comes by the calendar. */

/**
 * The next turn by a date of the contact, at or after a moment: undefined for a journey that no date starts, for who lacks
 * the date, and when it is past.
 */
export function dateAppointment(
  { id, definition: { trigger } }: CompiledJourney,
  profile: Profile,
  settings: Settings,
  from: Instant,
): Appointment | undefined {
  if (trigger.type !== 'date' || trigger.trait === undefined) return undefined;
  const value = readTrait(profile, trigger.trait, settings);
  if (typeof value !== 'string') return undefined;
  const zone = zoneOf(profile, settings);
  const found = occurrenceAfter(trigger, value, from, zone);
  if (!found || found.at < from) return undefined;
  const count = countOf(value, trigger.every, found.day, zone);
  return {
    contact: profile.contact,
    journey: id,
    occurrence: found.day,
    due: found.at,
    data: { date: found.day, ...(count !== undefined && { count }) },
  };
}

/** Whether two states of a contact have the same turns in a journey, since all that `dateAppointment` asks of them is the same. */
export function hasSameDate(
  { definition: { trigger } }: CompiledJourney,
  one: Profile,
  other: Profile,
  settings: Settings,
): boolean {
  if (trigger.type !== 'date' || trigger.trait === undefined) return true;
  const [was, is] = [readTrait(one, trigger.trait, settings), readTrait(other, trigger.trait, settings)];
  return was === is && zoneOf(one, settings) === zoneOf(other, settings);
}

/** The turn in one occurrence of a schedule; undefined when it had passed before the journey was published. */
export function scheduleAppointment(
  { id, definition: { trigger } }: CompiledJourney,
  occurrence: string,
  profile: Profile,
  settings: Settings,
  from: Instant,
): Appointment | undefined {
  if (trigger.type !== 'schedule') return undefined;
  const contact = { id: profile.contact, zone: zoneOf(profile, settings), journey: id };
  const due = momentOf(trigger, occurrence, contact, settings.shop.timeZone);
  if (due < from) return undefined;
  return {
    contact: profile.contact,
    journey: id,
    occurrence,
    due,
    data: { date: occurrence, segment: trigger.segment },
  };
}
