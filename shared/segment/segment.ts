import * as z from 'zod';
import { conditionSchema, idSchema } from '#shared/condition/condition.ts';

/** The grammar of `segments/<id>.json`: language page, section 7. A segment is a condition with a name, not a list. */
export const segmentSchema = z.strictObject({
  $schema: z.string().optional(),
  id: idSchema,
  name: z.string().min(1).max(200),
  note: z.string().optional(),
  if: conditionSchema,
});
export type Segment = z.infer<typeof segmentSchema>;
