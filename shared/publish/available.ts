import type { Step } from '#shared/journey/journey.ts';
import { isHopeless } from './check-logic.ts';
import type { Asking, Checked } from './context.ts';
import { SUBJECTS } from './explain.ts';
import { notYet, type Remark } from './remarks.ts';
import type { LeafPlace, StepPlace, Use } from './walk.ts';

/**
 * What the language has and this version does not run yet. Accepting it would skip it in silence, so it is refused.
 * As parts become available, their lines leave this file.
 */
export function checkAvailable(checked: Checked): Remark[] {
  return [...checked.steps.flatMap((place) => step(place, checked)), ...checkLeaves(checked)];
}

/** The same of conditions alone. */
export const checkLeaves = (asking: Asking): Remark[] => [
  // What no event can make true is a mistake, and nothing to come.
  ...asking.conditions
    .filter((place) => !isHopeless(place))
    .flatMap(({ leaves }) => leaves.flatMap((leaf) => leafRemarks(leaf, asking))),
];

type Unavailable = readonly [unknown, string, string, string?];

/** Of each kind of step: whether it is used so, at which key, and how one says it. */
const STEPS: { readonly [T in Step['type']]: (step: Extract<Step, { type: T }>) => readonly Unavailable[] } = {
  send: (s) => [
    [s.products, 'products', '"products" are', 'Write them into the template.'],
    [s.survey, 'survey', '"survey" is', 'Put a link for each answer into the mail.'],
    [
      [s.channel ?? 'email'].flat().some((c) => c !== 'email'),
      'channel',
      'Channels other than email are',
      'Say "channel": "email".',
    ],
  ],
  wait: () => [],
  waitFor: () => [],
  branch: () => [],
  split: (s) => [
    [
      s.experiment && s.experiment.winner !== 'manual',
      'experiment',
      'An automatic winner is',
      'Use "winner": "manual".',
    ],
  ],
  update: () => [],
  coupon: () => [],
  call: () => [],
  emit: () => [],
  enrol: () => [],
  leave: () => [],
  repeat: () => [],
  skip: () => [],
  end: () => [],
};

function unavailableIn<T extends Step['type']>(s: Extract<Step, { type: T }>): readonly Unavailable[] {
  const rule: (s: Extract<Step, { type: T }>) => readonly Unavailable[] = STEPS[s.type];
  return rule(s);
}

const step = ({ step: s, path }: StepPlace, { source }: Checked): Remark[] =>
  unavailableIn(s).flatMap(([used, key, what, instead]) =>
    used ? [notYet(source.at([...path, key]), what, instead)] : [],
  );

/** What can be asked where. */
const OF_CONTACT = ['trait', 'tag', 'segment', 'consent', 'event', 'message', 'journey', 'reachable', 'sample', 'now'];
const ASKABLE: Readonly<Record<Use, readonly string[]>> = {
  entry: [...OF_CONTACT, 'trigger'],
  where: ['data', 'trait', 'trigger', 'step', 'tag', 'now', 'sample'],
  listen: [...OF_CONTACT, 'trigger', 'step'],
  ask: [...OF_CONTACT, 'trigger', 'step'],
  contact: OF_CONTACT,
};
const WHERE: Readonly<Record<Use, string>> = {
  entry: 'in "entry"',
  where: 'in "where"',
  listen: 'here',
  ask: 'here',
  contact: 'here',
};

function leafRemarks({ leaf, path, use }: LeafPlace, { source }: Asking): Remark[] {
  const subject = SUBJECTS.find((key) => Object.hasOwn(leaf, key));
  // Mistakes, not things to come: the checks of references name them.
  const mistaken =
    (subject === 'data' && use !== 'where') ||
    (subject === 'step' && use === 'entry') ||
    (use === 'contact' && (subject === 'step' || subject === 'trigger'));
  if (subject === undefined || mistaken) return [];
  if (!ASKABLE[use].includes(subject)) {
    return [notYet(source.keyAt([...path, subject]), `"${subject}" ${WHERE[use]} is`)];
  }
  if ('trait' in leaf && leaf.trait.startsWith('rfm.')) {
    return [
      notYet(
        source.at([...path, 'trait']),
        `The trait "${leaf.trait}" is`,
        'Ask for purchases.count, purchases.total or purchases.last.',
      ),
    ];
  }
  if (!('message' in leaf)) return [];
  const answered = [leaf.is, leaf.isNot].flat().includes('answered');
  return [...(answered ? [notYet(source.keyAt(path), 'Answers to surveys are', 'Ask which link was clicked.')] : [])];
}
