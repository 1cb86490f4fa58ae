import type { Step, WaitStep } from '#shared/journey/journey.ts';
import { describeCondition } from './conditions.ts';
import { sendLines } from './send.ts';
import { sayDateTime, sayDuration, sayIso, sayMoment, sayWindow } from './times.ts';
import { sayUpdate } from './update.ts';
import { quoted, quotedList, sayValues } from './values.ts';

/** What each step does: a title, further lines, and what its arms are for. */

/** What an arm is called, and what has to be true for it. */
export type ArmWords = { readonly label: string; readonly condition?: string };

export type StepWords = {
  readonly title: string;
  readonly lines: readonly string[];
  /** One for each list of `armsOf`, in its order. */
  readonly arms?: readonly ArmWords[];
  /** The way on when the step's only arm is not taken. */
  readonly through?: string;
};
type StepOf<T extends Step['type']> = Extract<Step, { type: T }>;

const MOMENT_KEYS = ['trait', 'trigger', 'step', 'every', 'before', 'after'] as const;

function sayUntil(until: NonNullable<WaitStep['until']>): string {
  if (until === 'best') return 'their best hour';
  if (typeof until === 'string') return sayDateTime(until);
  // A window and a moment share "at" only.
  if (MOMENT_KEYS.some((key) => key in until)) return sayMoment(until);
  return `${until.at === undefined ? 'it is ' : ''}${sayWindow(until)}`;
}

const MISSED = 'if that day is missing, past or more than a year ahead:';

function sayWait({ for: time, until, missed }: WaitStep): StepWords {
  const long = time === undefined ? '' : ` ${sayDuration(time)}`;
  const then = until === undefined ? '' : `${time === undefined ? '' : ', then'} until ${sayUntil(until)}`;
  const otherwise = missed && `${MISSED} ${missed === 'end' ? 'end here' : 'go on'}`;
  return { title: `Wait${long}${then}`, lines: otherwise ? [otherwise] : [] };
}

function sayExperiment({ metric, winner }: NonNullable<StepOf<'split'>['experiment']>): string[] {
  const by = { goal: 'who reaches the goal', clicked: 'who clicks', answered: 'who answers' };
  const measured = typeof metric === 'string' ? by[metric] : `whether ${describeCondition(metric)}`;
  const end =
    winner === 'manual'
      ? 'a person picks the winner'
      : `from ${sayIso(winner.after)} on newcomers go to the winner, if it is certain to ${winner.confidence} %`;
  return [`an experiment, measured by ${measured}`, end];
}

const sayCase = ({ name, if: condition }: StepOf<'branch'>['cases'][number]): ArmWords => {
  const asked = `if ${describeCondition(condition)}`;
  return name === undefined ? { label: asked } : { label: name, condition: asked };
};

/** How each kind of step is said. A new one does not compile until it is. */
const STEPS: { readonly [T in Step['type']]: (step: StepOf<T>) => StepWords } = {
  send: (step) => ({ title: `Send ${quoted(step.template)}`, lines: sendLines(step) }),
  wait: sayWait,
  waitFor: ({ for: condition, upTo }) => ({
    title: `Wait until ${describeCondition(condition)}`,
    lines: [`at most ${sayDuration(upTo)}`],
    arms: [{ label: 'in time' }, { label: 'not in time' }],
  }),
  branch: ({ cases }) => ({
    title: 'The first that is true',
    lines: [],
    arms: [...cases.map(sayCase), { label: 'all others' }],
  }),
  split: ({ arms, experiment }) => ({
    title: 'Split at random',
    lines: experiment ? sayExperiment(experiment) : [],
    arms: arms.map(({ name, weight }) => ({ label: `${name}: ${weight} %` })),
  }),
  update: (step) => ({ title: 'Update the contact', lines: sayUpdate(step) }),
  coupon: ({ pool, valid }) => ({
    title: `Give a code of ${quoted(pool)}`,
    lines: valid === undefined ? [] : [`valid for ${sayIso(valid)}`],
    arms: [{ label: 'no code is left' }],
    through: 'with a code',
  }),
  call: ({ endpoint, body = {}, answer }) => ({
    title: `Call ${quoted(endpoint)}`,
    lines: [...sayValues(body).map((value) => `with ${value}`), ...(answer ? ['and wait for the answer'] : [])],
    arms: [{ label: 'it fails' }],
    through: 'done',
  }),
  emit: ({ event, data = {} }) => ({
    title: `Raise the event ${event}`,
    lines: sayValues(data).map((value) => `with ${value}`),
  }),
  enrol: ({ journey, data = {} }) => ({
    title: `Start the journey ${quoted(journey)}`,
    lines: sayValues(data).map((value) => `with ${value}`),
  }),
  leave: ({ journey }) => ({ title: `Take them out of ${quotedList(journey, 'and')}`, lines: [] }),
  repeat: ({ times, until }) => ({
    title: `Repeat ${times === 1 ? 'once' : `up to ${times} times`}`,
    lines: until ? [`until ${describeCondition(until)}`] : [],
    arms: [{ label: 'each time' }],
  }),
  skip: ({ to }) => ({ title: `Go on at ${quoted(to)}`, lines: [] }),
  end: ({ outcome }) => ({ title: outcome === undefined ? 'End' : `End as ${quoted(outcome)}`, lines: [] }),
};

/** What a step does, its `if`, name and note aside. */
export function sayStep<T extends Step['type']>(step: StepOf<T>): StepWords {
  const say: (step: StepOf<T>) => StepWords = STEPS[step.type];
  return say(step);
}
