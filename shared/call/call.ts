import * as z from 'zod';
import { derivedId } from '#shared/enrolment/ids.ts';
import { jsonSchema } from '#shared/store/json.ts';
import { canonicalInstantSchema, earlierOf, type Instant, plusMillis } from '#shared/time/instant.ts';

/** What an endpoint is told by a step of a passage, and what has become of it. */
export const callSchema = z.object({
  v: z.literal(1),
  /** callId(...): what the endpoint knows repetitions by. */
  id: z.string(),
  contact: z.string(),
  /** The shop's own id of the contact, where there is one. */
  externalId: z.string().optional(),
  journey: z.string(),
  key: z.string(),
  n: z.int(),
  version: z.int(),
  step: z.string(),
  /** What journey and step are called, for who reads of them. */
  titles: z.object({ journey: z.string(), step: z.string() }).optional(),
  /** An endpoint of the settings. */
  endpoint: z.string(),
  /** The same at each attempt, whatever has become of the contact since. */
  body: z.record(z.string(), jsonSchema),
  /** Fields of the step that the body had no room for. */
  cut: z.array(z.string()).optional(),
  /** Whether the passage waits for what comes of it, and whether it wants to know the answer. */
  waits: z.boolean(),
  answer: z.boolean(),
  queuedAt: canonicalInstantSchema,
  state: z.enum(['queued', 'done']),
  attempts: z.int(),
  /** No attempt is made before. */
  next: canonicalInstantSchema,
  /** Once it is done: whether the endpoint has taken it, what it answered and with which status, or why it has not. */
  ok: z.boolean().optional(),
  status: z.int().optional(),
  reply: z.record(z.string(), jsonSchema).optional(),
  /** Fields of the answer that are not kept: nested, or too many. */
  unread: z.array(z.string()).optional(),
  reason: z.string().optional(),
  endedAt: canonicalInstantSchema.optional(),
});
export type Call = z.infer<typeof callSchema>;

/** What one step of one passage tells at one visit is one call, however often it is tried. */
export const callId = (enrolment: string, step: string, visit: number): string =>
  derivedId('call', enrolment, step, visit);

/** What a passage hears when its call is done. */
export const answerListener = (step: string): string => `${step}/answer`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Minutes between attempts: growing, and an hour in all. */
const PAUSES = [1, 2, 4, 8, 15, 15];

/** Until when it is tried. */
export const triedUntil = ({ queuedAt }: Pick<Call, 'queuedAt'>): Instant => plusMillis(queuedAt, HOUR);

/** Until when an attempt may begin that was meant for the last moment: it is asked for each minute. */
const latest = (call: Call): Instant => plusMillis(triedUntil(call), 3 * MINUTE);

/** Whether it is too late to try: who waits has gone on soon. What nobody waits for is tried once, however late. */
export const isTooLate = (call: Call, now: Instant): boolean => now > latest(call) && (call.waits || call.attempts > 0);

/** When a passage that waits for it goes on in any case: the last attempt is over by then. */
export const givenUpAt = (call: Pick<Call, 'queuedAt'>): Instant => plusMillis(triedUntil(call), 5 * MINUTE);

/**
 * When a call that has just failed is tried again: after a pause, or when the endpoint says. The last time is an hour after
 * the step. Undefined: not any more.
 */
export function nextAttempt(call: Call, now: Instant, retryAfter = 0): Instant | undefined {
  const until = triedUntil(call);
  if (now >= until) return undefined;
  const pause = (PAUSES[call.attempts - 1] ?? 15) * MINUTE;
  return earlierOf(plusMillis(now, Math.max(pause, retryAfter * 1000)), until);
}
