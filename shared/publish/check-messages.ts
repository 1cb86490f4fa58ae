import { ownOf } from '#shared/own-of.ts';
import { unknownName } from './check-names.ts';
import type { Asking } from './context.ts';
import { meantOr } from './did-you-mean.ts';
import { MISFIT, type Position, type Remark, remark } from './remarks.ts';
import type { ConditionPlace, LeafPlace } from './walk.ts';

/** What a leaf asks of messages: whether there are such ones, here or in another journey. */
export const checkMessages = (leaf: LeafPlace, place: ConditionPlace, asking: Asking): Remark[] => [
  ...named(leaf, place, asking),
  ...linkWithoutClick(leaf, asking),
];

function named({ leaf, path }: LeafPlace, place: ConditionPlace, asking: Asking): Remark[] {
  if (!('message' in leaf) || leaf.message === 'any') return [];
  const at = asking.source.at([...path, 'message']);
  const [journey = '', step] = leaf.message.split('/');
  return step === undefined ? ownMessage(leaf.message, at, place, asking) : messageOf(journey, step, at, asking);
}

const sendsOf = ({ steps }: Asking): string[] => steps.flatMap(({ step }) => (step.type === 'send' ? [step.id] : []));

function ownMessage(message: string, at: Position, place: ConditionPlace, asking: Asking): Remark[] {
  const sends = sendsOf(asking);
  if (!sends.includes(message)) {
    return [remark('E24', at, `There is no send step "${message}".${meantOr(message, sends)}`)];
  }
  if (!place.before || place.before().has(message)) return [];
  return [
    remark(
      'E24',
      at,
      `"${message}" is not sent on the way to this step, so nothing can have happened to it. Ask below it.`,
    ),
  ];
}

/** `journey/step`: nobody would ever have got a message of a step that is not there. */
function messageOf(id: string, step: string, at: Position, asking: Asking): Remark[] {
  const { journeys, coming = [], archived = [] } = asking.context;
  const isOwn = id === asking.journey?.id;
  // What these send, or have sent, is not known here.
  if (!isOwn && [...coming, ...archived].includes(id)) return [];
  const other = ownOf(journeys, id);
  if (!isOwn && !other) return unknownName('journey', id, at, Object.keys(journeys));
  const sends = isOwn ? [...sendsOf(asking), ...(asking.context.inside?.steps ?? [])] : (other?.sends ?? []);
  if (step === 'any' || sends.includes(step)) return [];
  return [remark('E15', at, `There is no send step "${step}" in the journey "${id}".${meantOr(step, sends)}`)];
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
