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
  trait: (leaf, scope) => satisfies(readTrait(scope.profile, leaf.trait), leaf, scope),
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

function judgeAs<S extends Subject>(subject: S, leaf: Condition, scope: Scope): boolean {
  const judge: Judge<S> = JUDGES[subject];
  return asks(subject, leaf) && judge(leaf, scope, evaluate);
}

/**
 * Whether a condition holds for a contact at a moment. Two-valued: a comparison with a missing or unfit value is false,
 * `isNot` is true of it, and `not` turns the answer round. Never throws, whatever lies in traits and data.
 */
export function evaluate(condition: Condition, scope: Scope): boolean {
  if ('all' in condition) return condition.all.every((one) => evaluate(one, scope));
  if ('any' in condition) return condition.any.some((one) => evaluate(one, scope));
  if ('not' in condition) return !evaluate(condition.not, scope);
  const subject = Object.keys(condition).find(isSubject);
  return subject !== undefined && judgeAs(subject, condition, scope);
}
