import type { Message, MessageFact } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Condition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { asks, type LeafOf, listOf } from './judge.ts';
import { hasStatus, ownStepOf } from './messages.ts';
import type { Scope } from './scope.ts';

/** What the answer to a condition can still become. In doubt both. */
type Outlook = { readonly canBeTrue: boolean; readonly canBeFalse: boolean };
const OPEN: Outlook = { canBeTrue: true, canBeFalse: true };

/** After these nothing more becomes of a message. Nor does it of one that is `unknown`, until somebody speaks of it after all. */
const FINAL: readonly MessageFact[] = ['withheld', 'failed'];
const isLost = (message: Message): boolean => message.facts.unknown !== undefined && !hasStatus(message, 'sent');
/** What never comes of a message that came back. */
const NEEDS_DELIVERY: readonly MessageFact[] = [
  'delivered',
  'opened',
  'clicked',
  'answered',
  'complained',
  'unsubscribed',
];

/**
 * Whether a message can still reach a status. One that bounced before any sign of delivery will not arrive; a bounce
 * after it may be an automatic reply, so that everything stays possible.
 */
function canReach(message: Message, status: MessageFact): boolean {
  if (hasStatus(message, status)) return true;
  if (FINAL.some((fact) => message.facts[fact] !== undefined) || isLost(message)) return false;
  const cameBack = message.facts.bounced !== undefined && !hasStatus(message, 'delivered');
  return !(cameBack && NEEDS_DELIVERY.includes(status));
}

/** Facts only grow: what a message has reached stays so, and what it cannot reach any more never comes. */
function outlookOfOwn(leaf: LeafOf<'message'>, step: string, scope: Scope): Outlook {
  const { is, isNot, gt, gte, lt, lte, within, since } = leaf;
  const plain = [gt, gte, lt, lte, within, since, isNot].every((said) => said === undefined);
  const message = ownOf(scope.own, step);
  if (!plain || !message) return OPEN;
  const statuses = listOf(is ?? 'sent');
  return {
    canBeTrue: statuses.some((status) => canReach(message, status)),
    canBeFalse: !evaluate(leaf, scope),
  };
}

function outlook(condition: Condition, scope: Scope): Outlook {
  if ('all' in condition || 'any' in condition) {
    const parts = ('all' in condition ? condition.all : condition.any).map((one) => outlook(one, scope));
    const [allTrue, anyTrue] = [parts.every((p) => p.canBeTrue), parts.some((p) => p.canBeTrue)];
    const [allFalse, anyFalse] = [parts.every((p) => p.canBeFalse), parts.some((p) => p.canBeFalse)];
    return 'all' in condition
      ? { canBeTrue: allTrue, canBeFalse: anyFalse }
      : { canBeTrue: anyTrue, canBeFalse: allFalse };
  }
  if ('not' in condition) {
    const { canBeTrue, canBeFalse } = outlook(condition.not, scope);
    return { canBeTrue: canBeFalse, canBeFalse: canBeTrue };
  }
  const step = asks('message', condition) ? ownStepOf(condition) : undefined;
  return asks('message', condition) && step !== undefined ? outlookOfOwn(condition, step, scope) : OPEN;
}

/**
 * Whether a condition that a passage waits for can still become true. False only when it cannot: the messages that it
 * asks about were withheld, lost or sent back.
 */
export const possible = (condition: Condition, scope: Scope): boolean => outlook(condition, scope).canBeTrue;
