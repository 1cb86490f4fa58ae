import { evaluate } from '#shared/condition/evaluate.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { RESUMED } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';
import { lookAgainAt } from './state.ts';
import { runStep } from './steps/run-step.ts';
import type { Effects, Outcome, ProfileChange, StepContext, TurnInput, TurnResult } from './turn.ts';
import { countGoal, exitOf, goalUntil } from './wake.ts';

/** More steps than a journey may have times passes it may repeat: only a broken interpreter gets there. */
const STEPS_PER_TURN = 20_000;
/**
 * What one turn may put out: it is written at once, in a transaction of at most 100 rows. A turn that is full ends before
 * the next step, and the next begins in the same moment.
 */
const FULL = { messages: 40, events: 10, codes: 8, calls: 10 } as const;

type Ending = { readonly state: 'converted' | 'finished' | 'exited'; readonly outcome: string };
type Collected = { readonly [K in keyof Effects]: Effects[K][number][] };

/**
 * One turn of one passage: from a wake to the next pause, or to its end. Goal first, then exits, then the steps, as many
 * as go without waiting. A function of its arguments alone, the same in Lambda, on the laptop and in a simulation.
 */
export function runTurn(given: TurnInput): TurnResult {
  const done: Collected = { messages: [], changes: [], events: [], codes: [], calls: [], lacking: [] };
  const input: TurnInput = { ...given, scope: remembered(given.scope) };
  const enrolment = workingCopy(given.enrolment);
  const until = input.journey.goal && goalUntil(input.journey, enrolment.entered, input.zone);
  let at: string | null = enrolment.cursor ? enrolment.cursor.step : input.journey.first;
  for (let steps = 0; steps < STEPS_PER_TURN; steps += 1) {
    const { converted } = countGoal(input, enrolment, done.changes, until);
    if (converted) enrolment.converted = converted;
    const ending =
      endingOf(input, enrolment, done.changes) ?? (at === null ? finished(enrolment, 'finished') : undefined);
    if (ending || at === null) return { enrolment: close(enrolment, input.now, ending), ...done };
    if (input.paused) return { enrolment: stall(input, enrolment, at, done), ...done };
    if (isFull(done)) return { enrolment: interrupted(enrolment, at, input.now), ...done };
    begin(input, enrolment, at);
    const outcome = take(input, enrolment, done);
    if ('pause' in outcome) return { enrolment: looking(input, park(enrolment, outcome, input.now), done), ...done };
    if ('end' in outcome) return { enrolment: close(enrolment, input.now, finished(enrolment, outcome.end)), ...done };
    leave(enrolment, at, outcome.left, done.messages.at(-1));
    at = outcome.go;
  }
  throw new Error(`passage ${enrolment.id} ran ${STEPS_PER_TURN} steps without a pause`);
}

/** The passage that a turn works on. Nobody else has it before the turn is over, so that a step copies none of it. */
function workingCopy(given: Enrolment): Enrolment {
  // Said to wake it, and nothing to be kept.
  const { [RESUMED]: _, ...heard } = given.heard;
  return {
    ...given,
    heard,
    left: { ...given.left },
    visits: { ...given.visits },
    messages: { ...given.messages },
    ...(given.passes && { passes: { ...given.passes } }),
  };
}

/** How often a passage that stands still looks by itself whether its journey is paused; whoever resumes it tells it. */
const STALLED_LOOKS = 7 * 86_400_000;

/** Where a paused journey leaves it: a wait goes on until it comes due, and everything else stands still. */
function stall(input: TurnInput, enrolment: Enrolment, at: string, done: Collected): Enrolment {
  const { cursor } = enrolment;
  const isWaiting = cursor?.step === at && cursor.phase !== 'arriving';
  const kind = input.journey.nodes.get(at)?.step.type;
  if (isWaiting && (kind === 'wait' || kind === 'waitFor')) {
    const outcome = take(input, enrolment, done);
    if ('pause' in outcome) return looking(input, park(enrolment, outcome, input.now), done);
  }
  const still = isWaiting ? enrolment : interrupted(enrolment, at, input.now);
  if (!still.cursor) return still;
  const stalled = cursor?.step === at ? (cursor.stalled ?? input.now) : input.now;
  return {
    ...still,
    cursor: {
      ...{ ...still.cursor, ...turned(still.cursor.began, input.now) },
      ...{ stalled, lookAt: plusMillis(input.now, STALLED_LOOKS) },
    },
    next: 'pause',
  };
}

/** One scope for as long as the turn has changed nothing more on the contact: it shows the passage as it stands. */
function remembered(scope: TurnInput['scope']): TurnInput['scope'] {
  const known = new Map<Instant | undefined, { readonly changes: number; readonly scope: Scope }>();
  return (enrolment, changes, since) => {
    const before = known.get(since);
    if (before?.changes === changes.length) return before.scope;
    const made = scope(enrolment, changes, since);
    known.set(since, { changes: changes.length, scope: made });
    return made;
  };
}

