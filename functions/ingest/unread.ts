import type * as z from 'zod';
import { Unprocessable } from '#shared/errors.ts';
import { eventSchema } from '#shared/event/event.ts';
import { isPrivacyRequested, privacyRequested, privacyRequestedSchema } from '#shared/event/privacy.ts';
import { type Put, tryPutEvents } from '#shared/event/put.ts';
import type { Bus } from '#shared/ports.ts';
import { readFacts } from '#shared/source/source.ts';
import { sourceNamed } from '#shared/source/sources.ts';
import { unreadSchema } from '#shared/source/unread.ts';

/** What a message of the overflow queue holds for the bus, and why the rest of it is of no use. */
type Held = { readonly puts: readonly Put[]; readonly error?: unknown };

/**
 * Brings back what lies in the overflow queue: events to the bus, as many at a time as it takes, deliveries to whoever reads
 * them. Says of which messages it could not, by position: the bus has refused something of them, or, as Unprocessable, a
 * delivery still cannot be read.
 */
export async function drain(
  bodies: readonly unknown[],
  { bus }: { readonly bus: Bus },
): Promise<{ readonly position: number; readonly error: unknown }[]> {
  const held = bodies.map(heldIn);
  const puts = held.flatMap((one, position) => one.puts.map((put) => ({ put, position })));
  const refused = await tryPutEvents(
    bus,
    puts.map(({ put }) => put),
  );
  const late = new Set(refused.positions.map((one) => puts[one]?.position));
  return held.flatMap(({ error }, position) => {
    // It comes again, and what of it the bus took counts once.
    if (late.has(position)) return [{ position, error: refused.error }];
    return error === undefined ? [] : [{ position, error }];
  });
}

function heldIn(body: unknown): Held {
  try {
    const unread = unreadSchema.safeParse(body);
    return unread.success ? readAgain(unread.data.delivery) : { puts: [refusedPut(body)] };
  } catch (error) {
    return { puts: [], error };
  }
}

function readAgain({ source: name, lacks, ...delivery }: z.output<typeof unreadSchema>['delivery']): Held {
  if (lacks > 0) return unreadable(name, `the last ${lacks} characters had no room; ask for it again`);
  const told = sourceNamed(name)?.tell(delivery) ?? { error: `there is no source "${name}"` };
  if ('error' in told) return unreadable(name, told.error);
  if ('ignored' in told) return { puts: [] };
  if ('privacy' in told) return { puts: [privacyRequested(told.privacy, name)] };
  const { events, rejected } = readFacts(told.facts, name);
  const [first] = rejected;
  // What was readable may lie on the bus already; it counts once.
  return first ? unreadable(name, first.error, events) : { puts: events };
}

const unreadable = (name: string, why: string, puts: readonly Put[] = []): Held => ({
  puts,
  error: new Unprocessable('unreadable-delivery', `${name}: ${why}`),
});

const refusedPut = (body: unknown): Put =>
  isPrivacyRequested(body) ? privacyRequestedSchema.parse(body) : eventSchema.parse(body);
