import { headerOf } from '#shared/diagram/header.ts';
import { describeCondition } from '#shared/diagram/words/conditions.ts';
import { sayStep } from '#shared/diagram/words/steps.ts';
import { quoted } from '#shared/diagram/words/values.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Journey, Step } from './journey.ts';
import { movedSteps, placedSteps, type StepPosition } from './positions.ts';

/** What was said before and is not said any more, and the other way round: lines in plain English. */
type Reworded = { readonly before: readonly string[]; readonly after: readonly string[] };

/** A rule beside the steps: the trigger, the entry, the goal, an exit, ... `row` is how the picture of a journey calls it. */
export type RuleChange = Reworded & { readonly row: string };

export type StepChange = {
  readonly step: string;
  readonly type: string;
  readonly says: string;
} & (
  | { readonly change: 'added' | 'removed' }
  | ({
      readonly change: 'changed';
      /** Keys of the step that are written otherwise; none of a step that was only moved. */
      readonly keys: readonly string[];
      /** Where it stands now, if not where it stood. */
      readonly moved?: { readonly from: StepPosition; readonly to: StepPosition };
    } & Reworded)
);

/** What differs between two versions of a journey. Notes act on nobody and are not compared. */
export type JourneyDiff = { readonly rules: readonly RuleChange[]; readonly steps: readonly StepChange[] };

/** Steps are the same step by their id alone. Those of the new version come first, in its order; then those that are gone. */
export function diffJourneys(before: Journey, after: Journey): JourneyDiff {
  const [then, now] = [placedSteps(before, after), placedSteps(after, before)];
  const moved = movedSteps(then, now);
  const here = [...now.values()].flatMap(({ step, position }): StepChange[] => {
    const known = then.get(step.id);
    if (!known) return [{ ...named(step), change: 'added' }];
    const where = moved.has(step.id) && { moved: { from: known.position, to: position } };
    const keys = differing(known.step, step);
    if (keys.length === 0 && !where) return [];
    return [{ ...named(step), change: 'changed', keys, ...reworded(known.step, step, keys), ...where }];
  });
  const gone = [...then.values()].filter(({ step }) => !now.has(step.id));
  return {
    rules: rulesOf(before, after),
    steps: [...here, ...gone.map(({ step }): StepChange => ({ ...named(step), change: 'removed' }))],
  };
}

export const isSame = ({ rules, steps }: JourneyDiff): boolean => rules.length + steps.length === 0;

const named = (step: Step) => ({ step: step.id, type: step.type, says: step.name ?? sayStep(step).title });

/** Lists of steps are compared by the steps in them. */
const LISTS = new Set(['steps', 'then', 'otherwise']);
const UNSAID = new Set([...LISTS, 'id', 'note']);
/** What is in them is the shop's own, whatever it is called. */
const VALUES = new Set(['data', 'set', 'append', 'remove', 'body']);

function differing(before: Step, after: Step): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !UNSAID.has(name) && written(before, name) !== written(after, name));
}

/** A part of a step as it is written, whatever the order of its keys, without its notes and the steps in it. */
const written = (step: Step, name: string): string | undefined =>
  JSON.stringify(ownOf<unknown>({ ...step }, name), (key, member: unknown) => {
    if (!VALUES.has(name) && (key === 'note' || LISTS.has(key))) return undefined;
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

function linesOf(step: Step): string[] {
  const { title, lines, arms = [] } = sayStep(step);
  return [
    ...(step.name === undefined ? [] : [`called ${quoted(step.name)}`]),
    ...(step.if ? [`only if ${describeCondition(step.if)}`] : []),
    title,
    ...lines,
    ...arms.map(({ label, condition }) => (condition === undefined ? label : `${label}: ${condition}`)),
  ];
}

/** What words do not tell apart is shown as it is written. */
function reworded(before: Step, after: Step, keys: readonly string[]): Reworded {
  const said = onlyIn(linesOf(before), linesOf(after));
  if (said.before.length + said.after.length > 0 || keys.length === 0) return said;
  const raw = (step: Step) => keys.map((key) => `${key}: ${written(step, key) ?? 'nothing'}`);
  return { before: raw(before), after: raw(after) };
}

/** All of it where only the order is another. */
function onlyIn(before: readonly string[], after: readonly string[]): Reworded {
  const gone = before.filter((line) => !after.includes(line));
  const fresh = after.filter((line) => !before.includes(line));
  if (gone.length + fresh.length > 0) return { before: gone, after: fresh };
  return before.join('\n') === after.join('\n') ? NOTHING : { before, after };
}
const NOTHING: Reworded = { before: [], after: [] };

function rulesOf(before: Journey, after: Journey): RuleChange[] {
  const [then, now] = [rows(before), rows(after)];
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((row) => {
    const said = onlyIn(then.get(row) ?? [], now.get(row) ?? []);
    return said.before.length + said.after.length === 0 ? [] : [{ row, ...said }];
  });
}

const rows = (journey: Journey): ReadonlyMap<string, readonly string[]> =>
  new Map([['Name', [journey.name]], ...headerOf(journey).map(({ label, lines }) => [label, lines] as const)]);
