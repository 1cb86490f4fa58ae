import * as z from 'zod';

/** What every teller says of something that arrived. */
export const toldSchema = z.object({
  source: z.string(),
  what: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
  event: z.string().optional(),
  /** When it happened. */
  at: z.string().optional(),
});

export const arrivedSchema = toldSchema.extend({
  /** When it came. */
  arrived: z.string().optional(),
  contact: z.string().optional(),
  identities: z.record(z.string(), z.string()).optional(),
});
export type Arrived = z.infer<typeof arrivedSchema>;
