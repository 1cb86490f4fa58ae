import type { Step } from '#shared/journey/journey.ts';
import type { Checked } from './context.ts';
import { meantOr } from './did-you-mean.ts';
import type { Path } from './parse.ts';
import { type Remark, remark } from './remarks.ts';
import { isWait, takesTime } from './takes-time.ts';
import { listsOf, type StepPlace } from './walk.ts';

/** Which ways lead through a journey: what nobody reaches, where one may skip to, what repeats without a pause. */
export function checkWays(checked: Checked): Remark[] {
  const { journey, steps } = checked;
  const targets = new Set(steps.flatMap(({ step }) => (step.type === 'skip' ? [step.to] : [])));
  const lists = [
    { list: journey.steps, path: ['steps'] },
    ...steps.flatMap(({ step, path }) =>
      listsOf(step).map((inner) => ({ list: inner.steps, path: [...path, ...inner.path] })),
    ),
  ];
  return [
    ...lists.flatMap(({ list, path }) => unreached(list, path, targets, checked)),
    ...steps.flatMap((place) => [...skip(place, checked), ...repeat(place, checked)]),
  ];
}

type Targets = ReadonlySet<string>;

/** Whether anybody comes out at the end of a list, going on from step to step. */
const fallsThrough = (list: readonly Step[], targets: Targets): boolean =>
  list.reduce((reached, step) => (reached || targets.has(step.id)) && !ends(step, targets), true);

/** Whether no passage goes on behind this step. */
function ends(step: Step, targets: Targets): boolean {
  if (step.if) return false;
  if (step.type === 'end' || step.type === 'skip') return true;
  const everyArm = () => listsOf(step).every(({ steps }) => !fallsThrough(steps, targets));
  if (step.type === 'branch') return step.otherwise !== undefined && everyArm();
  if (step.type === 'repeat') return step.until === undefined && everyArm();
  return (step.type === 'split' || step.type === 'waitFor') && everyArm();
}

/** Only the first step that nobody reaches is named. */
function unreached(list: readonly Step[], path: Path, targets: Targets, { source }: Checked): Remark[] {
  let open = true;
  for (const [i, step] of list.entries()) {
    open ||= targets.has(step.id);
    if (!open)
      return [
        remark(
          'E29',
          source.at([...path, i]),
          `Nobody reaches "${step.id}": every way before it ends. Move it up, or remove it.`,
        ),
      ];
    open = !ends(step, targets);
  }
  return [];
}

const listOf = (path: Path): Path => path.slice(0, -1);
const isWithin = (path: Path, list: Path): boolean => list.every((part, i) => path[i] === part);

function skip({ step, path }: StepPlace, { steps, source }: Checked): Remark[] {
  if (step.type !== 'skip') return [];
  const at = source.at([...path, 'to']);
  const target = steps.find((place) => place.step.id === step.to);
  if (!target) {
    const ids = steps.map((place) => place.step.id).filter((id) => id !== step.id);
    return [remark('E15', at, `There is no step "${step.to}".${meantOr(step.to, ids)}`)];
  }
  const list = listOf(target.path);
  if (!isWithin(path, list)) {
    const text = `"${step.to}" lies inside another arm; one can skip to a later step of this list or of one around it.`;
    return [remark('E32', at, text)];
  }
  // The step of the target's list that this one stands in, or is.
  const here = Number(path[list.length]);
  if (Number(target.path.at(-1)) > here) return [];
  const text = `"skip" goes forward only; "${step.to}" is above. To do it again use "repeat".`;
  return [remark('E31', at, text)];
}

function repeat({ step, path }: StepPlace, { steps, source }: Checked): Remark[] {
  if (step.type !== 'repeat' || takesTime(step.steps)) return [];
  const sends = steps.filter((place) => isWithin(place.path, path) && place.step.type === 'send').length;
  const much = sends > 0 ? `send ${sends * step.times} messages at once` : `run ${step.times} times in one moment`;
  const waits = steps.some((place) => isWithin(place.path, path) && isWait(place.step));
  const text = waits
    ? `"${step.id}" can ${much}: not every way through it takes time. Put a wait with "for" into it.`
    : `"${step.id}" would ${much}. Put a wait into it.`;
  return [remark('E33', source.at(path), text)];
}
