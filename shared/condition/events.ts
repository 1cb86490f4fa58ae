import { zoneOf } from '#shared/contact/zone.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { earliestAfter, isSince } from '#shared/event/order.ts';
import { ownOf } from '#shared/own-of.ts';
import { isObject } from '#shared/store/json.ts';
import { aggregate, aggregateOf } from './aggregate.ts';
import type { EventLeaf, Ops, Value } from './condition.ts';
import type { Evaluate, Judge, LeafOf } from './judge.ts';
import { fieldsOf, lookup } from './lookup.ts';
import { mayBeTrigger, newestOf, typesOf } from './newest.ts';
import { satisfies } from './operators.ts';
import { type EventQuery, type Scope, scopeWith } from './scope.ts';
import { type Span, spanOf } from './span.ts';
import { asNumber, elementsOf } from './values.ts';

/**
 * Conditions on events. What was heard, or the newest time of a type on the profile, answers most of them; only the rest
 * reads events, and a count reads no more of them than decide it.
 */

const AT_LEAST_ONE: Ops = { gte: 1 };

/** Of each leaf what follows; null where it says nothing. */
const known = new WeakMap<EventLeaf, Ops | null>();

/** What of a leaf applies to the count or the aggregate: `within` is always the span. */
function opsOf(leaf: EventLeaf, otherwise: Ops): Ops {
  const before = known.get(leaf);
  if (before !== undefined) return before ?? otherwise;
  const found = readOps(leaf);
  known.set(leaf, found);
  return found ?? otherwise;
}

function readOps(leaf: EventLeaf): Ops | null {
  const { is, isNot, gt, gte, lt, lte, contains, startsWith, endsWith, before, after, next, every, exists } = leaf;
  const ops = { is, isNot, gt, gte, lt, lte, contains, startsWith, endsWith, before, after, next, every, exists };
  return Object.values(ops).some((said) => said !== undefined) ? ops : null;
}

export const judgeEvent: Judge<'event'> = (leaf, scope, evaluate) => {
  const heard = heardCount(leaf, scope);
  if (heard !== undefined) return satisfies(heard, opsOf(leaf, AT_LEAST_ONE), scope);
  const span = spanOf(leaf, scope, scope.since);
  if (!span) return false;
  const asked = aggregateOf(leaf);
  if (asked) return satisfies(aggregated(leaf, asked, span, scope, evaluate), opsOf(leaf, {}), scope);
  const ops = opsOf(leaf, AT_LEAST_ONE);
  return satisfies(countOf(leaf, ops, span, scope, evaluate), ops, scope);
};

/** The events in the span of a leaf that it counts, newest first. */
export function matchingEvents(leaf: LeafOf<'event'>, scope: Scope, evaluate: Evaluate): readonly StoredEvent[] {
  const span = spanOf(leaf, scope, scope.since);
  return span ? eventsOf(leaf, span, scope, evaluate, undefined) : [];
}

function heardCount(leaf: LeafOf<'event'>, { heard }: Scope): number | undefined {
  if (leaf.listener === undefined || !heard) return undefined;
  if (leaf.since !== undefined || leaf.within !== undefined || aggregateOf(leaf)) return undefined;
  return ownOf(heard, leaf.listener)?.n ?? 0;
}

/** `last: "at"` stands on the profile already: nothing is read for the age of the last purchase. */
function aggregated(
  leaf: EventLeaf,
  { aggregate: kind, path }: NonNullable<ReturnType<typeof aggregateOf>>,
  span: Span,
  scope: Scope,
  evaluate: Evaluate,
) {
  if (path === 'at' && (kind === 'last' || kind === 'max') && !leaf.where) {
    const newest = newestOf(leaf, span, scope);
    if (newest !== 'unknown') return newest;
  }
  const events = eventsOf(leaf, span, scope, evaluate, undefined);
  return aggregate(kind, path, events, zoneOf(scope.profile, scope.settings));
}

function countOf(leaf: EventLeaf, ops: Ops, span: Span, scope: Scope, evaluate: Evaluate): number {
  const limit = leaf.where ? undefined : enough(ops, scope);
  if (limit !== undefined && limit <= 1) {
    const newest = newestOf(leaf, span, scope);
    if (newest !== 'unknown') return newest === undefined ? 0 : 1;
  }
  return eventsOf(leaf, span, scope, evaluate, limit).length;
}

/** How many events decide a count: of 3 it is known whether there are at least 3, and of 3 whether there are exactly 2. */
function enough({ is, isNot, gt, gte, lt, lte, ...others }: Ops, scope: Scope): number | undefined {
  if (Object.values(others).some((said) => said !== undefined)) return undefined;
  const boundsOf = (said: Value | Value[] | undefined, more: 0 | 1): number[] =>
    [said ?? []]
      .flat()
      .flatMap((one) => elementsOf(isObject(one) ? lookup(one, scope) : one))
      .flatMap((bound) => Math.ceil(asNumber(bound) ?? 0) + more);
  const exact = [is, isNot, gt, lte].flatMap((said) => boundsOf(said, 1));
  return Math.max(1, ...exact, ...[gte, lt].flatMap((said) => boundsOf(said, 0)));
}

const isTrigger = (event: StoredEvent, scope: Scope): boolean =>
  mayBeTrigger(event.at, scope) && event.id === scope.trigger?.['id'];

function eventsOf(
  leaf: EventLeaf,
  span: Span,
  scope: Scope,
  evaluate: Evaluate,
  limit: number | undefined,
): readonly StoredEvent[] {
  const { start, fromPassage, doubtful } = span;
  const types = typesOf(leaf);
  const counting = (query: EventQuery) =>
    scope.facts.events(query).filter((one) => counts(one, leaf, span, scope, evaluate));
  if (limit !== undefined) {
    // One more, since the trigger may be among them.
    const asked = { types, limit: fromPassage ? limit + 1 : limit, ...(start !== undefined && { since: start }) };
    const certain = counting(asked);
    if (!doubtful || certain.length >= limit) return certain;
  }
  const since = doubtful ? earliestAfter(doubtful) : start;
  return counting({ types, ...(since !== undefined && { since }) });
}

function counts(
  event: StoredEvent,
  { where }: EventLeaf,
  { fromPassage, doubtful }: Span,
  scope: Scope,
  evaluate: Evaluate,
): boolean {
  if (doubtful && !isSince(event, doubtful)) return false;
  if (fromPassage && isTrigger(event, scope)) return false;
  return !where || evaluate(where, scopeWith(scope, { data: fieldsOf(event) }));
}
