import { resolved } from '#shared/condition/lookup.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { Outcome, StepContext } from '#shared/enrolment/turn.ts';
import type { Step } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Json } from '#shared/store/table.ts';

/** What one kind of step does, as far as it goes without waiting. */
export type Run<T extends Step['type']> = (step: Extract<Step, { type: T }>, at: StepContext) => Outcome;

/** Where an arm of the step begins; behind the step when the arm is empty. */
export const arm = (at: StepContext, name: string): string | null => ownOf(at.node.arms, name) ?? null;

/** Goes on behind the step. */
export const onward = (at: StepContext): Outcome => ({ go: at.node.next, left: { at: at.began } });

/** Values written in a journey, references followed; those that find nothing are left out. */
export const valuesOf = (written: Readonly<Record<string, Json>> | undefined, scope: Scope): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(written ?? {}).flatMap(([name, value]) => {
      const found = resolved(value, scope);
      return found === undefined ? [] : [[name, found]];
    }),
  );
