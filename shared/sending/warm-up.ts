import * as z from 'zod';
import { hourOf } from '#shared/contact/engaged.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';

/** How a newly verified domain becomes known: mails a day from a day on, order mails included, which are never held back. */
export const warmUpSchema = z.object({
  since: z.iso.date(),
  perDay: z
    .array(z.int().positive())
    .min(1)
    .max(90)
    .default([200, 500, 1000, 2000, 4000, 8000, 15_000, 25_000, 40_000, 60_000, 80_000, 100_000, 150_000, 200_000]),
});
export type WarmUp = z.infer<typeof warmUpSchema>;

const DAY = 86_400_000;
/** Days are those of UTC. */
export const dateOf = (now: Instant): string => now.slice(0, 10);
export const midnightAfter = (now: Instant): Instant => plusMillis(`${dateOf(now)}T00:00:00.000Z`, DAY);

export type WarmUpDay = {
  /** From 1 on. */
  readonly number: number;
  readonly of: number;
  /** Mails that it may have. */
  readonly mails: number;
};

/** The day of the plan; undefined after it, and without one. Days before it are as the first: the domain is as new on them. */
export function warmUpDay(plan: WarmUp | undefined, now: Instant): WarmUpDay | undefined {
  if (!plan) return undefined;
  const { since, perDay } = plan;
  const number = Math.max(1, Math.floor((toMillis(now) - toMillis(`${since}T00:00:00.000Z`)) / DAY) + 1);
  const mails = perDay[number - 1];
  return mails === undefined ? undefined : { number, of: perDay.length, mails };
}

/** Slots that were taken on the newest day, as the row has it that all senders read. */
type Taken = { readonly day?: { readonly date: string; readonly mails: number } | undefined };

export const takenToday = ({ day }: Taken, now: Instant): number => (day?.date === dateOf(now) ? day.mails : 0);

/** Mails that the plan still has room for today. After its days it has no end. */
export function warmLeft(taken: Taken, plan: WarmUp | undefined, now: Instant): number {
  const today = warmUpDay(plan, now);
  return today ? today.mails - takenToday(taken, now) : Number.POSITIVE_INFINITY;
}

/** What a contact does themselves, beside the doings that `hours` holds. */
const DOINGS = ['message.opened', 'registration'];

/** When a contact was last seen to do something, as whole hours since 1970; undefined where nothing is known. */
export function engagedHour({ hours = [], last }: Pick<Profile, 'hours' | 'last'>): number | undefined {
  const known = [
    ...hours.slice(-1),
    ...DOINGS.flatMap((type) => (last[type] === undefined ? [] : [hourOf(last[type])])),
  ];
  return known.length === 0 ? undefined : Math.max(...known);
}
