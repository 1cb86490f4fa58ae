import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';

/** A passage's executions, one after the other. Renewal and recovery are the same: the next leg on the row, then its start. */

const DAY = 86_400_000;
/** Step Functions ends an execution after a year, and after 25,000 events of its history: 14 a turn and its pause, and four an attempt more. */
const LONGEST = 330 * DAY;
const MOST_TURNS = 1000;
/** So many legs in a row may break off without a turn; then one a day, and after a month none. */
const AT_ONCE = 10;
const IN_ALL = 40;

export const begunOf = ({ begun, entered }: Enrolment): NonNullable<Enrolment['begun']> =>
  begun ?? { at: entered, turn: 0, vain: 0 };

/** When the present leg is renewed, whatever its passage waits for by then. */
export const legEnd = (enrolment: Enrolment): Instant => plusMillis(begunOf(enrolment).at, LONGEST);

/** Whether the passage should go on in a new execution. */
export const isWornOut = (enrolment: Enrolment, now: Instant): boolean =>
  legEnd(enrolment) <= now || enrolment.turn - begunOf(enrolment).turn >= MOST_TURNS;

/** Legs in a row that have taken no turn, the present one included. */
function legsInVain(enrolment: Enrolment): number {
  const { turn, vain } = begunOf(enrolment);
  return enrolment.turn === turn ? vain + 1 : 0;
}

/** Whether a new leg would only break off like those before it: it must be mended first. */
export const isHopeless = (enrolment: Enrolment): boolean =>
  enrolment.stranded !== true && legsInVain(enrolment) >= AT_ONCE;

/** When a stranded passage is tried again: a mended journey or deployment puts it back on its way. */
export const triedAgainAt = (enrolment: Enrolment, now: Instant): Instant | undefined =>
  legsInVain(enrolment) < IN_ALL ? plusMillis(now, DAY) : undefined;

/** Whether its present leg has taken no turn yet, and those before it have broken off. */
export const isBreakingOff = (enrolment: Enrolment): boolean => {
  const { turn, vain, by } = begunOf(enrolment);
  return enrolment.turn === turn && (vain > 0 || by !== undefined);
};

/**
 * The passage in its next leg: what the old one still says is stale from now on. `by`: the error that has ended the old one,
 * where that is known.
 */
export function nextLegOf(enrolment: Enrolment, now: Instant, by = lastError(enrolment)): Enrolment {
  const { token: _, attempt: __, stranded: ___, ...rest } = enrolment;
  const begun = { at: now, turn: enrolment.turn, vain: legsInVain(enrolment), ...(by !== undefined && { by }) };
  return { ...rest, leg: enrolment.leg + 1, next: 'start', begun };
}

/** The passage put aside, with no execution. */
export function strandedOf(enrolment: Enrolment, by = lastError(enrolment)): Enrolment {
  const { token: _, attempt: __, ...rest } = enrolment;
  return { ...rest, stranded: true, begun: { ...begunOf(enrolment), ...(by !== undefined && { by }) } };
}

/** Of a leg before, as long as none has taken a turn since. */
const lastError = (enrolment: Enrolment): string | undefined =>
  enrolment.turn === begunOf(enrolment).turn ? begunOf(enrolment).by : undefined;
