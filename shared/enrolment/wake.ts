import { evaluate } from '#shared/condition/evaluate.ts';
import { readPath } from '#shared/condition/lookup.ts';
import { ARCHIVED, type CompiledJourney, REPLACED, TOLD_TO_LEAVE, UNSUBSCRIBED } from '#shared/journey/compile.ts';
import { addDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';
import type { ProfileChange, TurnInput } from './turn.ts';

/** How long a goal counts that says nothing else. */
export const GOAL_WINDOW = 'P14D';

/** Until when a passage's goal counts. */
export const goalUntil = (journey: CompiledJourney, entered: Instant, zone: string): Instant =>
  addDuration(entered, journey.definition.goal?.window ?? GOAL_WINDOW, zone);

/** The enrolment with its goal counted, when it has come true in time (`until`) and had not been counted yet. */
export function countGoal(
  input: TurnInput,
  enrolment: Enrolment,
  changes: readonly ProfileChange[],
  until?: Instant,
): Enrolment {
  const { journey, now, zone } = input;
  if (!journey.goal || enrolment.converted) return enrolment;
  if ((until ?? goalUntil(journey, enrolment.entered, zone)) < now) return enrolment;
  const scope = input.scope(enrolment, changes, enrolment.trigger.at);
  if (!evaluate(journey.goal, scope)) return enrolment;
  const heard = Object.entries(enrolment.heard).find(([id]) => id.startsWith('!goal/'))?.[1];
  const path = journey.definition.goal?.value;
  const event =
    heard && path !== undefined
      ? scope.facts.events({ types: [heard.type], since: heard.at }).find((e) => e.id === heard.event)
      : undefined;
  const value = path === undefined ? undefined : readPath(event?.data, path);
  return {
    ...enrolment,
    converted: {
      at: now,
      ...(heard && { event: heard.event }),
      ...(typeof value === 'number' && { value }),
    },
  };
}

/** The outcome by which the passage leaves now: exits in their order, then what it was told from outside. */
export function exitOf(input: TurnInput, enrolment: Enrolment, changes: readonly ProfileChange[]): string | undefined {
  const scope = input.scope(enrolment, changes, enrolment.trigger.at);
  const exit = input.journey.exits.find(({ if: condition }) => evaluate(condition, scope));
  if (exit) return exit.outcome;
  return ORDERS.find(([listener]) => enrolment.heard[listener])?.[1];
}

/** What a passage hears that no condition of its own asks for, and the outcome by which it leaves then. */
const ORDERS = [
  [UNSUBSCRIBED, 'unsubscribed'],
  [TOLD_TO_LEAVE, 'left'],
  [ARCHIVED, 'archived'],
  [REPLACED, 'replaced'],
] as const;
