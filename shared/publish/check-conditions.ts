import { ownOf } from '#shared/own-of.ts';
import { isBeyondMemory } from './check-times.ts';
import type { Checked } from './context.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Reference, referencesIn } from './references.ts';
import { type Remark, remark } from './remarks.ts';
import { type ConditionPlace, type Leaf, type LeafPlace, leavesOf } from './walk.ts';

/** What conditions and values refer to: messages and results of earlier steps, known topics, comparable traits. */
export function checkConditions(checked: Checked): Remark[] {
  return [...checked.conditions.flatMap((place) => condition(place, checked)), ...references(checked)];
}

function condition(place: ConditionPlace, checked: Checked): Remark[] {
  const leaves = leavesOf(place.condition, place.path, place.use);
  return [
    ...leaves.flatMap((leaf) => [
      ...ownMessage(leaf, place, checked),
      ...consent(leaf, checked),
      ...comparison(leaf, checked),
      ...memory(leaf, checked),
    ]),
    ...opensAlone(leaves, place, checked),
    ...tooEarly(leaves, place, checked),
  ];
}

const namesOwnStep = (message: string): boolean => message !== 'any' && !message.includes('/');

function ownMessage({ leaf, path }: LeafPlace, place: ConditionPlace, { steps, source }: Checked): Remark[] {
  if (!('message' in leaf) || !namesOwnStep(leaf.message)) return [];
  const at = source.at([...path, 'message']);
  const sends = steps.filter(({ step }) => step.type === 'send').map(({ step }) => step.id);
  if (!sends.includes(leaf.message)) {
    return [remark('E24', at, `There is no send step "${leaf.message}".${didYouMean(leaf.message, sends)}`)];
  }
  if (!place.before || place.before.has(leaf.message)) return [];
  return [
    remark('E24', at, `"${leaf.message}" is not sent on the way to this step, so nothing can have happened to it.`),
  ];
}

function consent({ leaf, path }: LeafPlace, { context, source }: Checked): Remark[] {
  if (!('consent' in leaf)) return [];
  const names = ['marketing', ...Object.keys(context.settings.topics)];
  if (names.includes(leaf.consent)) return [];
  const text = `There is no topic "${leaf.consent}".${didYouMean(leaf.consent, names)}`;
  return [remark('E15', source.at([...path, 'consent']), text)];
}

const NUMERIC = ['gt', 'gte', 'lt', 'lte'] as const;
const NOT_NUMBERS: Readonly<Record<string, string>> = {
  text: 'a text',
  texts: 'a list of texts',
  flag: 'true or false',
  date: 'a date',
  duration: 'a duration',
};

function comparison({ leaf, path }: LeafPlace, { context, source }: Checked): Remark[] {
  if (!('trait' in leaf)) return [];
  const declared = ownOf(context.settings.traits, leaf.trait);
  const kind = typeof declared === 'string' ? NOT_NUMBERS[declared] : undefined;
  const operator = NUMERIC.find((op) => leaf[op] !== undefined);
  if (!kind || !operator) return [];
  return [
    remark('E19', source.keyAt([...path, operator]), `"${leaf.trait}" is ${kind}; "${operator}" compares numbers.`),
  ];
}

function memory({ leaf, path }: LeafPlace, { source }: Checked): Remark[] {
  const within = 'event' in leaf || 'message' in leaf ? leaf.within : undefined;
  if (!isBeyondMemory(within)) return [];
  const text = 'Events are kept for 400 days. For longer, fold a trait in settings.';
  return [remark('E26', source.at([...path, 'within']), text)];
}

const onlyOpened = (leaf: Leaf): boolean =>
  'message' in leaf && [leaf.is].flat().every((status) => status === 'opened');

function opensAlone(leaves: readonly LeafPlace[], place: ConditionPlace, { source }: Checked): Remark[] {
  const [leaf, ...others] = leaves;
  if (!leaf || others.length > 0 || !onlyOpened(leaf.leaf)) return [];
  const who = place.place ? `"${place.place.step.id}"` : 'This';
  const text = `${who} decides on opens alone, and mail programs open by themselves. Add clicks or visits.`;
  return [remark('W07', source.at(leaf.path), text)];
}

/** Asked in the very moment of sending. */
function tooEarly(leaves: readonly LeafPlace[], { place, use }: ConditionPlace, { source }: Checked): Remark[] {
  const sent = place?.previous;
  if (use !== 'ask' || sent?.type !== 'send') return [];
  return leaves
    .filter(({ leaf }) => 'message' in leaf && leaf.message === sent.id)
    .map(({ path }) => remark('W03', source.at(path), `Nothing can have happened to "${sent.id}" yet. Use "waitFor".`));
}

function references(checked: Checked): Remark[] {
  const { journey, steps, conditions } = checked;
  const { trigger, entry, goal, exits } = journey;
  const nothing: ReadonlySet<string> = new Set();
  const everything = new Set(steps.map(({ step }) => step.id));
  return [
    ...referencesIn(trigger, ['trigger']).flatMap((r) => reference(r, nothing, checked)),
    ...referencesIn(entry ?? {}, ['entry']).flatMap((r) => reference(r, nothing, checked)),
    ...referencesIn(goal ?? {}, ['goal']).flatMap((r) => reference(r, everything, checked)),
    ...referencesIn(exits ?? [], ['exits']).flatMap((r) => reference(r, everything, checked)),
    ...steps.flatMap(({ step, path, before }) =>
      referencesIn(step, path).flatMap((r) => reference(r, before, checked)),
    ),
    ...conditions.flatMap(({ condition: c, path, before, use }) =>
      referencesIn(c, path, use === 'where').flatMap((r) => reference(r, before ?? everything, checked)),
    ),
  ];
}

function reference(r: Reference, before: ReadonlySet<string>, { steps, source }: Checked): Remark[] {
  const at = source.at(r.path);
  if (r.kind === 'data') {
    const text = '"data" is for the events inside "where". Here it is "trigger".';
    return r.inWhere ? [] : [remark('E22', at, text)];
  }
  const [id = ''] = r.to.split('.');
  if (before.has(id)) return [];
  const ids = steps.map(({ step }) => step.id);
  if (!ids.includes(id)) return [remark('E25', at, `There is no step "${id}".${didYouMean(id, ids)}`)];
  return [remark('E25', at, `"${id}" does not come before this step, so what it leaves is not there.`)];
}
