import { evaluate } from '#shared/condition/evaluate.ts';
import type { Message } from '#shared/message/message.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';
import { runStep } from './steps.ts';
import type { Outcome, ProfileChange, TurnInput, TurnResult } from './turn.ts';
import { countGoal, exitOf } from './wake.ts';

/** More steps than a journey may have times passes it may repeat: only a broken interpreter gets there. */
const STEPS_PER_TURN = 20_000;

type Ending = { readonly state: 'converted' | 'finished' | 'exited'; readonly outcome: string };

/**
 * One turn of one passage: from a wake to the next pause, or to its end. Goal first, then exits, then the steps, as many
 * as go without waiting. A function of its arguments alone, the same in Lambda, on the laptop and in a simulation.
 */
export function runTurn(input: TurnInput): TurnResult {
  const messages: Message[] = [];
  const changes: ProfileChange[] = [];
  let enrolment = input.enrolment;
  let at: string | null = enrolment.cursor ? enrolment.cursor.step : input.journey.first;
  for (let steps = 0; steps < STEPS_PER_TURN; steps += 1) {
    enrolment = countGoal(input, enrolment, changes);
    const ending = endingOf(input, enrolment, changes) ?? (at === null ? finished(enrolment, 'finished') : undefined);
    if (ending || at === null) return { enrolment: close(enrolment, input.now, ending), messages, changes };
    const begun = begin(input, enrolment, at);
    const outcome = take(input, begun, messages, changes);
    if ('pause' in outcome) return { enrolment: park(begun, outcome), messages, changes };
    if ('end' in outcome)
      return { enrolment: close(begun, input.now, finished(begun, outcome.end)), messages, changes };
    enrolment = leave(begun, at, outcome.left, messages.at(-1));
    at = outcome.go;
  }
  throw new Error(`passage ${enrolment.id} ran ${STEPS_PER_TURN} steps without a pause`);
}

function endingOf(input: TurnInput, enrolment: Enrolment, changes: readonly ProfileChange[]): Ending | undefined {
  if (enrolment.converted && input.journey.definition.goal?.leave !== false)
    return { state: 'converted', outcome: 'converted' };
  const outcome = exitOf(input, enrolment, changes);
  return outcome === undefined ? undefined : { state: 'exited', outcome };
}

/** Whoever reached the goal and stayed is counted as converted, wherever the way ended. */
const finished = (enrolment: Enrolment, outcome: string): Ending => ({
  state: enrolment.converted ? 'converted' : 'finished',
  outcome,
});

/** The passage standing on this step: as it stood, or newly arrived, with nothing heard for it yet. */
function begin(input: TurnInput, enrolment: Enrolment, step: string): Enrolment {
  if (enrolment.cursor?.step === step) return enrolment;
  const visit = (enrolment.visits[step] ?? 0) + 1;
  const heard = Object.fromEntries(Object.entries(enrolment.heard).filter(([id]) => !id.startsWith(`${step}/`)));
  return { ...enrolment, heard, cursor: { step, visit, began: input.now, wakeAt: input.now } };
}

function take(input: TurnInput, enrolment: Enrolment, messages: Message[], changes: ProfileChange[]): Outcome {
  const { cursor } = enrolment;
  const node = cursor ? input.journey.nodes.get(cursor.step) : undefined;
  if (!cursor || !node)
    throw new Error(`passage ${enrolment.id} stands on a step that version ${enrolment.version} does not have`);
  const waited = input.enrolment.cursor === cursor;
  // Only a waitFor looks from its beginning on; every other condition sees all that is kept.
  const here = input.scope(enrolment, changes, node.step.type === 'waitFor' ? cursor.began : undefined);
  if (!waited && node.step.if && !evaluate(node.step.if, here)) return { go: node.next };
  return runStep(node.step, {
    ...input,
    enrolment,
    node,
    here,
    began: cursor.began,
    visit: cursor.visit,
    ...(waited && { waiting: { wakeAt: cursor.wakeAt, phase: cursor.phase } }),
    send: (message) => messages.push(message),
    change: (change) => changes.push(change),
  });
}

function leave(
  enrolment: Enrolment,
  step: string,
  left: Extract<Outcome, { go: unknown }>['left'],
  said?: Message,
): Enrolment {
  return {
    ...enrolment,
    cursor: null,
    visits: { ...enrolment.visits, [step]: enrolment.cursor?.visit ?? 1 },
    ...(left && { left: { ...enrolment.left, [step]: left } }),
    ...(said?.step === step && { messages: { ...enrolment.messages, [step]: said.id } }),
  };
}

function park(enrolment: Enrolment, outcome: Extract<Outcome, { pause: Instant }>): Enrolment {
  const { cursor } = enrolment;
  if (!cursor) return enrolment;
  const { phase: _, ...rest } = cursor;
  return {
    ...enrolment,
    cursor: { ...rest, wakeAt: outcome.pause, ...(outcome.phase && { phase: outcome.phase }) },
    next: 'pause',
  };
}

const close = (enrolment: Enrolment, now: Instant, ending: Ending | undefined): Enrolment => ({
  ...enrolment,
  cursor: null,
  next: 'finished',
  ended: now,
  ...ending,
});
