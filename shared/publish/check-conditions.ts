import { checkComparison } from './check-kinds.ts';
import { checkLink } from './check-links.ts';
import { checkMessages } from './check-messages.ts';
import { checkEvents, checkNames, unknownName } from './check-names.ts';
import { checkReferences } from './check-references.ts';
import { isBeyondMemory } from './check-times.ts';
import type { Asking } from './context.ts';
import { type Remark, remark } from './remarks.ts';
import type { ConditionPlace, Leaf, LeafPlace } from './walk.ts';

/** What conditions and values refer to: names, messages and results of earlier steps, values that can be compared. */
export function checkConditions(asking: Asking): Remark[] {
  return [
    ...triggerSegment(asking),
    ...triggerEvent(asking),
    ...asking.conditions.flatMap((place) => condition(place, asking)),
    ...checkReferences(asking),
  ];
}

/** A journey whose segment is not there would start for nobody, and nobody would notice. */
function triggerSegment({ journey, context, source }: Asking): Remark[] {
  if (!journey || !('segment' in journey.trigger)) return [];
  const at = source.at(['trigger', 'segment']);
  return unknownName('segment', journey.trigger.segment, at, Object.keys(context.segments));
}

/** A slip of the pen in a trigger would start the journey for nobody. */
const triggerEvent = (asking: Asking): Remark[] =>
  asking.journey?.trigger.type === 'event'
    ? checkEvents(asking.journey.trigger.event, ['trigger', 'event'], asking)
    : [];

function condition(place: ConditionPlace, asking: Asking): Remark[] {
  const { leaves } = place;
  return [
    ...leaves.flatMap((leaf) => [
      ...checkMessages(leaf, place, asking),
      ...checkLink(leaf, asking),
      ...checkNames(leaf, asking),
      ...checkComparison(leaf, asking),
      ...memory(leaf, asking),
    ]),
    ...opensAlone(leaves, place, asking),
    ...tooEarly(leaves, place, asking),
  ];
}

const SINCE = /^(?:now|today)-(P.+)$/;

function memory({ leaf, path }: LeafPlace, { source }: Asking): Remark[] {
  if (!('event' in leaf || 'message' in leaf)) return [];
  const since = typeof leaf.since === 'string' ? SINCE.exec(leaf.since)?.[1] : undefined;
  const text = 'Events are kept for 400 days. For longer, fold a trait in settings.';
  return [
    ...(isBeyondMemory(leaf.within) ? [remark('E26', source.at([...path, 'within']), text)] : []),
    ...(isBeyondMemory(since) ? [remark('E26', source.at([...path, 'since']), text)] : []),
  ];
}

const onlyOpened = (leaf: Leaf): boolean =>
  'message' in leaf && [leaf.is].flat().every((status) => status === 'opened');

function opensAlone(leaves: readonly LeafPlace[], place: ConditionPlace, { source }: Asking): Remark[] {
  const [leaf, ...others] = leaves;
  if (!leaf || others.length > 0 || !onlyOpened(leaf.leaf)) return [];
  const who = place.place ? `"${place.place.step.id}"` : 'This';
  const text = `${who} decides on opens alone, and mail programs open by themselves. Add clicks or visits.`;
  return [remark('W07', source.at(leaf.path), text)];
}

/** Asked in the very moment of sending. */
function tooEarly(leaves: readonly LeafPlace[], { place, use }: ConditionPlace, { source }: Asking): Remark[] {
  const sent = place?.previous;
  if (use !== 'ask' || sent?.type !== 'send') return [];
  return leaves
    .filter(({ leaf }) => 'message' in leaf && leaf.message === sent.id)
    .map(({ path }) => remark('W03', source.at(path), `Nothing can have happened to "${sent.id}" yet. Use "waitFor".`));
}
