import type { Call } from '#shared/call/call.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { MESSAGE_FACTS, type Message } from '#shared/message/message.ts';
import { AT } from '#shared/store/counters.ts';

/**
 * Counters of one journey version, by name: `entries`, `finished`, `exited/left`, `reached`, `messages/hello/sent`,
 * `calls/tell/failed`, ...
 * `reached`: the goal, wherever the passage stood; `reached/held` of those that are held out. `at/think`: who stands at
 * that step now.
 */
export type Counts = Readonly<Record<string, number>>;

type Stood = Pick<Enrolment, 'state' | 'outcome' | 'converted'> | undefined;

const stateName = ({ state, outcome }: NonNullable<Stood>): string =>
  state === 'exited' ? `exited/${outcome ?? 'left'}` : state;

/**
 * What changed in the counters when a passage went from one state to another. `inside` is kept like the others, so that
 * entries are always the sum of the five.
 */
export function countPassage(before: Stood, after: Stood): Counts {
  if (!after) return {};
  const now = stateName(after);
  const reached =
    after.converted && !before?.converted ? { [after.state === 'held' ? 'reached/held' : 'reached']: 1 } : {};
  if (!before) return { entries: 1, [now]: 1, ...reached };
  const then = stateName(before);
  return then === now ? reached : { [then]: -1, [now]: 1, ...reached };
}

type Standing = Pick<Enrolment, 'version' | 'state' | 'cursor'>;

/** Who is inside, and whom a move has brought to another version, by the version that they are on. */
export function countStanding(
  before: Standing | undefined,
  after: Standing | undefined,
): readonly { readonly version: number; readonly counts: Counts }[] {
  const [then, now] = [placeOf(before), placeOf(after)];
  if (then?.version === now?.version && then?.counter === now?.counter) return [];
  return [
    ...(then ? [{ version: then.version, counts: { [then.counter]: -1 } }] : []),
    ...(now ? [{ version: now.version, counts: { [now.counter]: 1 } }] : []),
  ];
}

const placeOf = (passage: Standing | undefined) =>
  passage?.state === 'inside' ? { version: passage.version, counter: `${AT}${passage.cursor?.step ?? ''}` } : undefined;

type Said = Pick<Message, 'step' | 'facts' | 'reason' | 'machineOpened' | 'machineClicked'>;

/** Unknown only as long as nobody has heard that it was sent after all. */
const isUnknown = (said: Said | undefined): boolean =>
  said?.facts.unknown !== undefined && said.facts.sent === undefined;

/** What changed in the counters when a message learnt new facts. What programs did with it stands apart: `opened/machine`. */
export function countMessage(before: Said | undefined, after: Said | undefined): Counts {
  if (!after) return {};
  const news = MESSAGE_FACTS.filter((fact) => after.facts[fact] !== undefined && before?.facts[fact] === undefined);
  const counts: [string, number][] = news
    .filter((fact) => fact !== 'unknown')
    .map((fact) => [fact === 'withheld' ? `withheld/${after.reason ?? 'unsaid'}` : fact, 1]);
  if (after.machineOpened !== undefined && before?.machineOpened === undefined) counts.push(['opened/machine', 1]);
  if (after.machineClicked !== undefined && before?.machineClicked === undefined) counts.push(['clicked/machine', 1]);
  const unknown = Number(isUnknown(after)) - Number(isUnknown(before));
  if (unknown !== 0) counts.push(['unknown', unknown]);
  return Object.fromEntries(counts.map(([name, n]) => [`messages/${after.step}/${name}`, n]));
}

type Told = Pick<Call, 'step' | 'waits' | 'state'> & Partial<Pick<Call, 'ok' | 'cut' | 'unread'>>;

/**
 * What changed in the counters with a call: `called`; `failed`, and with it `otherwise` where its passage waited for it; `cut`,
 * once a call, where fields of its body or of the answer were left out.
 */
export function countCall(before: Told | undefined, after: Told | undefined): Counts {
  if (!after) return {};
  const isOver = after.state === 'done' && before?.state !== 'done';
  const failed = isOver && after.ok !== true;
  const counts = {
    called: Number(before === undefined),
    failed: Number(failed),
    otherwise: Number(failed && after.waits),
    cut: Number(isCut(after) && !isCut(before)),
  };
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, n]) => (n === 0 ? [] : [[`calls/${after.step}/${name}`, n]])),
  );
}

const isCut = (told: Told | undefined): boolean => told?.cut !== undefined || told?.unread !== undefined;
