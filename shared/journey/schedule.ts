import { percentile } from '#shared/enrolment/ids.ts';
import type { Trigger } from '#shared/journey/journey.ts';
import { addDuration } from '#shared/time/duration.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import {
  dayNumber,
  dayOf,
  isZone,
  type LocalDate,
  localDate,
  localInstant,
  plusMonths,
  readTime,
} from '#shared/time/local.ts';
import { weekday } from '#shared/time/window.ts';

/**
 * When a scheduled journey takes place. An occurrence is named by its local day, `2026-12-08`, and runs through the zones:
 * each contact's moment is that clock on that day in their zone, unless the trigger names one zone or an offset.
 */
export type Schedule = Extract<Trigger, { type: 'schedule' }>;

/** The zones in which a day begins first and last, and so an occurrence. */
const FIRST_ZONE = 'Pacific/Kiritimati';
const LAST_ZONE = 'Etc/GMT+12';
/** Days that are looked ahead for the next occurrence: of the 31st of a month at most two months and a little. */
const DAYS_AHEAD = 800;
const DAY_OF_DATE_TIME = /^\d{4}-\d\d-\d\d/;

const isOneOff = ({ at }: Schedule): boolean => DAY_OF_DATE_TIME.test(at);

/** The zone that is the same for all; undefined when each contact has their own. */
function commonZone({ zone }: Schedule, shopZone: string): string | undefined {
  if (zone === undefined) return undefined;
  return zone === 'shop' || !isZone(zone) ? shopZone : zone;
}

/** An occurrence's moment in a zone; with an offset in `at` it is one instant for all. */
function momentIn(schedule: Schedule, occurrence: LocalDate, zone: string): Instant {
  const written = isOneOff(schedule) ? schedule.at : `${occurrence}T${schedule.at}`;
  return localInstant(written, zone);
}

/** The moment at which this contact's turn is: `over` spreads contacts evenly, always the same one at the same place. */
export function momentOf(
  schedule: Schedule,
  occurrence: LocalDate,
  contact: { readonly id: string; readonly zone: string; readonly journey: string },
  shopZone: string,
): Instant {
  const zone = commonZone(schedule, shopZone) ?? contact.zone;
  const moment = momentIn(schedule, occurrence, zone);
  if (schedule.over === undefined) return moment;
  const span = toMillis(addDuration(moment, schedule.over, zone)) - toMillis(moment);
  return plusMillis(moment, Math.floor((span * percentile(contact.id, contact.journey, occurrence)) / 100));
}

/** When the first contact's turn can be: where the day begins first. */
export const beginsAt = (schedule: Schedule, occurrence: LocalDate, shopZone: string): Instant =>
  momentIn(schedule, occurrence, commonZone(schedule, shopZone) ?? FIRST_ZONE);

/** After this moment nobody's turn comes any more. */
function endsAt(schedule: Schedule, occurrence: LocalDate, shopZone: string): Instant {
  const zone = commonZone(schedule, shopZone) ?? LAST_ZONE;
  const last = momentIn(schedule, occurrence, zone);
  return schedule.over === undefined ? last : addDuration(last, schedule.over, zone);
}

function isOn({ every = 'P1D', on, from }: Schedule, day: LocalDate): boolean {
  if (from !== undefined && day < from) return false;
  if (every === 'P1D') return true;
  if (every === 'P1W') return (on ?? [weekday(dayNumber(from ?? day))]).includes(weekday(dayNumber(day)));
  const last = plusMonths(`${day.slice(0, 8)}01`, 1);
  const lastDay = dayNumber(last) - 1;
  const number = Number(day.slice(8));
  const days = on ?? [Number((from ?? `${day.slice(0, 8)}01`).slice(8))];
  const isLast = dayNumber(day) === lastDay;
  // A day that the month lacks is its last.
  return days.some((d) => d === number || (isLast && (d === 'last' || (typeof d === 'number' && d > number))));
}

/**
 * The next occurrence after a day, or without one the first in which anybody's turn can still come. Whose turn has passed
 * by then is for the caller to leave out. Undefined when there is none any more.
 */
export function nextOccurrence(
  schedule: Schedule,
  now: Instant,
  shopZone: string,
  after?: LocalDate,
): LocalDate | undefined {
  const comes = (day: LocalDate): boolean =>
    (after === undefined || day > after) && endsAt(schedule, day, shopZone) >= now;
  if (isOneOff(schedule)) {
    const day = schedule.at.slice(0, 10);
    return readTime(schedule.at, shopZone) && comes(day) ? day : undefined;
  }
  const first = dayNumber(localDate(now, 'UTC')) - 2;
  for (let day = first; day < first + DAYS_AHEAD; day += 1) {
    const date = dayOf(day);
    if (isOn(schedule, date) && comes(date)) return date;
  }
  return undefined;
}
