import * as z from 'zod';
import { channelSchema } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { jsonSchema } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';

/** What can be known of a message. Each is set once, with its time, and never taken back. */
export const MESSAGE_FACTS = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'answered',
  'bounced',
  'complained',
  'unsubscribed',
  'withheld',
  'unknown',
  'failed',
] as const;
export type MessageFact = (typeof MESSAGE_FACTS)[number];

/**
 * `queued` waits for send; `claimed` is in the hands of one send attempt; `done` will never be sent again (its facts
 * say what became of it).
 */
export const messageSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  contact: z.string(),
  /** The passage that says it. */
  journey: z.string(),
  key: z.string(),
  n: z.int(),
  version: z.int(),
  step: z.string(),
  visit: z.int(),
  channel: channelSchema,
  topic: z.string(),
  lane: z.enum(['transactional', 'marketing']),
  template: z.string(),
  sender: z.string().optional(),
  /** The language that the step asks for, whatever the contact reads. */
  locale: z.string().optional(),
  data: z.record(z.string(), jsonSchema).optional(),
  /** Of the repeats that its step stands in, the pass that it is said in. */
  passes: z.record(z.string(), z.int()).optional(),
  /** How many journeys stand between its passage and the first cause; missing is none. */
  hops: z.int().optional(),
  queuedAt: canonicalInstantSchema,
  /** What held it back when it was last looked at: the state of all mail, not its own. */
  held: z.string().optional(),
  /** What put it off when it was last looked at, by its own rules, and until when. */
  waits: z.object({ for: z.string(), until: canonicalInstantSchema }).optional(),
  /** It goes by then or not at all. */
  expiresAt: canonicalInstantSchema.optional(),
  state: z.enum(['queued', 'claimed', 'done']),
  claim: z.object({ by: z.string(), at: canonicalInstantSchema, attempt: z.int() }).optional(),
  /** Hash of the compiled template that was sent. */
  templateVersion: z.string().optional(),
  /** The mailbox provider that it went to, where many customers are with it (see provider.ts). */
  to: z.string().optional(),
  /** Hash of the address that it went to: the contact may have another by the time that its links are followed. */
  address: z.string().optional(),
  /** When it bounced for good, in a way that counts with SES. */
  hardBounced: canonicalInstantSchema.optional(),
  /** The provider's id. */
  providerId: z.string().optional(),
  facts: z.partialRecord(z.enum(MESSAGE_FACTS), canonicalInstantSchema),
  /** The more important journey that had the place of a cap before it, and since when it waits for that. */
  yielded: z.object({ to: z.string(), priority: z.int(), since: canonicalInstantSchema }).optional(),
  /** When a program first opened it, or followed a link: nobody's reading, and no fact. */
  machineOpened: canonicalInstantSchema.optional(),
  machineClicked: canonicalInstantSchema.optional(),
  /** Why it was withheld or failed. */
  reason: z.string().optional(),
  /** Links that were clicked, by name or else by address, in the order of their first clicks: about 20 at most. */
  links: z.array(z.string()).optional(),
});
export type Message = z.infer<typeof messageSchema>;

export const MOST_LINKS = 20;

type Left = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** What steps have left, for the text of a message: its passage may have gone on to the next pass of a repeat since. */
export function stepsThen({ passes = {} }: Pick<Message, 'passes'>, left: Left): Left {
  const then = Object.entries(passes).map(([repeat, pass]) => [repeat, { ...ownOf(left, repeat), pass }] as const);
  return { ...left, ...Object.fromEntries(then) };
}
