import { earlierOf, type Instant, plusMillis } from '#shared/time/instant.ts';
import { type Enrolment, wakesAt } from './enrolment.ts';
import { begunOf, isBreakingOff, legEnd, triedAgainAt } from './leg.ts';

/** Longer than the hour in which Step Functions tries a turn again, and than review leaves a passage alone. */
const PATIENCE = 2 * 3_600_000;

/** That a passage does not move although it should, why, and since when. */
export type Still = { readonly reason: string; readonly since: Instant };

/**
 * Whether a passage stands still: put aside after leg upon leg has broken off (`put-aside`: tried again once a day; `given-up`: no
 * more), with a leg that is being tried after others broke off (`breaks-off`), or of which nothing was heard for hours
 * (`overdue`).
 */
export function standsStill(enrolment: Enrolment, now: Instant): Still | undefined {
  if (enrolment.state !== 'inside') return undefined;
  const begun = begunOf(enrolment);
  const moves = earlierOf(wakesAt(enrolment) ?? enrolment.entered, legEnd(enrolment));
  const since = earlierOf(moves, begun.at);
  const error = begun.by ?? 'its executions ended, and nobody has said why';
  if (enrolment.stranded)
    return { reason: `${triedAgainAt(enrolment, now) === undefined ? 'given-up' : 'put-aside'}: ${error}`, since };
  if (isBreakingOff(enrolment)) return { reason: `breaks-off: ${error}`, since };
  const late = enrolment.next === 'start' ? begun.at : moves;
  return late < plusMillis(now, -PATIENCE)
    ? { reason: 'overdue: nothing was heard of its execution', since: late }
    : undefined;
}
