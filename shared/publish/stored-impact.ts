import * as z from 'zod';
import type { Impact } from './impact.ts';

const position = {
  within: z.string().exactOptional(),
  arm: z.string().exactOptional(),
  behind: z.string().exactOptional(),
};
const reworded = { before: z.array(z.string()), after: z.array(z.string()) };
const named = { step: z.string(), says: z.string(), type: z.string() };
const stepChangeSchema = z.union([
  z.object({ ...named, change: z.enum(['added', 'removed']) }),
  z.object({
    ...named,
    ...reworded,
    change: z.literal('changed'),
    keys: z.array(z.string()),
    moved: z.object({ from: z.object(position), to: z.object(position) }).exactOptional(),
  }),
]);
/** The impact of a report, as it lies in the bucket. */
export const impactSchema: z.ZodType<Impact> = z.object({
  edit: z
    .object({
      from: z.int(),
      diff: z.object({ rules: z.array(z.object({ row: z.string(), ...reworded })), steps: z.array(stepChangeSchema) }),
      fate: z.enum(['finish', 'move', 'leave', 'paused', 'archived']),
      inside: z.number(),
      affected: z.array(
        z.object({
          ...{ version: z.int(), step: z.string(), change: z.enum(['removed', 'changed']), contacts: z.number() },
          to: z.string().exactOptional(),
        }),
      ),
    })
    .exactOptional(),
  existing: z.number().exactOptional(),
  beside: z.array(z.object({ journey: z.string(), by: z.string(), share: z.number().exactOptional() })).exactOptional(),
  week: z.object({ entries: z.number(), mails: z.number(), usd: z.number() }).exactOptional(),
  looked: z.object({ at: z.int(), of: z.int() }).exactOptional(),
});
