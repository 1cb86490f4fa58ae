import type { Step } from '#shared/journey/journey.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import type { Checked } from './context.ts';
import { fieldsOf } from './kinds.ts';
import type { Path } from './parse.ts';
import { type Remark, remark } from './remarks.ts';
import type { StepPlace } from './walk.ts';

/** What is allowed and mostly not meant. */
export const checkHabits = (checked: Checked): Remark[] => [
  ...checked.steps.flatMap((place) => afterwards(place, checked)),
  ...manyAsOne(checked),
  ...control(checked),
];

const isWithin = (path: Path, list: Path): boolean => list.every((part, i) => path[i] === part);

/** A send where consent has just been withdrawn for certain. */
function afterwards({ step, path }: StepPlace, { journey, steps, context, source }: Checked): Remark[] {
  if (step.type !== 'send') return [];
  const topic = step.topic ?? journey.topic ?? 'marketing';
  if (kindOfTopic(context.settings, topic) !== 'marketing') return [];
  const denied = steps.some((other) => {
    const list = other.path.slice(0, -1);
    const earlier = isWithin(path, list) && Number(other.path.at(-1)) < Number(path[list.length]);
    const inside = isWithin(path, other.path) && isArmOfRefusal(other.step, path.slice(other.path.length), topic);
    return inside || (earlier && !other.step.if && withdraws(other.step, topic));
  });
  if (!denied) return [];
  return [remark('W02', source.at(path), `"${step.id}" follows the withdrawal of consent and will never be sent.`)];
}

const withdraws = (step: Step, topic: string): boolean =>
  step.type === 'update' && (step.consent?.['marketing'] !== undefined || step.consent?.[topic] !== undefined);

/** The arm for who has just unsubscribed. */
function isArmOfRefusal(step: Step, [list, position]: Path, topic: string): boolean {
  const condition =
    step.type === 'waitFor' && list === 'then'
      ? step.for
      : step.type === 'branch' && list === 'cases'
        ? step.cases[Number(position)]?.if
        : undefined;
  if (!condition) return false;
  if ('message' in condition) return condition.is === 'unsubscribed';
  if ('event' in condition) return condition.event === 'unsubscribed' && !condition.where;
  return 'consent' in condition && condition.is === 'denied' && [topic, 'marketing'].includes(condition.consent);
}

/** `orderId` tells orders apart. */
const ID = /^([a-z]+)Id$/;

function manyAsOne({ journey, context, source }: Checked): Remark[] {
  const { trigger, entry } = journey;
  if (trigger.type !== 'event' || trigger.quietFor === undefined || entry?.key !== undefined) return [];
  const types = [trigger.event].flat();
  const fields = types.length === 1 ? fieldsOf(context.settings, types) : undefined;
  // Of what is looked at, most belongs to nothing: only what the event itself is about is kept apart.
  const id = fields?.find((field) => types[0]?.startsWith(`${ID.exec(field)?.[1]}.`));
  const [, thing] = ID.exec(id ?? '') ?? [];
  if (id === undefined || thing === undefined) return [];
  const text = `Several ${thing}s of one contact are taken as one. "key": "${id}" keeps them apart.`;
  return [remark('W11', source.at(['trigger', 'quietFor']), text)];
}

function control({ journey, source }: Checked): Remark[] {
  if (journey.goal || !journey.entry?.holdout) return [];
  return [remark('W13', source.at(['entry', 'holdout']), 'A control group without a goal measures nothing.')];
}
