import type { Condition } from '#shared/condition/condition.ts';
import type { Step } from '#shared/journey/journey.ts';
import { listsOf } from './walk.ts';

/** Whether time passes for certain on every way through a list: without it a repetition sends all at once. */
export const takesTime = (list: readonly Step[]): boolean =>
  list.some((step, i) => !isLeaptOver(list, i) && stepTakesTime(step, list.slice(0, i)));

export const isWait = ({ type }: Step): boolean => type === 'wait' || type === 'waitFor';

function stepTakesTime(step: Step, before: readonly Step[]): boolean {
  if (step.if) return false;
  // A window may be open and a date be past; both let one pass at once.
  if (step.type === 'wait') return step.for !== undefined;
  if (step.type === 'waitFor') return isToCome(step.for, before);
  if (step.type === 'repeat') return step.until === undefined && takesTime(step.steps);
  const isWhole = step.type === 'split' || (step.type === 'branch' && step.otherwise !== undefined);
  return isWhole && listsOf(step).every(({ steps }) => takesTime(steps));
}

/** Whether it cannot be true before something more happens: an event from now on, or what becomes of a mail just sent. */
function isToCome(c: Condition, before: readonly Step[]): boolean {
  if ('all' in c) return c.all.some((one) => isToCome(one, before));
  if ('any' in c) return c.any.every((one) => isToCome(one, before));
  const keys = Object.keys(c).filter((key) => !['note', 'where', 'channel', 'topic', 'link'].includes(key));
  if ('event' in c) return keys.length === 1;
  if (!('message' in c) || keys.join() !== 'message,is') return false;
  return c.is !== 'sent' && before.some(({ type, id, if: asked }) => type === 'send' && id === c.message && !asked);
}

/** Whether a skip leads past this step of a list. */
function isLeaptOver(list: readonly Step[], place: number): boolean {
  const below = new Set(list.slice(place + 1).map(({ id }) => id));
  return list.slice(0, place + 1).some((step) => skipsIn(step).some((to) => below.has(to)));
}

const skipsIn = (step: Step): string[] =>
  step.type === 'skip' ? [step.to] : listsOf(step).flatMap(({ steps }) => steps.flatMap(skipsIn));
