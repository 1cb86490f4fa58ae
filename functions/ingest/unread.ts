import { Unprocessable } from '#shared/errors.ts';
import { eventSchema } from '#shared/event/event.ts';
import { isPrivacyRequested, privacyRequested, privacyRequestedSchema } from '#shared/event/privacy.ts';
import { type Put, putEvents } from '#shared/event/put.ts';
import type { Bus } from '#shared/ports.ts';
import { readFacts } from '#shared/source/source.ts';
import { sourceNamed } from '#shared/source/sources.ts';
import { unreadSchema } from '#shared/source/unread.ts';

/**
 * Brings back what lies in the overflow queue: an event to the bus, a delivery to whoever reads it. Throws while the bus
 * refuses, and Unprocessable for a delivery that still cannot be read.
 */
export async function drain(body: unknown, { bus }: { readonly bus: Bus }): Promise<void> {
  const unread = unreadSchema.safeParse(body);
  if (!unread.success) return putEvents(bus, [refusedPut(body)]);
  const { source: name, lacks, ...delivery } = unread.data.delivery;
  if (lacks > 0)
    throw new Unprocessable(
      'unreadable-delivery',
      `${name}: the last ${lacks} characters had no room; ask for it again`,
    );
  const told = sourceNamed(name)?.tell(delivery) ?? { error: `there is no source "${name}"` };
  if ('error' in told) throw new Unprocessable('unreadable-delivery', `${name}: ${told.error}`);
  if ('ignored' in told) return;
  if ('privacy' in told) return putEvents(bus, [privacyRequested(told.privacy, name)]);
  const { events, rejected } = readFacts(told.facts, name);
  // What was readable may lie on the bus already; it counts once.
  if (events.length > 0) await putEvents(bus, events);
  const [first] = rejected;
  if (first) throw new Unprocessable('unreadable-delivery', `${name}: ${first.error}`);
}

const refusedPut = (body: unknown): Put =>
  isPrivacyRequested(body) ? privacyRequestedSchema.parse(body) : eventSchema.parse(body);
