import type { Checked } from './context.ts';
import { MISFIT, OVER_LIMIT, type Position, type Remark, remark } from './remarks.ts';
import type { StepPlace } from './walk.ts';

/** Words with a meaning of their own wherever a step's id can stand. */
const RESERVED = ['any', 'entry', 'now', 'today', 'trigger'];
/** Outcomes that the system gives itself. */
const OWN_OUTCOMES = [
  'finished',
  'left',
  'unsubscribed',
  'erased',
  'restarted',
  'replaced',
  'merged',
  'archived',
  'held',
];
const DEEPEST = 8;
const MOST_STEPS = 200;

/** What holds of the steps by themselves: ids, limits, splits, ends, outcomes. */
export function checkSteps(checked: Checked): Remark[] {
  const { steps, source } = checked;
  const tooMany = steps.length > MOST_STEPS;
  return [
    ...(tooMany
      ? [
          remark(
            OVER_LIMIT,
            source.at(['steps']),
            `A journey has at most ${MOST_STEPS} steps. Put some into a journey of their own, and "enrol" into it.`,
          ),
        ]
      : []),
    ...ids(checked),
    ...outcomes(checked),
    ...steps.flatMap((place) => [...depth(place, checked), ...split(place, checked)]),
  ];
}

function ids({ steps, source }: Checked): Remark[] {
  const first = new Map<string, Position>();
  return steps.flatMap(({ step, path }) => {
    const at = source.at([...path, 'id']);
    if (RESERVED.includes(step.id)) {
      return [
        remark('E05', at, `"${step.id}" has a meaning of its own and cannot be an id. How about "${step.id}-step"?`),
      ];
    }
    const before = first.get(step.id);
    if (before === undefined) {
      first.set(step.id, at);
      return [];
    }
    const text = `The id "${step.id}" is used twice (lines ${before.line} and ${at.line}). Ids tell steps apart in reports and when you edit.`;
    return [remark('E04', at, text)];
  });
}

function depth({ step, path, depth: deep }: StepPlace, { source }: Checked): Remark[] {
  if (deep !== DEEPEST + 1) return [];
  return [
    remark(
      OVER_LIMIT,
      source.at(path),
      `"${step.id}" stands ${deep} lists deep; ${DEEPEST} is the limit. Put the inner ones into a journey of their own, and "enrol" into it.`,
    ),
  ];
}

function split({ step, path }: StepPlace, { source }: Checked): Remark[] {
  if (step.type !== 'split') return [];
  const at = source.at([...path, 'arms']);
  const sum = step.arms.reduce((total, arm) => total + arm.weight, 0);
  const names = step.arms.map((arm) => arm.name);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  return [
    ...(step.arms.length === 1
      ? [remark('E28', at, `"${step.id}" has one arm; nothing is split. Add another, or take the split out.`)]
      : []),
    // A hundredth of a percent, so that three thirds of 33.33 and 33.34 are a whole.
    ...(Math.abs(sum - 100) > 1e-6
      ? [remark('E27', at, `The arms of "${step.id}" add up to ${Number(sum.toFixed(6))}. They must make 100.`)]
      : []),
    ...(twice >= 0
      ? [remark(MISFIT, source.at([...path, 'arms', twice, 'name']), `"${step.id}" has two arms "${names[twice]}".`)]
      : []),
  ];
}

function outcomes({ journey, steps, source }: Checked): Remark[] {
  const labels = [
    ...(journey.exits ?? []).map((exit, i) => ({ label: exit.outcome, path: ['exits', i, 'outcome'] })),
    ...steps.map(({ step, path }) => ({
      label: step.type === 'end' ? step.outcome : undefined,
      path: [...path, 'outcome'],
    })),
  ];
  return labels.flatMap(({ label, path }) => {
    if (label === 'converted')
      return [remark('E48', source.at(path), '"converted" is the goal\'s word. Choose another.')];
    if (label === undefined || !OWN_OUTCOMES.includes(label)) return [];
    return [remark('E48', source.at(path), `"${label}" is an outcome that has a meaning of its own. Choose another.`)];
  });
}
