import { checkComparison } from './check-kinds.ts';
import { checkLink } from './check-links.ts';
import { checkEvents, checkNames, unknownName } from './check-names.ts';
import { checkReferences } from './check-references.ts';
import { isBeyondMemory } from './check-times.ts';
import type { Asking } from './context.ts';
import { meantOr } from './did-you-mean.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';
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
      ...ownMessage(leaf, place, asking),
      ...linkWithoutClick(leaf, asking),
      ...checkLink(leaf, asking),
      ...checkNames(leaf, asking),
      ...checkComparison(leaf, asking),
      ...memory(leaf, asking),
    ]),
    ...opensAlone(leaves, place, asking),
    ...tooEarly(leaves, place, asking),
  ];
}

const namesOwnStep = (message: string): boolean => message !== 'any' && !message.includes('/');

function ownMessage({ leaf, path }: LeafPlace, place: ConditionPlace, { steps, source }: Asking): Remark[] {
  if (!('message' in leaf) || !namesOwnStep(leaf.message)) return [];
  const at = source.at([...path, 'message']);
  const sends = steps.filter(({ step }) => step.type === 'send').map(({ step }) => step.id);
  if (!sends.includes(leaf.message)) {
    return [remark('E24', at, `There is no send step "${leaf.message}".${meantOr(leaf.message, sends)}`)];
  }
  if (!place.before || place.before().has(leaf.message)) return [];
  return [
    remark(
      'E24',
      at,
      `"${leaf.message}" is not sent on the way to this step, so nothing can have happened to it. Ask below it.`,
    ),
  ];
}

function linkWithoutClick({ leaf, path }: LeafPlace, { source }: Asking): Remark[] {
  if (!('message' in leaf) || leaf.link === undefined) return [];
  const asked = [leaf.is ?? leaf.isNot ?? 'sent'].flat();
  if (asked.every((status) => status === 'clicked')) return [];
  return [
    remark(
      MISFIT,
      source.keyAt([...path, 'link']),
      '"link" goes with "clicked": only a click is on a link. Say "is": "clicked", or take it out.',
    ),
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
