import * as z from 'zod';
import { idSchema, isoDurationSchema } from '#shared/condition/condition.ts';
import { jsonSchema } from '#shared/store/json.ts';

/** What stands between the `---` lines on top of a template. */
export const frontSchema = z.strictObject({
  subject: z.string().min(1).max(500),
  /** What mail programs show behind the subject. */
  preheader: z.string().max(500).default(''),
  topic: idSchema.optional(),
  sender: idSchema.optional(),
  /** The layout of the brand that it is put into. */
  layout: idSchema.optional(),
  /** How long a push message may wait for its device. */
  ttl: isoDurationSchema.optional(),
  sample: z.record(z.string(), jsonSchema).optional(),
  note: z.string().optional(),
});
export type Front = z.infer<typeof frontSchema>;
