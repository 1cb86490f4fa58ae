import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { MESSAGE_FACTS, type Message } from '#shared/message/message.ts';

/**
 * Counters of one journey version, by name: `entries`, `finished`, `exited/left`, `reached`, `messages/hello/sent`, ...
 * `reached`: the goal, wherever the passage stood; `reached/held` of those that are held out.
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

type Said = Pick<Message, 'step' | 'facts' | 'reason'>;

/** Unknown only as long as nobody has heard that it was sent after all. */
const isUnknown = (said: Said | undefined): boolean =>
  said?.facts.unknown !== undefined && said.facts.sent === undefined;

/** What changed in the counters when a message learnt new facts. */
export function countMessage(before: Said | undefined, after: Said | undefined): Counts {
  if (!after) return {};
  const news = MESSAGE_FACTS.filter((fact) => after.facts[fact] !== undefined && before?.facts[fact] === undefined);
  const counts: [string, number][] = news
    .filter((fact) => fact !== 'unknown')
    .map((fact) => [fact === 'withheld' ? `withheld/${after.reason ?? 'unsaid'}` : fact, 1]);
  const unknown = Number(isUnknown(after)) - Number(isUnknown(before));
  if (unknown !== 0) counts.push(['unknown', unknown]);
  return Object.fromEntries(counts.map(([name, n]) => [`messages/${after.step}/${name}`, n]));
}
