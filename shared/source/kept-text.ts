import { utf8Length } from '#shared/store/units.ts';

/** A message of SQS has a mebibyte; the reason is written beside it among the dead letters. */
const MOST_BYTES = 1_030_000;

/**
 * How a body lies in the queue, as JSON. `swapped`: quotes and backslashes, which JSON inside JSON has twice, stand for others
 * that are rare. `lacks`: so many characters of the end had no room.
 */
export type Kept = { readonly text: string; readonly swapped?: true; readonly lacks?: number };

const OTHERS: Readonly<Record<string, string>> = { '"': "'", "'": '"', '\\': '`', '`': '\\' };
const swap = (text: string): string => text.replaceAll(/["'\\`]/g, (letter) => OTHERS[letter] ?? letter);

const sizeOf = (text: string): number => utf8Length(JSON.stringify(text));

/** A body in a form that fits, as whole as it can be. `room`: what else stands in the message, in bytes. */
export function keptText(text: string, room: number): Kept {
  const most = MOST_BYTES - room;
  if (sizeOf(text) <= most) return { text };
  const swapped = swap(text);
  if (sizeOf(swapped) <= most) return { text: swapped, swapped: true };
  let head = swapped;
  while (sizeOf(head) > most) head = head.slice(0, Math.floor((head.length * most * 0.99) / sizeOf(head)));
  return { text: head, swapped: true, lacks: swapped.length - head.length };
}

/** The body as it was sent, as far as it was kept. */
export const textOfKept = ({ text, swapped }: Kept): string => (swapped ? swap(text) : text);
