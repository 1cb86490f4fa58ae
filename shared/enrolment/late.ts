import { GOAL } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Enrolment, Heard } from './enrolment.ts';
import type { TurnInput } from './turn.ts';
import { countGoal } from './wake.ts';

/** The passage once these listeners have heard something: the first word of each stays, and all are counted. */
export function hearing(passage: Enrolment, listeners: readonly string[], said: Omit<Heard, 'n'>): Enrolment {
  const heard = { ...passage.heard };
  for (const id of listeners) {
    const before = ownOf(heard, id);
    heard[id] = before ? { ...before, n: before.n + 1 } : { n: 1, ...said };
  }
  return { ...passage, heard, seq: passage.seq + 1 };
}

/**
 * A passage that is over and only waits for its goal, after it has heard something: no turn will come that could count
 * it. Undefined when what was heard does not concern the goal.
 */
export function hearLate(
  passage: Enrolment,
  listeners: readonly string[],
  said: Omit<Heard, 'n'>,
  input: Omit<TurnInput, 'enrolment'>,
): Enrolment | undefined {
  const concerned = listeners.filter((id) => id.startsWith(`${GOAL}/`));
  if (concerned.length === 0) return undefined;
  const listening = hearing(passage, concerned, said);
  const counted = countGoal({ ...input, enrolment: listening }, listening, []);
  // Who had finished has converted. Who was held out, or had left, stays so; the goal is counted beside it.
  const hadFinished = counted.converted !== undefined && counted.state === 'finished';
  return hadFinished ? { ...counted, state: 'converted', outcome: 'converted' } : counted;
}
