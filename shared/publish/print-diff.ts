import { isSame, type JourneyDiff, type StepChange } from '#shared/journey/diff.ts';
import type { StepPosition } from '#shared/journey/positions.ts';

/** What differs between two versions, to be read: `+` is new, `-` is gone, `~` is otherwise. */
export function printDiff(diff: JourneyDiff): string[] {
  if (isSame(diff)) return ['Nothing that acts on customers differs.'];
  const steps = diff.steps.flatMap(stepLines);
  return [
    ...diff.rules.flatMap(({ row, before, after }) => [row, ...reworded(before, after, '  ')]),
    ...(steps.length > 0 ? ['Steps', ...steps] : []),
  ];
}

const reworded = (before: readonly string[], after: readonly string[], indent: string): string[] => [
  ...before.map((line) => `${indent}- ${line}`),
  ...after.map((line) => `${indent}+ ${line}`),
];

const MARKS = { added: '+', removed: '-', changed: '~' } as const;

function stepLines(one: StepChange): string[] {
  const head = `  ${MARKS[one.change]} ${one.step}`;
  if (one.change !== 'changed') return [`${head}: ${one.says}`];
  const moved = one.moved && `was ${sayPosition(one.moved.from)}, is ${sayPosition(one.moved.to)}`;
  return [`${head}${moved ? `: ${moved}` : ''}`, ...reworded(one.before, one.after, '      ')];
}

function sayPosition({ within, arm, behind }: StepPosition): string {
  const list = within === undefined ? '' : `in "${within}"${arm === undefined ? '' : ` (${arm})`}`;
  if (behind !== undefined) return `behind "${behind}"${list && ` ${list}`}`;
  return list ? `first ${list}` : 'the first step';
}
