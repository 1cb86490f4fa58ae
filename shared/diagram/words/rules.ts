import type { Journey, JourneyStatus } from '#shared/journey/journey.ts';
import { conditionLines, describeCondition } from './conditions.ts';
import { type Parts, sayParts } from './parts.ts';
import { sayDateTime, sayIso, sayWindow } from './times.ts';
import { CHANNEL_WORDS, counted, quoted, sayTopic } from './values.ts';

/** The rules of a journey beside its steps, in lines. */

type Entry = NonNullable<Journey['entry']>;
type Goal = NonNullable<Journey['goal']>;
type Exit = NonNullable<Journey['exits']>[number];
type Cap = NonNullable<Journey['caps']>[number];
type Publish = NonNullable<Journey['publish']>;

const span = (per: string | undefined): string => `in ${per === undefined ? 'all' : sayIso(per)}`;

/** How often one contact may enter. Where nothing is said once, of dates that come again at each of them. */
export function sayAgain({ again, key }: Entry, trigger: Journey['trigger']): string[] {
  const each = key === undefined ? '' : ` for each ${key}`;
  const comesAgain = trigger.type === 'date' || trigger.type === 'schedule';
  if (!again) return [comesAgain ? `once at each of these times${each}` : `once ever${each}`];
  const { after, atMost, whileInside } = again;
  const soonest = after === undefined ? 'any time later' : `${sayIso(after)} after the last time at the soonest`;
  return [
    `again${each}, ${soonest}`,
    ...(atMost === undefined ? [] : [`at most ${counted(atMost, 'time')} in all`]),
    ...(whileInside === 'restart' ? ['who is still inside begins anew'] : []),
  ];
}

const ENTRY: Parts<Entry> = {
  if: (condition) => conditionLines(condition).map((line, i) => (i === 0 ? `only if ${line}` : line)),
  again: () => [],
  key: () => [],
  cap: (caps) => caps.map(({ count, per }) => `at most ${counted(count, 'entry', 'entries')} ${span(per)}`),
  holdout: (percent) => [`${percent} % are held out to compare with: no steps, only the goal is counted`],
  from: (from) => [`not before ${sayDateTime(from)}`],
  to: (to) => [`not after ${sayDateTime(to)}`],
};

/** Who may enter. */
export const sayEntry = (entry: Entry): string[] => sayParts(ENTRY, entry);

/** A goal counts for two weeks unless it says otherwise. */
const GOAL: Parts<Goal> = {
  if: (condition, { window = 'P14D' }) => [...conditionLines(condition), `within ${sayIso(window)} of entry`],
  window: () => [],
  value: (path) => [`worth its ${path}`],
  leave: (leave) => (leave ? [] : ['who reaches it stays in the journey']),
};
export const sayGoal = (goal: Goal): string[] => sayParts(GOAL, goal);

/** `they are tagged "staff": ends as "left"`. */
export const sayExit = ({ if: condition, outcome = 'left' }: Exit): string =>
  `${describeCondition(condition)}: ends as ${quoted(outcome)}`;

const CAP: Parts<Cap> = {
  count: (count, { per }) => [`at most ${counted(count, 'message')} ${span(per)}`],
  per: () => [],
  channel: (channel) => [`by ${CHANNEL_WORDS[channel]}`],
  topic: (topic) => [`on ${sayTopic(topic)}`],
  if: (condition) => [`if ${describeCondition(condition)}`],
};

/** What this journey may send to one contact. */
export const sayJourneyCap = (cap: Cap): string => sayParts(CAP, cap).join(' ');

/** When this journey keeps quiet, beside the shop's own quiet times. */
export const sayQuiet = (windows: NonNullable<Journey['quiet']>): string[] => windows.map(sayWindow);

const INSIDE = {
  finish: 'who is inside stays on their version',
  move: 'who is inside moves to the new version',
  leave: 'who is inside leaves, as "replaced"',
} as const;

const PUBLISH: Parts<Publish> = {
  inside: (inside) => [INSIDE[inside]],
  moved: (moved) =>
    Object.entries(moved).map(([from, to]) =>
      to === 'end' ? `from ${quoted(from)} to the end` : `from ${quoted(from)} to ${quoted(to)}`,
    ),
};
/** What becomes of those inside when a new version is published. */
export const sayPublish = (publish: Publish): string[] => sayParts(PUBLISH, publish);

export const STATUS_WORDS: { readonly [S in JourneyStatus]: string } = {
  draft: 'draft: is checked, and changes nothing that is live',
  live: 'live',
  closing: 'closing: nobody enters, who is inside goes on',
  paused: 'paused: nobody enters, who is inside stands still',
  archived: 'archived: nobody enters, who is inside has left',
};
