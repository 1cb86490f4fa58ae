import type { Condition } from '#shared/condition/condition.ts';
import type { Checked } from './context.ts';
import { implies, isAlwaysFalse, isAlwaysTrue } from './logic.ts';
import { type Remark, remark } from './remarks.ts';
import type { ConditionPlace, StepPlace } from './walk.ts';

/** What can never happen, or happens to everybody at once, as far as the conditions alone tell. */
export const checkLogic = (checked: Checked): Remark[] => [
  ...checked.steps.flatMap((place) => cases(place, checked)),
  ...checked.conditions.flatMap((place) => hopeless(place, checked)),
  ...atOnce(checked),
  ...ownTrigger(checked),
];

function cases({ step, path }: StepPlace, { source }: Checked): Remark[] {
  if (step.type !== 'branch') return [];
  const said = step.cases.flatMap((one, i) => {
    // What is never true is switched off on purpose.
    const above = !isAlwaysFalse(one.if) && step.cases.slice(0, i).some((earlier) => implies(one.if, earlier.if));
    const name = one.name === undefined ? `case ${i + 1}` : `the case "${one.name}"`;
    const text = `Nobody reaches ${name}: the case above takes all of them. Put it above, or remove it.`;
    return above ? [remark('E30', source.at([...path, 'cases', i]), text)] : [];
  });
  const all = step.cases.some((one) => isAlwaysTrue(one.if)) && (step.otherwise?.length ?? 0) > 0;
  const text = 'Nobody reaches "otherwise": the cases above take all of them. Remove it.';
  return [...said, ...(all ? [remark('E30', source.keyAt([...path, 'otherwise']), text)] : [])];
}

/** Of a waitFor that asks for nothing that happens. */
export const isHopeless = ({ use, place, leaves }: ConditionPlace): boolean =>
  use === 'listen' && place !== undefined && leaves.every(({ leaf }) => 'now' in leaf || 'sample' in leaf);

function hopeless(place: ConditionPlace, { source }: Checked): Remark[] {
  if (!isHopeless(place)) return [];
  return [remark('E43', source.at(place.path), 'No event can make this true. Use "wait" with "until".')];
}

/** What is true of everybody who enters. */
function atTheDoor({ journey: { trigger, entry } }: Checked): Condition | undefined {
  const parts: Condition[] = entry?.if ? [entry.if] : [];
  if (trigger.type === 'schedule') parts.push({ segment: trigger.segment });
  if (trigger.type === 'segment') {
    parts.push(trigger.when === 'enters' ? { segment: trigger.segment } : { not: { segment: trigger.segment } });
  }
  return parts.length === 0 ? undefined : { all: parts };
}

/** Goals and exits count from entry on, unless they say otherwise: what was before it makes none of them true. */
function fromEntryOn(c: Condition): Condition {
  if ('all' in c) return { all: c.all.map(fromEntryOn) };
  if ('any' in c) return { any: c.any.map(fromEntryOn) };
  if ('not' in c) return { not: fromEntryOn(c.not) };
  const counts = 'event' in c || 'message' in c;
  return counts && c.since === undefined && c.within === undefined ? { ...c, since: 'entry' } : c;
}

function atOnce(checked: Checked): Remark[] {
  const { journey, source } = checked;
  const door = atTheDoor(checked);
  if (!door || isAlwaysFalse(door)) return [];
  const goal = journey.goal && implies(door, fromEntryOn(journey.goal.if));
  const reached =
    'Whoever enters has reached the goal already and would leave at once. Ask for something that comes later.';
  return [
    ...(goal ? [remark('E35', source.at(['goal', 'if']), reached)] : []),
    ...(journey.exits ?? []).flatMap((exit, i) => {
      const text = `Whoever enters would leave at once by exit ${i + 1}. Ask there for something that comes later.`;
      return implies(door, fromEntryOn(exit.if)) ? [remark('E36', source.at(['exits', i, 'if']), text)] : [];
    }),
  ];
}

/** `purchase` makes "purchases"; names of several words stay as they are. */
const several = (type: string): string => (/^[a-z]+$/.test(type) ? `${type}s` : `"${type}"`);

function ownTrigger({ journey, conditions, source }: Checked): Remark[] {
  const { trigger } = journey;
  // After a quiet time there was no such event for a while: that is not the one that counts.
  if (trigger.type !== 'event' || trigger.quietFor !== undefined || !journey.goal) return [];
  const types = [trigger.event].flat();
  const goal = conditions.find(({ path }) => path[0] === 'goal');
  return (goal?.leaves ?? []).flatMap(({ leaf, path }) => {
    const same = 'event' in leaf && !leaf.where && [leaf.event].flat().find((type) => types.includes(type));
    if (!same) return [];
    return [remark('W06', source.at(path), `Only later ${several(same)} count, not the one that starts it.`)];
  });
}
