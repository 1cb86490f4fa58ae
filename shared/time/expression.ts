import type { InstantExpression, Ref } from '#shared/condition/condition.ts';
import type { Json } from '#shared/store/table.ts';
import { addDuration, readDuration, subtractDuration } from './duration.ts';
import type { Instant } from './instant.ts';
import { localDate, localInstant, type Point, readTime } from './local.ts';

/** What an expression for a moment is seen from. */
export type Standpoint = {
  readonly now: Instant;
  /** When the passage began; without it `entry` is no moment. */
  readonly entry?: Instant | undefined;
  readonly zone: string;
  readonly lookup: (ref: Ref) => Json | undefined;
};

const RELATIVE = /^(now|today|entry)(?:([+-])(P\w+))?$/;

/** The moment that an expression stands for, and whether it means a whole day. Undefined when there is none. */
export function resolvePoint(expression: InstantExpression, from: Standpoint): Point | undefined {
  if (typeof expression !== 'string') {
    const value = from.lookup(expression);
    return typeof value === 'string' ? readTime(value, from.zone) : undefined;
  }
  const relative = RELATIVE.exec(expression);
  if (!relative) return readTime(expression, from.zone);
  const [, word, sign, iso] = relative;
  const base = word === 'entry' ? from.entry : from.now;
  if (base === undefined || (iso !== undefined && !readDuration(iso))) return undefined;
  const start = word === 'today' ? localInstant(localDate(base, from.zone), from.zone) : base;
  const move = sign === '-' ? subtractDuration : addDuration;
  return { at: iso === undefined ? start : move(start, iso, from.zone), day: word === 'today' };
}

/** The instant of `2026-12-24`, `2026-12-24T10:00`, `now-P30D`, `today`, `entry+P1D` or a reference; a day is its first moment. */
export const resolveInstant = (expression: InstantExpression, from: Standpoint): Instant | undefined =>
  resolvePoint(expression, from)?.at;
