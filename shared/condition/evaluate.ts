import { zoneOf } from '#shared/contact/zone.ts';
import { percentile } from '#shared/enrolment/ids.ts';
import { isOpen } from '#shared/time/window.ts';
import type { Condition } from './condition.ts';
import { judgeConsent, judgeReachable } from './consent.ts';
import { judgeEvent } from './events.ts';
import { asks, type Judge, listOf, type Subject } from './judge.ts';
import { lookup, readTrait } from './lookup.ts';
import { judgeMessage } from './messages.ts';
import { satisfies } from './operators.ts';
import { judgeJourney } from './passages.ts';
import type { Scope } from './scope.ts';
import { judgeSegment } from './segments.ts';
import { isSame } from './values.ts';

/** Who answers each kind of leaf. A new kind does not compile until it stands here. */
const JUDGES: { readonly [S in Subject]: Judge<S> } = {
  trait: (leaf, scope) => satisfies(readTrait(scope.profile, leaf.trait, scope.settings), leaf, scope),
  trigger: (leaf, scope) => satisfies(lookup({ trigger: leaf.trigger }, scope), leaf, scope),
  data: (leaf, scope) => satisfies(lookup({ data: leaf.data }, scope), leaf, scope),
  step: (leaf, scope) => satisfies(lookup({ step: leaf.step }, scope), leaf, scope),
  tag: ({ tag }, { profile, settings }) =>
    listOf(tag).some((said) => profile.tags.some((own) => isSame(own, said, settings.shop.timeZone))),
  segment: judgeSegment,
  consent: judgeConsent,
  event: judgeEvent,
  message: judgeMessage,
  journey: judgeJourney,
  reachable: judgeReachable,
  sample: ({ sample, salt }, { profile, file }) => percentile(profile.contact, salt ?? file) < sample,
  now: ({ now: window }, { now, profile, settings }) =>
    isOpen(window, now, zoneOf(profile, settings), settings.shop.timeZone),
};

const isSubject = (name: string): name is Subject => Object.hasOwn(JUDGES, name);

type Test = (scope: Scope) => boolean;

/** Conditions never change once they are read, and are asked millions of times. */
const tests = new WeakMap<Condition, Test>();

function testOf(condition: Condition): Test {
  const before = tests.get(condition);
  if (before) return before;
  const test = compiled(condition);
  tests.set(condition, test);
  return test;
}

function compiled(condition: Condition): Test {
  if ('all' in condition) {
    const parts = condition.all.map(testOf);
    return (scope) => parts.every((part) => part(scope));
  }
  if ('any' in condition) {
    const parts = condition.any.map(testOf);
    return (scope) => parts.some((part) => part(scope));
  }
  if ('not' in condition) {
    const part = testOf(condition.not);
    return (scope) => !part(scope);
  }
  const subject = Object.keys(condition).find(isSubject);
  return subject === undefined ? () => false : judging(subject, condition);
}

function judging<S extends Subject>(subject: S, leaf: Condition): Test {
  const judge: Judge<S> = JUDGES[subject];
  return asks(subject, leaf) ? (scope) => judge(leaf, scope, evaluate) : () => false;
}

/**
 * Whether a condition holds for a contact at a moment. Two-valued: a comparison with a missing or unfit value is false,
 * `isNot` is true of it, and `not` turns the answer round. Never throws, whatever lies in traits and data.
 */
export const evaluate = (condition: Condition, scope: Scope): boolean => testOf(condition)(scope);
