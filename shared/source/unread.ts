import * as z from 'zod';
import type { Log, Queue } from '#shared/ports.ts';
import type { Delivery, Source } from './source.ts';

/** A delivery as it lies in the overflow queue. */
export const unreadSchema = z.strictObject({
  delivery: z.strictObject({ source: z.string(), headers: z.record(z.string(), z.string()), text: z.string() }),
});

type UnreadDeps = { readonly overflow: Queue; readonly log: Log };

/**
 * Keeps a delivery as it came, for whoever can mend what reads it: it goes over the overflow queue to its dead letters,
 * with the reason, and `tropa redrive` brings it back. Throws when the queue does not take it.
 */
export async function keepUnread(name: string, source: Source, delivery: Delivery, deps: UnreadDeps): Promise<void> {
  const headers = Object.fromEntries(
    source.reads.flatMap((header) => {
      const value = delivery.headers[header];
      return value === undefined ? [] : [[header, value]];
    }),
  );
  await deps.overflow.send([{ delivery: { source: name, headers, text: delivery.text } }]);
  deps.log.warn('a delivery could not be read whole; it goes to the dead letters of overflow', { source: name });
}
