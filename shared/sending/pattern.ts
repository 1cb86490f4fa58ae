import * as z from 'zod';
import type { Profile } from '#shared/contact/profile.ts';
import { identityHash } from '#shared/enrolment/ids.ts';
import { ownOf } from '#shared/own-of.ts';
import { WEEK_HOURS } from '#shared/time/week.ts';

/**
 * At which hours of their week all contacts of a shop do something, and those who are alike: what is expected of somebody
 * of whom little is known. Each hour weighs half of one that is 60 days newer.
 */

/** By hour of the week; 0 is Monday at midnight, on the clock of each contact. */
const weekSchema = z.array(z.number().nonnegative()).length(WEEK_HOURS);
export type Week = z.infer<typeof weekSchema>;

/** `at`: the hour since 1970 that weighs 1. `alike`: by a hash, as the value of a trait may say who somebody is. */
export const patternSchema = z.object({
  at: z.int(),
  shop: weekSchema,
  alike: z.record(z.string(), weekSchema),
});
export type Pattern = z.infer<typeof patternSchema>;

/** Hours that were done in, by group and hour of the week: `''` are all of the shop. */
export type Done = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** So many groups are told apart: those of most weight. Who is in none of them is of the shop. */
export const GROUPS_AT_MOST = 40;
/** What somebody did so many hours ago counts half: 60 days. */
export const HALF_LIFE = 60 * 24;
/** The group of those of whom nothing says that they are alike. */
export const ALL = '';

/** Those who have the same in this trait are alike. Undefined of whom it says nothing. */
export function groupOf({ traits }: Pick<Profile, 'traits'>, trait: string): string | undefined {
  const value = ownOf(traits, trait);
  return value === undefined || typeof value === 'object' ? undefined : identityHash(trait, String(value)).slice(0, 12);
}

export const emptyPattern = (at: number): Pattern => ({ at, shop: new Array<number>(WEEK_HOURS).fill(0), alike: {} });

const weightOf = (week: Week): number => week.reduce((a, b) => a + b, 0);
const rounded = (weight: number): number => Math.round(weight * 1000) / 1000;

const withMore = (week: Week, kept: number, done: Readonly<Record<string, number>>, factor: number): Week =>
  week.map((weight, slot) => rounded(weight * kept + (ownOf(done, String(slot)) ?? 0) * factor));

/** The pattern with what was done about that hour. The newer of the two moments is the one whose hours weigh 1. */
export function withDone(before: Pattern | undefined, done: Done, at: number): Pattern {
  const { at: was, shop, alike } = before ?? emptyPattern(at);
  const newest = Math.max(was, at);
  const kept = 2 ** ((was - newest) / HALF_LIFE);
  const factor = 2 ** ((at - newest) / HALF_LIFE);
  const names = new Set([...Object.keys(alike), ...Object.keys(done).filter((name) => name !== ALL)]);
  const groups = [...names]
    .map((name) => {
      const week = ownOf(alike, name) ?? emptyPattern(at).shop;
      return [name, withMore(week, kept, ownOf(done, name) ?? {}, factor)] as const;
    })
    .map(([name, week]) => ({ name, week, weight: weightOf(week) }))
    .filter(({ weight }) => weight >= 0.1)
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    .slice(0, GROUPS_AT_MOST);
  return {
    at: newest,
    shop: withMore(shop, kept, ownOf(done, ALL) ?? {}, factor),
    alike: Object.fromEntries(groups.map(({ name, week }) => [name, week])),
  };
}
