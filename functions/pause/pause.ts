import * as z from 'zod';
import { turnOutputSchema, wakesAt } from '#shared/enrolment/enrolment.ts';
import { isOwed } from '#shared/enrolment/hear.ts';
import { ConditionFailed, Conflict, FINISHED } from '#shared/errors.ts';
import type { Clock, Executions } from '#shared/ports.ts';
import { loadEnrolment, parkToken } from '#shared/store/enrolments.ts';
import type { Table } from '#shared/store/table.ts';

export type PauseDeps = { readonly table: Table; readonly clock: Clock; readonly executions: Executions };

export const pauseInputSchema = turnOutputSchema.extend({
  token: z.string().min(1),
  /** How often the state machine has tried this pause before. Executions of an older definition do not say. */
  attempt: z.int().optional(),
});

const ATTEMPTS = 8;

/**
 * Begins a pause: parks its token where whoever has something to say finds it, or answers it at once when the passage
 * is over or is owed a wake already. Between reading and parking nothing can be missed: parking fails if anything was
 * heard since. An attempt that was given up and lives on parks nothing over a later one: its token wakes nobody
 * (`overtaken`). Throws Conflict when it was disturbed too often.
 */
export async function pause(input: unknown, deps: PauseDeps): Promise<'parked' | 'woken' | 'finished' | 'overtaken'> {
  const { token, attempt: tried, ...leg } = pauseInputSchema.parse(input);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const enrolment = await loadEnrolment(deps.table, leg);
    if (enrolment?.state !== 'inside' || enrolment.leg !== leg.leg) {
      await deps.executions.fail(token, FINISHED, 'the passage is over, or goes on in a later leg');
      return 'finished';
    }
    // A pause of an earlier turn is stale: its answer goes nowhere, and it must not overwrite the token of a later one.
    const due = (wakesAt(enrolment) ?? '') <= deps.clock.now();
    if (enrolment.turn !== leg.turn || isOwed(enrolment) || due) {
      await deps.executions.succeed(token, {});
      return 'woken';
    }
    if (enrolment.token === token) return 'parked';
    if (tried !== undefined && (enrolment.attempt ?? -1) >= tried) return 'overtaken';
    try {
      await deps.table.write(parkToken(enrolment, token, tried));
      return 'parked';
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    }
  }
  throw new Conflict(`pause ${leg.turn} was disturbed ${ATTEMPTS} times`);
}
