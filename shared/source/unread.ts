import * as z from 'zod';
import type { Log, Queue } from '#shared/ports.ts';
import { utf8Length } from '#shared/store/units.ts';
import { keptText, textOfKept } from './kept-text.ts';
import type { Delivery, Source } from './source.ts';

/** A delivery as it lies in the overflow queue. `lacks`: so many characters of its end had no room there. */
export const unreadSchema = z.strictObject({
  delivery: z
    .strictObject({
      source: z.string(),
      headers: z.record(z.string(), z.string()),
      text: z.string(),
      swapped: z.literal(true).optional(),
      lacks: z.int().optional(),
    })
    .transform(({ source, headers, text, swapped, lacks = 0 }) => ({
      ...{ source, headers, lacks },
      text: textOfKept({ text, ...(swapped && { swapped }) }),
    })),
});

const LONGEST_HEADER = 1000;

type UnreadDeps = { readonly overflow: Queue; readonly log: Log };

/**
 * Keeps a delivery as it came, for whoever can mend what reads it: it goes over the overflow queue to its dead letters,
 * with the reason, and `tropa redrive` brings it back. Of one that is too long for the queue its beginning is kept. Throws when
 * the queue does not take it.
 */
export async function keepUnread(name: string, source: Source, delivery: Delivery, deps: UnreadDeps): Promise<void> {
  const headers = Object.fromEntries(
    source.reads.flatMap((header) => {
      const value = delivery.headers[header];
      return value === undefined ? [] : [[header, value.slice(0, LONGEST_HEADER)]];
    }),
  );
  const around = { source: name, headers };
  const kept = keptText(delivery.text, utf8Length(JSON.stringify({ delivery: around })));
  await deps.overflow.send([{ delivery: { ...around, ...kept } }]);
  deps.log.warn('a delivery could not be read whole; it goes to the dead letters of overflow', { source: name });
}
