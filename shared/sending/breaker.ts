import * as z from 'zod';
import type { Message } from '#shared/message/message.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/**
 * How mails are received, and from when on marketing stands still for it. SES looks at an account at 5 % bounces or 0.1 %
 * complaints, and stops all its mail at 10 % or 0.5 %.
 */

/** Limits in percent of the mails that went in the last days. */
export const breakerSchema = z.strictObject({
  bounces: z.number().positive().max(5, '5 at most: from there on SES looks at the account').default(4),
  complaints: z.number().positive().max(0.1, '0.1 at most: from there on SES looks at the account').default(0.08),
  mails: z.int().min(20).max(100_000).default(100),
  days: z.int().min(1).max(7).default(3),
  note: z.string().optional(),
});
export type Breaker = z.infer<typeof breakerSchema>;

/** Mails that have gone, those of them that bounced for good, and those that were reported as spam. */
export type Reception = { readonly mails: number; readonly bounces: number; readonly complaints: number };
export const NONE: Reception = { mails: 0, bounces: 0, complaints: 0 };

export const sumOf = (a: Reception, b: Reception): Reception => ({
  mails: a.mails + b.mails,
  bounces: a.bounces + b.bounces,
  complaints: a.complaints + b.complaints,
});

/** `all`, or a part: `to/gmail.com`, `journey/welcome`, `topic/offers`. */
export type Scope = string;
export const ALL: Scope = 'all';
export const scopeOf = (kind: 'to' | 'journey' | 'topic', name: string): Scope => `${kind}/${name}`;

type Placed = Pick<Message, 'journey' | 'topic' | 'lane' | 'to'>;

/** The parts that a marketing mail belongs to. Those of no other stand still. */
export const partsOf = ({ journey, topic, lane, to }: Placed): Scope[] =>
  lane === 'marketing'
    ? [scopeOf('journey', journey), scopeOf('topic', topic), ...(to === undefined ? [] : [scopeOf('to', to)])]
    : [];

/** Where a mail counts. Providers see all mails of a shop, whatever they are for. */
export const countedIn = (mail: Placed): Scope[] => [
  ALL,
  ...(mail.lane === 'marketing' ? partsOf(mail) : mail.to === undefined ? [] : [scopeOf('to', mail.to)]),
];

/** Why marketing of a scope stands still. `limit` in percent. */
export const tripSchema = z.object({
  at: z.string(),
  why: z.enum(['bounces', 'complaints']),
  mails: z.int(),
  count: z.int(),
  limit: z.number(),
  days: z.int(),
});
export type Trip = z.infer<typeof tripSchema>;

export const percentOf = (count: number, mails: number): number =>
  mails === 0 ? 0 : Math.round((count / mails) * 1e5) / 1e3;

/** A letter comes once by chance, and twice. */
const FEWEST = 3;

/** What is wrong with a reception: at or above a limit, and not by the chance of a few. */
export function verdictOn(received: Reception, limits: Breaker, at: Instant): Trip | undefined {
  const { mails } = received;
  if (mails < limits.mails) return undefined;
  for (const why of ['complaints', 'bounces'] as const) {
    const [count, limit] = [received[why], limits[why]];
    if (count < FEWEST || (count / mails) * 100 < limit) continue;
    if (atLeast(count, mails) * 100 < limit / 2) continue;
    return { at, why, mails, count, limit, days: limits.days };
  }
  return undefined;
}

/** One in twenty: how seldom the true rate lies below. */
const Z = 1.645;

/**
 * The rate that is behind what was counted, at the least: the lower end of Wilson's interval (one side, 95 %). From about ten
 * on, a count at the limit is above half of it for sure.
 */
export function atLeast(count: number, mails: number): number {
  const [rate, z2] = [count / mails, Z * Z];
  const spread = Z * Math.sqrt((rate * (1 - rate)) / mails + z2 / (4 * mails * mails));
  return Math.max(0, (rate + z2 / (2 * mails) - spread) / (1 + z2 / mails));
}

/** Mails are counted by the ten minutes in which they went, so that it does not matter when a bounce is told. */
export const STRETCH = 600_000;
/** Of an instant: the beginning of its ten minutes. */
export const stretchOf = (at: Instant): Instant => `${at.slice(0, 15)}0:00.000Z`;

/** Senders that have begun still send. */
const LAST_SENDERS = 60_000;

/** From which stretch on mails count, when somebody lets them go again: none that went before is held against them. */
export function freshFrom(tripped: Instant, now: Instant): Instant {
  const stretch = stretchOf(now);
  return stretch > stretchOf(plusMillis(tripped, LAST_SENDERS)) ? stretch : plusMillis(stretch, STRETCH);
}