const isFull = ({ messages, events, codes, calls }: Collected): boolean =>
  messages.length >= FULL.messages ||
  events.length >= FULL.events ||
  codes.length >= FULL.codes ||
  calls.length >= FULL.calls;

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
function begin(input: TurnInput, enrolment: Enrolment, step: string): void {
  if (enrolment.cursor?.step === step && enrolment.cursor.phase !== 'arriving') return;
  const visit = (ownOf(enrolment.visits, step) ?? 0) + 1;
  for (const id of Object.keys(enrolment.heard)) if (id.startsWith(`${step}/`)) delete enrolment.heard[id];
  if (enrolment.passes) keepPasses(enrolment, input.journey.nodes.get(step)?.within ?? [], step);
  enrolment.cursor = { step, visit, began: input.now, wakeAt: input.now };
}

/** The passes of the repeats that this step stands in, and of itself: who has left a repeat begins it anew. */
function keepPasses(enrolment: Enrolment, within: readonly string[], step: string): void {
  const kept = Object.entries(enrolment.passes ?? {}).filter(([id]) => id === step || within.includes(id));
  if (kept.length > 0) enrolment.passes = Object.fromEntries(kept);
  else delete enrolment.passes;
}

function take(input: TurnInput, enrolment: Enrolment, done: Collected): Outcome {
  const { cursor } = enrolment;
  const node = cursor ? input.journey.nodes.get(cursor.step) : undefined;
  if (!cursor || !node)
    throw new Error(`passage ${enrolment.id} stands on a step that version ${enrolment.version} does not have`);
  const waited = input.enrolment.cursor === cursor;
  // Only a waitFor looks from its beginning on; every other condition sees all that is kept.
  const here = input.scope(enrolment, done.changes, node.step.type === 'waitFor' ? cursor.began : undefined);
  // Asked once, on arriving: a repeat is arrived at again after each pass.
  const again = ownOf(enrolment.passes, cursor.step) !== undefined;
  if (!waited && !again && node.step.if && !evaluate(node.step.if, here)) {
    input.trace?.(node, 'passed-over', here);
    return { go: node.next };
  }
  // An edit has put it before a passage that has it behind itself.
  if (!waited && enrolment.passed?.includes(cursor.step)) return { go: node.next };
  const came = runStep(node.step, {
    journey: input.journey,
    now: input.now,
    zone: input.zone,
    scope: input.scope,
    arms: input.arms,
    enrolment,
    node,
    here,
    began: cursor.began,
    visit: cursor.visit,
    waiting: waited && !cursor.moved ? waitingOf(cursor) : undefined,
    stalled: input.enrolment.cursor?.stalled,
    saying: () => done.messages,
    send: (message) => done.messages.push(message),
    change: (change) => done.changes.push(change),
    emit: (event) => done.events.push(event),
    giving: () => done.codes,
    give: (code) => done.codes.push(code),
    lack: (pool) => done.lacking.push(pool),
    call: (call) => done.calls.push(call),
  });
  input.trace?.(node, came, here);
  return came;
}

/** What a step waits for that was there before this turn: it has begun, so it is not one that a full turn kept out. */
const waitingOf = ({ wakeAt, phase, from }: NonNullable<Enrolment['cursor']>): NonNullable<StepContext['waiting']> => ({
  wakeAt,
  from,
  ...(phase !== 'arriving' && { phase }),
});

function leave(
  enrolment: Enrolment,
  step: string,
  left: Extract<Outcome, { go: unknown }>['left'],
  said?: Effects['messages'][number],
): void {
  const pass = left?.['pass'];
  if (typeof pass === 'number') enrolment.passes = { ...enrolment.passes, [step]: pass };
  enrolment.visits[step] = enrolment.cursor?.visit ?? 1;
  if (left) enrolment.left[step] = left;
  if (said?.step === step) enrolment.messages[step] = said.id;
  enrolment.cursor = null;
}

/** Somebody who looks for passages that nobody wakes must know which have only just lain down again. */
const turned = (began: Instant, now: Instant): { turned?: Instant } => (began === now ? {} : { turned: now });

function park(enrolment: Enrolment, outcome: Extract<Outcome, { pause: Instant }>, now: Instant): Enrolment {
  const { cursor } = enrolment;
  if (!cursor) return enrolment;
  const { step, visit, began } = cursor;
  const { pause, phase, from, hold } = outcome;
  const waiting = {
    ...{ step, visit, began, wakeAt: pause, ...turned(began, now) },
    ...(phase && { phase }),
    ...(from !== undefined && { from }),
    ...(hold && { hold }),
  };
  return { ...enrolment, cursor: waiting, next: 'pause' };
}

/** The same passage, to be looked at before the end of its pause where time alone may end it. */
function looking(input: TurnInput, parked: Enrolment, { changes }: Collected): Enrolment {
  const { cursor } = parked;
  if (!cursor) return parked;
  const lookAt = lookAgainAt(input, parked, changes);
  return lookAt === undefined || lookAt >= cursor.wakeAt ? parked : { ...parked, cursor: { ...cursor, lookAt } };
}

/** Before this step: it begins with the next turn, which follows at once. */
const interrupted = (enrolment: Enrolment, step: string, now: Instant): Enrolment => ({
  ...enrolment,
  cursor: { step, visit: 0, began: now, wakeAt: now, phase: 'arriving' },
  next: 'pause',
});

const close = (enrolment: Enrolment, now: Instant, ending: Ending | undefined): Enrolment => ({
  ...enrolment,
  cursor: null,
  next: 'finished',
  ended: now,
  ...ending,
});
