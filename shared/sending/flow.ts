import * as z from 'zod';
import type { Message } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import { canonicalInstantSchema, type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { ALL, partsOf, type Scope, tripSchema } from './breaker.ts';

/**
 * What may leave at all, whoever it is addressed to: the rate, and what holds mail back. One row, which every sender reads
 * with each stretch of slots that it takes.
 */

const halted = z.object({ at: canonicalInstantSchema, reason: z.string() });

/** What SES says of the account. A quota of nothing or less is none. */
export const accountSchema = z.object({
  perSecond: z.number(),
  perDay: z.number(),
  /** Mails of the last 24 hours. */
  sent: z.number(),
  enabled: z.boolean(),
  production: z.boolean(),
  enforcement: z.string(),
});
export type Account = z.infer<typeof accountSchema>;

export const flowSchema = z.object({
  /** The next free slot. */
  next: canonicalInstantSchema.optional(),
  /** Slots that were ever taken. */
  reserved: z.number().default(0),
  /** Those of the newest day, by UTC. */
  day: z.object({ date: z.string(), mails: z.number() }).optional(),
  /** Somebody has stopped mail: marketing, or all of it. */
  pause: halted.extend({ lanes: z.enum(['marketing', 'all']), by: z.string() }).optional(),
  /** SES takes no mail of the account, by its own word, until it says otherwise. */
  stopped: halted.optional(),
  /** SES has said that the day's quota is reached. */
  full: z.object({ at: canonicalInstantSchema }).optional(),
  /** SES was asked for more than it takes: the rate from then on, which grows again. */
  slow: z.object({ at: canonicalInstantSchema, rate: z.number() }).optional(),
  /** Marketing has had what the day's plan of a new domain allows. */
  warm: z.object({ until: canonicalInstantSchema }).optional(),
  /** The plan of a new domain, as the stage has it. */
  plan: z.object({ since: z.string(), perDay: z.array(z.int()) }).optional(),
  /** What was answered then, and how many slots had been taken by then. */
  account: accountSchema.extend({ at: canonicalInstantSchema, reserved: z.number() }).optional(),
  /** What marketing stands still for, by scope, and when somebody was told of it. */
  trips: z.record(z.string(), tripSchema).default({}),
  told: z.record(z.string(), canonicalInstantSchema).default({}),
  /** From when on mails of a scope count that somebody has let go again. */
  fresh: z.record(z.string(), canonicalInstantSchema).default({}),
  /** When review looks whether what was parked may go, where nothing else is due. */
  due: canonicalInstantSchema.optional(),
});
export type Flow = z.input<typeof flowSchema>;

export type Lane = Message['lane'];

/** What holds a message back that is not its contact's or its journey's. A message that expires meanwhile has it for its reason. */
export type Halt = 'mail-paused' | 'account-stopped' | 'quota' | 'breaker' | 'warm-up';

/** Of the day's quota marketing leaves so much to order mails. */
const MARKETING_SHARE = 0.9;

/** Whether a lane stands still, and why. */
export function haltOf(flow: Flow, lane: Lane, now: Instant): Halt | undefined {
  const { pause, stopped, trips, warm } = flow;
  if (stopped) return 'account-stopped';
  if (pause && (lane === 'marketing' || pause.lanes === 'all')) return 'mail-paused';
  if (isUsedUp(flow, lane)) return 'quota';
  if (lane !== 'marketing') return undefined;
  if (ownOf(trips, ALL)) return 'breaker';
  return warm && warm.until > now ? 'warm-up' : undefined;
}

/** The part of marketing that stands still, and a mail with it; undefined where it goes. */
export const trippedPart = ({ trips }: Flow, mail: Parameters<typeof partsOf>[0]): Scope | undefined =>
  partsOf(mail).find((part) => ownOf(trips, part));

/** Whether the day's quota leaves a lane nothing more: SES has said so, or has counted as many. */
export const isUsedUp = (flow: Flow, lane: Lane): boolean => flow.full !== undefined || leftOf(flow, lane) <= 0;

/** Mails that the day's quota leaves a lane, as far as is known. */
export function leftOf({ account, reserved = 0 }: Flow, lane: Lane): number {
  if (!account || account.perDay <= 0) return Number.POSITIVE_INFINITY;
  const used = account.sent + Math.max(0, reserved - account.reserved);
  return Math.floor(account.perDay * (lane === 'marketing' ? MARKETING_SHARE : 1)) - used;
}

/** Of the whole rate, what a slowed one gains in ten seconds. */
const GAIN = 0.05;
/** Those who send at the same time are told at the same time that it is too much: that is one slowing down. */
const AT_ONCE = 2000;

/** Mails a second at this moment: `most` is what the stage allows. */
export function rateOf({ account, slow }: Flow, most: number, now: Instant): number {
  const top = account && account.perSecond > 0 ? Math.min(most, account.perSecond) : most;
  if (!slow) return top;
  const gained = top * GAIN * ((toMillis(now) - toMillis(slow.at)) / 10_000);
  return Math.min(top, slow.rate + Math.max(0, gained));
}

/** Half of the rate; undefined where it has just been halved. */
export function slowed(flow: Flow, most: number, now: Instant): Flow['slow'] | undefined {
  if (flow.slow && plusMillis(flow.slow.at, AT_ONCE) > now) return undefined;
  return { at: now, rate: Math.max(rateOf(flow, most, now) / 2, most / 100) };
}
