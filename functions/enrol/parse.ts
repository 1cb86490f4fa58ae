import { Unprocessable } from '#shared/errors.ts';
import { type Consent, type Event, eventSchema } from '#shared/event/event.ts';
import { eventFaults } from '#shared/event/faults.ts';
import { SKEW } from '#shared/event/order.ts';
import { earlierOf, type Instant, plusMillis } from '#shared/time/instant.ts';

/** `told`: when it happened by its own account, which may be far in the future. */
export type Parsed = { readonly event: Event; readonly told: Instant };

/** An event with times that can be. Throws Unprocessable for what is no event. */
export function parse(input: unknown, now: Instant): Parsed {
  const parsed = eventSchema.safeParse(input);
  if (!parsed.success) {
    throw new Unprocessable('bad-event', eventFaults(parsed.error, input)[0] ?? 'is no event');
  }
  const event = parsed.data;
  const latest = plusMillis(now, SKEW);
  const consents = event.consents?.map((consent) => ({ ...consent, at: saidAt(consent, now) }));
  const at = event.at > latest ? now : event.at;
  return { event: { ...event, at, ...(consents && { consents }) }, told: event.at };
}

/** Of a yes that nobody can have said yet: nobody knows when, so that every other word counts more. */
const UNKNOWN: Instant = '1970-01-01T00:00:00.000Z';

/**
 * A word from the future would stand against all until then. A clock may be off by minutes; a yes of years ahead would be
 * said anew by each delivery, also after a no, were it of the day on which it arrives.
 */
const saidAt = ({ state, at }: Consent, now: Instant): Instant =>
  state === 'granted' && at > plusMillis(now, SKEW) ? UNKNOWN : earlierOf(at, now);
