import * as z from 'zod';
import type { Message } from '#shared/message/message.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';

/**
 * What may leave at all, whoever it is addressed to: the rate, and what holds mail back. One row, which every sender reads
 * with each stretch of slots that it takes.
 */

const halted = z.object({ at: canonicalInstantSchema, reason: z.string() });

export const flowSchema = z.object({
  /** The next free slot. */
  next: canonicalInstantSchema.optional(),
  /** Somebody has stopped mail: marketing, or all of it. */
  pause: halted.extend({ lanes: z.enum(['marketing', 'all']), by: z.string() }).optional(),
  /** When review looks whether what was parked may go, where nothing else is due. */
  due: canonicalInstantSchema.optional(),
});
export type Flow = z.infer<typeof flowSchema>;

export type Lane = Message['lane'];

/** What holds a message back that is not its contact's or its journey's. A message that expires meanwhile has it for its reason. */
export type Halt = 'mail-paused';

/** Whether a lane stands still, and why. */
export function haltOf({ pause }: Flow, lane: Lane): Halt | undefined {
  if (pause && (lane === 'marketing' || pause.lanes === 'all')) return 'mail-paused';
  return undefined;
}
