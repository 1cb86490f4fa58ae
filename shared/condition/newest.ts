import { LAST_LIMIT } from '#shared/contact/profile.ts';
import { earliestAfter, SKEW } from '#shared/event/order.ts';
import { isOwnType } from '#shared/event/own.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import type { EventLeaf } from './condition.ts';
import type { Scope } from './scope.ts';
import type { Span } from './span.ts';

/** What the profile alone tells of events: the newest time of each type. */

export const typesOf = ({ event }: EventLeaf): readonly string[] | 'any' =>
  event === 'any' ? 'any' : typeof event === 'string' ? [event] : event;

/**
 * The newest time of these types in the span, undefined when there is none, `unknown` when the profile does not tell: it
 * keeps the times of so many types only, and cannot tell the passage's own trigger from what else happened by then.
 */
export function newestOf(leaf: EventLeaf, span: Span, scope: Scope): Instant | undefined | 'unknown' {
  const { start, fromPassage } = span;
  const { last } = scope.profile;
  const types = typesOf(leaf);
  const known = types === 'any' ? Object.keys(last).filter((type) => !isOwnType(type)) : types;
  const times = known.flatMap((type) => ownOf(last, type) ?? []);
  const newest = times.reduce<Instant | undefined>((a, b) => laterOf(a ?? b, b), undefined);
  if (newest !== undefined && (start === undefined || newest >= start)) {
    return fromPassage && mayBeTrigger(newest, scope) ? 'unknown' : newest;
  }
  // By its own time it was before the trigger; by its arrival it may have been after it.
  if (newest !== undefined && span.doubtful && newest >= earliestAfter(span.doubtful)) return 'unknown';
  return types !== 'any' && types.some((type) => !Object.hasOwn(last, type)) && wasLetGo(last, start)
    ? 'unknown'
    : undefined;
}

/** Whether a type that is missing from a full list may have happened in the span: it is older than all that stand there. */
function wasLetGo(last: Readonly<Record<string, Instant>>, start: Instant | undefined): boolean {
  const times = Object.values(last);
  return times.length >= LAST_LIMIT && (start === undefined || times.every((time) => time >= start));
}

/**
 * Whether what happened then may be the passage's own trigger. That was there when the passage began, give or take what
 * clocks differ by: of anything later the trigger, which may have to be read, is not asked for.
 */
export const mayBeTrigger = (at: Instant, scope: Scope): boolean =>
  at <= plusMillis(scope.entry ?? scope.now, SKEW) && at === scope.trigger?.['at'];
