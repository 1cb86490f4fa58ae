import { armsOf } from '#shared/journey/compile.ts';
import type { Journey, Step } from '#shared/journey/journey.ts';
import { headerOf, type Row } from './header.ts';
import { type Numbers, sayNumbers } from './numbers.ts';
import { plain } from './plain.ts';
import { describeCondition } from './words/conditions.ts';
import { type ArmWords, type StepWords, sayStep } from './words/steps.ts';

/** A journey as a tree of words: what every form of it, drawn or printed, shows. */

export type Line = { readonly text: string; readonly tone: 'if' | 'plain' | 'note' };
export type Arm = { readonly label: string; readonly condition?: string; readonly items: readonly Item[] };
export type Item = {
  readonly id: string;
  readonly type: Step['type'];
  readonly title: string;
  readonly lines: readonly Line[];
  readonly arms: readonly Arm[];
  /** Whether a passage can come from here to what stands below. */
  readonly goesOn: boolean;
  /** The step below that a skip leads to. */
  readonly skipTo?: string;
  readonly counts: readonly string[];
};
export type Outline = {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly Row[];
  readonly items: readonly Item[];
};

export const goOn = (items: readonly Item[]): boolean => items.at(-1)?.goesOn ?? true;

type Around = { readonly later: ReadonlySet<string>; readonly numbers: Numbers; readonly journey: string };

const line = (tone: Line['tone'], text: string | undefined): Line[] =>
  text === undefined || plain(text) === '' ? [] : [{ tone, text: plain(text) }];

function linesOf(step: Step, words: StepWords, around: Around): Line[] {
  const lost = step.type === 'skip' && !around.later.has(step.to);
  return [
    ...line('if', step.if && `only if ${describeCondition(step.if)}`),
    ...(step.name === undefined ? [] : line('plain', words.title)),
    ...words.lines.flatMap((text) => line('plain', text)),
    ...line('plain', lost ? 'there is no such step further down' : undefined),
    ...line('note', step.note),
  ];
}

function armLabel({ label, condition }: ArmWords = { label: '' }): { label: string; condition?: string } {
  return { label: plain(label), ...(condition !== undefined && { condition: plain(condition) }) };
}

function armsIn(step: Step, { arms: labels = [], through }: StepWords, around: Around): Arm[] {
  const lists = armsOf(step).map(([, steps]) => itemsOf(steps, around));
  // Arms in which nothing happens are not worth a fork, unless their shares or conditions tell something.
  if (lists.every((items) => items.length === 0) && step.type !== 'split' && step.type !== 'branch') return [];
  const straight: Arm[] = through === undefined ? [] : [{ label: through, items: [] }];
  const arms = [...straight, ...lists.map((items, i) => ({ ...armLabel(labels[i]), items }))];
  const passable = step.if !== undefined || (step.type === 'repeat' && step.until !== undefined);
  const over: Arm[] = passable && !arms.some((arm) => goOn(arm.items)) ? [{ label: 'passed over', items: [] }] : [];
  return [...arms, ...over];
}

function goesOn(step: Step, arms: readonly Arm[], journey: string): boolean {
  if (arms.length > 0) return arms.some((arm) => goOn(arm.items));
  const ends =
    step.type === 'end' || step.type === 'skip' || (step.type === 'leave' && [step.journey].flat().includes(journey));
  return step.if !== undefined || !ends;
}

function itemOf(step: Step, around: Around): Item {
  const words = sayStep(step);
  const arms = armsIn(step, words, around);
  const numbers = Object.hasOwn(around.numbers, step.id) ? around.numbers[step.id] : undefined;
  return {
    id: step.id,
    type: step.type,
    title: plain(step.name ?? '') || plain(words.title),
    lines: linesOf(step, words, around),
    arms,
    goesOn: goesOn(step, arms, around.journey),
    ...(step.type === 'skip' && around.later.has(step.to) && { skipTo: step.to }),
    counts: numbers ? sayNumbers(numbers) : [],
  };
}

const itemsOf = (steps: readonly Step[], around: Around): Item[] =>
  steps.map((step, i) => {
    const below = steps.slice(i + 1).map(({ id }) => id);
    return itemOf(step, { ...around, later: new Set([...below, ...around.later]) });
  });

/** What is shown of a journey; numbers of steps that it does not have are left out. */
export function outline(journey: Journey, numbers: Numbers = {}): Outline {
  const note = plain(journey.note ?? '');
  return {
    id: journey.id,
    title: plain(journey.name) || journey.id,
    ...(note && { note }),
    rows: headerOf(journey),
    items: itemsOf(journey.steps, { later: new Set(), numbers, journey: journey.id }),
  };
}
