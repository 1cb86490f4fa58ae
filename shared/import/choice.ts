import * as z from 'zod';
import { dayOf, daysOf, type Unit, unitOf } from './durations.ts';
import type { Source } from './source.ts';

/** Words of the source that mean one of a few things. Any other word stays unread, and so gets into the report. */

/** What a table has under a word; not what every object has, such as `constructor`. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function wordAt(at: Source, isKnown: (word: string) => boolean): string | undefined {
  if (typeof at.value !== 'string' || !isKnown(at.value)) return undefined;
  at.whole();
  return at.value;
}

/** What the table says of the word. */
export function chosen<T>(at: Source, table: Readonly<Record<string, T>>): T | undefined {
  const key = wordAt(at, (word) => Object.hasOwn(table, word));
  return key === undefined ? undefined : table[key];
}

/** A unit of time, under any name that it has. */
export function unitAt(at: Source): Unit | undefined {
  const word = wordAt(at, (name) => unitOf(name) !== undefined);
  return word === undefined ? undefined : unitOf(word);
}

const daysSchema = z.array(z.union([z.string(), z.number()]).refine((word) => dayOf(word) !== undefined));

/** Days of the week, if all of them are known; all seven are no restriction. */
export const daysAt = (at: Source): ReturnType<typeof daysOf> => daysOf(at.take(daysSchema) ?? []);

const CLOCK = /^(([01]\d|2[0-3]):[0-5]\d)(:\d\d(\.\d+)?)?$/;

/** A time of day: `18:00:00` as `18:00`. */
export const clockAt = (at: Source): string | undefined => CLOCK.exec(wordAt(at, (w) => CLOCK.test(w)) ?? '')?.[1];

/** A moment, local or with its offset, to the second. */
const MOMENT = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d)?)?(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;
export const isMoment = (text: string): boolean => MOMENT.test(text);
export const momentAt = (at: Source): string | undefined => wordAt(at, isMoment);
