import { normalise } from '#shared/contact/identity.ts';
import type { Event } from '#shared/event/event.ts';
import type { Trigger } from '#shared/journey/journey.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { TriggerRef } from './enrolment.ts';

/** How a passage names what began it. */

export const triggerOf = ({ id, type, at, hops, identities }: Event, now: Instant): TriggerRef => ({
  event: id,
  type,
  at,
  arrived: now,
  ...(hops !== undefined && { hops }),
  ...(identities.externalId === undefined &&
    identities.email !== undefined && { email: normalise('email', identities.email) }),
});

/** A turn by the calendar: no event brought it, so that its data lies on the passage. */
export const calendarTrigger = (
  { contact, journey, occurrence, due, data }: Appointment,
  type: Trigger['type'],
): TriggerRef => ({ event: `${type}:${journey}:${occurrence}:${contact}`, type, at: due, data });
