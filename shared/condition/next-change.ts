import { zoneOf } from '#shared/contact/zone.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Instant } from '#shared/time/instant.ts';
import { isMoving } from '#shared/time/moving.ts';
import { closesAt, nextOpen } from '#shared/time/window.ts';
import { aggregateOf } from './aggregate.ts';
import type { Condition, Ops } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { type AnyLeaf, asks, type LeafOf, listOf } from './judge.ts';
import { laterFacts, watched } from './later-facts.ts';
import { fieldsOf, lookup, readPath, readTrait } from './lookup.ts';
import { ownStepOf } from './messages.ts';
import { leaving, messageMoment, opsMoment, soonest } from './moments.ts';
import { typesOf } from './newest.ts';
import { type Scope, scopeWith } from './scope.ts';
import { segmentScope } from './segments.ts';

/** Moments that are looked at ahead. Beyond them it is said that something may change, and looked again then. */
const LOOKS = 60;

/**
 * The first moment after now at which time alone makes a condition say something else than now: windows, ages, dates, the
 * clock. Undefined: it never does. After many moments at which it might, and does not, it is the last of them; it is
 * never later than the real one. Reads what the condition itself reads.
 */
export function nextChange(condition: Condition, scope: Scope): Instant | undefined {
  if (!isTimed(condition, scope.segments)) return undefined;
  const facts = laterFacts(scope.facts);
  const answer = evaluate(condition, scopeWith(scope, { facts }));
  let { now } = scope;
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const next = nextMoment(condition, scopeWith(scope, { facts, now }));
    if (next === undefined) return undefined;
    now = next;
    if (evaluate(condition, scopeWith(scope, { facts, now })) !== answer) return now;
  }
  return now;
}

/** Whether time alone can change the answer. */
export function isTimed(c: Condition, segments: Scope['segments']): boolean {
  if ('all' in c) return c.all.some((one) => isTimed(one, segments));
  if ('any' in c) return c.any.some((one) => isTimed(one, segments));
  if ('not' in c) return isTimed(c.not, segments);
  if (asks('now', c)) return true;
  if (asks('segment', c)) return listOf(c.segment).some((id) => isTimedSegment(id, segments));
  if (asks('journey', c)) return c.within !== undefined;
  if (asks('message', c)) return c.within !== undefined || c.among !== undefined || isMoving(c.since);
  if (asks('event', c)) return isTimedEvent(c, segments);
  return (asks('trait', c) || asks('trigger', c) || asks('step', c) || asks('data', c)) && hasTimedOps(c);
}

function isTimedSegment(id: string, { [id]: condition, ...others }: Scope['segments']): boolean {
  return condition !== undefined && isTimed(condition, others);
}

function isTimedEvent(leaf: LeafOf<'event'>, segments: Scope['segments']): boolean {
  const span = leaf.within !== undefined || isMoving(leaf.since);
  const asked = aggregateOf(leaf) !== undefined;
  // What was heard stays heard.
  if (leaf.listener !== undefined && !span && !asked && leaf.since === undefined) return false;
  return span || (asked && hasTimedOps(leaf)) || (leaf.where !== undefined && isTimed(leaf.where, segments));
}

const hasTimedOps = (ops: Ops): boolean =>
  ops.within !== undefined ||
  ops.next !== undefined ||
  ops.every !== undefined ||
  isMoving(ops.before) ||
  isMoving(ops.after);

/** The next moment at which a part of it may be answered otherwise. What is decided by another part is not looked at. */
function nextMoment(c: Condition, scope: Scope): Instant | undefined {
  if ('all' in c) return ofParts(c.all, false, scope);
  if ('any' in c) return ofParts(c.any, true, scope);
  if ('not' in c) return nextMoment(c.not, scope);
  return isTimed(c, scope.segments) ? leafMoment(c, scope) : undefined;
}

function ofParts(parts: readonly Condition[], decides: boolean, scope: Scope): Instant | undefined {
  const timed = parts.filter((part) => isTimed(part, scope.segments));
  const decided = parts.some((part) => !timed.includes(part) && evaluate(part, scope) === decides);
  return decided ? undefined : soonest(timed.map((part) => nextMoment(part, scope)));
}

function leafMoment(leaf: AnyLeaf, scope: Scope): Instant | undefined {
  const { now, settings, profile, facts } = scope;
  if (asks('now', leaf)) {
    const zone = zoneOf(profile, settings);
    const { timeZone } = settings.shop;
    return closesAt(leaf.now, now, zone, timeZone) ?? nextOpen(leaf.now, now, zone, timeZone);
  }
  if (asks('segment', leaf)) return soonest(listOf(leaf.segment).map((id) => segmentMoment(id, scope)));
  if (asks('event', leaf)) return eventMoment(leaf, scope);
  if (asks('message', leaf)) return messageMoment(leaf, ownStepOf(leaf), scope);
  if (asks('journey', leaf)) {
    const times = facts.passages(listOf(leaf.journey)).flatMap(({ entered, ended }) => [entered, ended ?? entered]);
    return leaving(leaf, times, scope);
  }
  if (asks('trait', leaf)) return opsMoment(readTrait(profile, leaf.trait, scope.settings), leaf, scope);
  if (asks('trigger', leaf)) return opsMoment(lookup({ trigger: leaf.trigger }, scope), leaf, scope);
  if (asks('step', leaf)) return opsMoment(lookup({ step: leaf.step }, scope), leaf, scope);
  return asks('data', leaf) ? opsMoment(lookup({ data: leaf.data }, scope), leaf, scope) : undefined;
}

function segmentMoment(id: string, scope: Scope): Instant | undefined {
  const condition = ownOf(scope.segments, id);
  return condition && nextMoment(condition, segmentScope(id, scope));
}

/** The events that decide it fall out of its span; what is reckoned over them, and what is asked of each, gets older. */
function eventMoment(leaf: LeafOf<'event'>, scope: Scope): Instant | undefined {
  const seen: StoredEvent[] = [];
  evaluate(leaf, scopeWith(scope, { facts: watched(scope.facts, seen) }));
  const { last } = scope.profile;
  const types = typesOf(leaf);
  const newest = types === 'any' ? Object.values(last) : types.flatMap((type) => ownOf(last, type) ?? []);
  const times = [...newest, ...seen.map(({ at }) => at)];
  const asked = aggregateOf(leaf);
  const values = asked ? seen.map((event) => readPath(fieldsOf(event), asked.path)) : [];
  const reckoned = asked?.path === 'at' ? [...values, ...newest] : values;
  // Of an aggregate `within` is the span and not asked of the value.
  const ops = { ...leaf, within: undefined };
  const { where } = leaf;
  const timed = where && isTimed(where, scope.segments) ? where : undefined;
  return soonest([
    leaving(leaf, times, scope),
    ...reckoned.map((value) => opsMoment(value, ops, scope)),
    ...(timed ? seen.map((event) => nextMoment(timed, scopeWith(scope, { data: fieldsOf(event) }))) : []),
  ]);
}
