import { destinationOf, OUT } from '#shared/enrolment/move.ts';
import { compile } from '#shared/journey/compile.ts';
import { hashOf } from '#shared/journey/frozen.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Checked } from './context.ts';
import { didYouMean } from './did-you-mean.ts';
import { figure } from './population.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';

/** What an edit says of those who are inside: where they go on, and whom it forgets. */
export function checkInside(checked: Checked): Remark[] {
  const { journey, source, context } = checked;
  if (!journey.publish) return [];
  // Nobody is moved by it once more: whoever pauses it need not look after those whom an edit has left behind.
  if (context.inside?.hash === hashOf(journey)) return [];
  const { inside, moved } = journey.publish;
  if (inside === 'move') return [...unknownPlaces(checked), ...forgotten(checked)];
  if (moved === undefined) return [];
  const text = `"moved" says where people go on, which is asked only with "inside": "move"; here it is "${inside}".`;
  return [remark(MISFIT, source.keyAt(['publish', 'moved']), text)];
}

function unknownPlaces({ journey, source, context, steps }: Checked): Remark[] {
  const ids = steps.map(({ step }) => step.id);
  return Object.entries(journey.publish?.moved ?? {}).flatMap(([from, to]) => {
    const path = ['publish', 'moved', from];
    const misfit = (text: string) => remark(MISFIT, source.keyAt(path), text);
    if (ids.includes(from))
      return [misfit(`"${from}" is still there, and who stands there goes on there. Remove it from "moved".`)];
    const gone = context.inside?.steps.filter((id) => !ids.includes(id));
    if (gone && !gone.includes(from))
      return [misfit(`No version of this journey had a step "${from}".${didYouMean(from, gone)}`)];
    if (to === OUT || ids.includes(to)) return [];
    return [remark('E15', source.at(path), `There is no step "${to}".${didYouMean(to, [...ids, OUT])}`)];
  });
}

/** Those who stand on a step that is gone, and of whom the edit says nothing. */
function forgotten({ journey, source, context }: Checked): Remark[] {
  const to = compile(journey, 0);
  return Object.entries(context.inside?.standing ?? {})
    .filter(([step, contacts]) => contacts > 0 && destinationOf(step, to, journey.publish?.moved) === undefined)
    .filter(([step]) => ownOf(journey.publish?.moved, step) === undefined)
    .map(([step, contacts]) => {
      const who = contacts === 1 ? '1 contact is' : `${figure(contacts)} contacts are`;
      const text = `${who} in "${step}", which is gone. Say in "moved" where they go on, or use "inside": "finish".`;
      return remark('E45', source.at(['publish', 'inside']), text);
    });
}
