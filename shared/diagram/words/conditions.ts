import type { Condition } from '#shared/condition/condition.ts';
import { asks, type LeafOf, type Subject } from '#shared/condition/judge.ts';
import { countsIn, sayCounts } from './counts.ts';
import { sayEventLeaf } from './events.ts';
import { sayMessageLeaf } from './messages.ts';
import { type Clause, sayOps } from './operators.ts';
import { sayStretch, sayWindow } from './times.ts';
import { counted, listed, quoted, quotedList, sayChannels, saySource, sayTopic } from './values.ts';

/** Conditions as clauses that fit behind "if": `they agree to "news" and purchase did not happen`. */

const SAID_ABOUT = {
  granted: { yes: 'they agree to', no: 'they do not agree to' },
  denied: { yes: 'they have refused', no: 'they have not refused' },
  unknown: { yes: 'they have said nothing about', no: 'they have said something about' },
} as const;

function sayConsent({ consent, channel, is = 'granted' }: LeafOf<'consent'>): Clause {
  const what = `${sayTopic(consent)}${channel === undefined ? '' : ` by ${sayChannels(channel, 'or')}`}`;
  return { yes: `${SAID_ABOUT[is].yes} ${what}`, no: `${SAID_ABOUT[is].no} ${what}` };
}

const PASSAGES: { readonly [S in NonNullable<LeafOf<'journey'>['is']>]: Clause } = {
  inside: { yes: 'they are inside', no: 'they are not inside' },
  entered: { yes: 'they have entered', no: 'they have not entered' },
  finished: { yes: 'they have finished', no: 'they have not finished' },
  converted: { yes: 'they have reached the goal of', no: 'they have not reached the goal of' },
  held: { yes: 'they are held out of', no: 'they are not held out of' },
};
const LEFT: Clause = { yes: 'they have ended', no: 'they have not ended' };

/** An outcome alone asks for those that have ended so. */
function sayJourney({ journey, is, outcome, within, gt, gte, lt, lte }: LeafOf<'journey'>): Clause {
  const passage = is === undefined && outcome !== undefined ? LEFT : PASSAGES[is ?? 'inside'];
  const as = outcome === undefined ? '' : ` with the outcome ${quoted(outcome)}`;
  const span = within === undefined ? '' : ` in the last ${sayStretch(within)}`;
  const what = `${quotedList(journey, 'or')}${as}`;
  const counts = countsIn({ gt, gte, lt, lte }) ?? [];
  if (counts.length === 0) return { yes: `${passage.yes} ${what}${span}`, no: `${passage.no} ${what}${span}` };
  const often = sayCounts(counts, (n) => counted(n, 'time'));
  return { yes: `${passage.yes} ${what} ${often.yes}${span}`, no: `${passage.yes} ${what} ${often.no}${span}` };
}

const they = (be: 'are' | 'can', rest: string): Clause => ({
  yes: `they ${be} ${rest}`,
  no: `they ${be === 'can' ? 'cannot' : 'are not'} ${rest}`,
});

const reached = ({ reachable, topic }: LeafOf<'reachable'>): string =>
  `be reached by ${sayChannels(reachable, 'or')}${topic === undefined ? '' : ` on ${sayTopic(topic)}`}`;

/** How each kind of condition is said. A new one does not compile until it is. */
const LEAVES: { readonly [S in Subject]: (leaf: LeafOf<S>) => Clause } = {
  trait: (leaf) => sayOps(saySource('trait', leaf.trait), leaf),
  trigger: (leaf) => sayOps(saySource('trigger', leaf.trigger), leaf),
  data: (leaf) => sayOps(saySource('data', leaf.data), leaf),
  step: (leaf) => sayOps(saySource('step', leaf.step), leaf),
  tag: ({ tag }) => they('are', `tagged ${quotedList(tag, 'or')}`),
  segment: ({ segment }) => they('are', `in the segment ${quotedList(segment, 'or')}`),
  consent: sayConsent,
  event: (leaf) => sayEventLeaf(leaf, leaf.where && describeCondition(leaf.where)),
  message: sayMessageLeaf,
  journey: sayJourney,
  reachable: (leaf) => they('can', reached(leaf)),
  sample: ({ sample, salt }) =>
    they('are', `among a fixed random ${sample} %${salt === undefined ? '' : ` (drawn by ${quoted(salt)})`}`),
  now: ({ now }) => ({ yes: `it is now ${sayWindow(now)}`, no: `it is not now ${sayWindow(now)}` }),
};

const isSubject = (name: string): name is Subject => Object.hasOwn(LEAVES, name);

function sayLeaf<S extends Subject>(subject: S, leaf: Condition): Clause | undefined {
  const say: (leaf: LeafOf<S>) => Clause = LEAVES[subject];
  return asks(subject, leaf) ? say(leaf) : undefined;
}

/** A condition, or the opposite of one, as the clauses that it joins; a leaf is one clause. */
type Joined = { readonly word: 'and' | 'or'; readonly clauses: readonly string[] };

function join(conditions: readonly Condition[], word: 'and' | 'or', positive: boolean): Joined {
  const parts = conditions.map((condition) => sayWhole(condition, positive));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const clauses = parts.flatMap((part) =>
    part.word === word || part.clauses.length === 1 ? part.clauses : [`(${listed(part.clauses, part.word)})`],
  );
  return { word, clauses };
}

/** Logic has two values here, so that "not all" is "one not", and "none" is "each not". */
function sayWhole(condition: Condition, positive: boolean): Joined {
  if ('all' in condition) return join(condition.all, positive ? 'and' : 'or', positive);
  if ('any' in condition) return join(condition.any, positive ? 'or' : 'and', positive);
  if ('not' in condition) return sayWhole(condition.not, !positive);
  const subject = Object.keys(condition).find(isSubject);
  const clause = subject && sayLeaf(subject, condition);
  return { word: 'and', clauses: clause ? [positive ? clause.yes : clause.no] : [] };
}

/** A condition as one clause that fits behind "if". */
export function describeCondition(condition: Condition): string {
  const { word, clauses } = sayWhole(condition, true);
  return listed(clauses, word);
}

/** The same in lines, one for each thing that it joins: `they agree to "news"`, `and purchase did not happen`. */
export function conditionLines(condition: Condition): string[] {
  const { word, clauses } = sayWhole(condition, true);
  return clauses.map((clause, i) => (i === 0 ? clause : `${word} ${clause}`));
}
