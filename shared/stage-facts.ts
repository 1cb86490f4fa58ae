import * as z from 'zod';

/**
 * What a deployed stage says of itself, in one parameter of the SSM Parameter Store: all that a command outside of the
 * account's functions must know to work on it. Written by infra, read by the command line.
 */
export const stageFactsSchema = z.object({
  table: z.string().min(1),
  bucket: z.string().min(1),
  /** Where the public reaches the shop's Tropa, without a slash at its end. */
  publicUrl: z.string().min(1),
  /** Of queues: their addresses begin with it, and end with the names of the wiring. */
  queues: z.string().min(1),
  /** Of the secret that the source `generic` signs with; stages deployed before it was asked for do not say. */
  webhookSecret: z.string().min(1).optional(),
  /** What the stage mails with; stages deployed before it was asked for do not say. */
  mail: z
    .object({
      domain: z.string().min(1),
      sender: z.string().min(1),
      configurationSet: z.string().min(1),
      /** Mails a second. */
      rate: z.number(),
    })
    .optional(),
  /** The bus that events are put on, by its name; likewise. */
  bus: z.string().min(1).optional(),
  /** How many days events are kept; likewise. */
  eventDays: z.int().optional(),
});
export type StageFacts = z.infer<typeof stageFactsSchema>;

export const stageParameter = (stage: string): string => `/tropa/${stage}/facts`;
