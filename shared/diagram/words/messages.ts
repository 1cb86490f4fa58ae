import { type LeafOf, listOf } from '#shared/condition/judge.ts';
import { ownStepOf } from '#shared/condition/messages.ts';
import type { Channel } from '#shared/event/event.ts';
import type { MessageFact } from '#shared/message/message.ts';
import { countsIn, sayCounts, whether } from './counts.ts';
import { saySpan } from './events.ts';
import type { Clause } from './operators.ts';
import { CHANNEL_WORDS, listed, quoted, sayNumber, sayTopic } from './values.ts';

/** Conditions on messages: `"reminder" was clicked`, `at least 5 of the last 5 delivered e-mails were not opened`. */

type MessageLeaf = LeafOf<'message'>;
/** `one` is said of one message, `many` of several. */
type Verb = { readonly one: Clause; readonly many: Clause };

const was = (participle: string): Verb => ({
  one: { yes: `was ${participle}`, no: `was not ${participle}` },
  many: { yes: `were ${participle}`, no: `were not ${participle}` },
});
const did = (past: string, base: string): Verb => {
  const clause = { yes: past, no: `did not ${base}` };
  return { one: clause, many: clause };
};

const STATUSES: { readonly [S in MessageFact]: Verb } = {
  sent: was('sent'),
  delivered: was('delivered'),
  opened: was('opened'),
  clicked: was('clicked'),
  answered: was('answered'),
  bounced: did('bounced', 'bounce'),
  complained: was('reported as spam'),
  unsubscribed: did('led to unsubscribing', 'lead to unsubscribing'),
  withheld: was('withheld'),
  unknown: was('left unknown (sent or not)'),
  failed: did('failed', 'fail'),
};

/** "was opened or clicked" for "was opened or was clicked". */
function shortened(verbs: readonly string[], word: 'and' | 'or'): string {
  const [start = ''] = /^(was|were)( not)? /.exec(verbs[0] ?? '') ?? [];
  const alike = start !== '' && verbs.every((verb) => verb.startsWith(start));
  const not = start.endsWith('not ') ? 'not ' : '';
  return listed(alike ? verbs.map((verb, i) => (i === 0 ? verb : not + verb.slice(start.length))) : verbs, word);
}

/** Without a status: it was sent. `is` means one of those named, `isNot` none. */
function sayStatuses({ is, isNot }: MessageLeaf, number: keyof Verb): Clause {
  const verbs = (statuses: readonly MessageFact[], side: keyof Clause) =>
    statuses.map((s) => STATUSES[s][number][side]);
  const asked = listOf(is ?? (isNot === undefined ? 'sent' : []));
  const refused = listOf(isNot ?? []);
  const yes = [shortened(verbs(asked, 'yes'), 'or'), shortened(verbs(refused, 'no'), 'and')];
  const no = [shortened(verbs(asked, 'no'), 'and'), shortened(verbs(refused, 'yes'), 'or')];
  return { yes: yes.filter(Boolean).join(' and '), no: no.filter(Boolean).join(' or ') };
}

const NOUNS: { readonly [C in Channel]: readonly [one: string, many: string, article?: 'an'] } = {
  email: ['e-mail', 'e-mails', 'an'],
  sms: ['SMS', 'SMS', 'an'],
  push: ['push message', 'push messages'],
  webpush: ['web push message', 'web push messages'],
  telegram: ['Telegram message', 'Telegram messages'],
  inapp: ['in-app message', 'in-app messages', 'an'],
};

const MESSAGE: (typeof NOUNS)[Channel] = ['message', 'messages'];

const about = ({ topic, link }: MessageLeaf): string =>
  `${topic === undefined ? '' : ` on ${sayTopic(topic)}`}${link === undefined ? '' : ` (link ${quoted(link)})`}`;

/** `journey/step`, `journey/any` and `any` in words that follow the noun. */
function origin(message: string): string {
  if (message === 'any') return '';
  const [journey = '', step = 'any'] = message.split('/');
  return step === 'any' ? ` of ${quoted(journey)}` : ` ${quoted(step)} of ${quoted(journey)}`;
}

function sayOwn(step: string, leaf: MessageLeaf): Clause {
  const by = leaf.channel === undefined ? '' : ` by ${CHANNEL_WORDS[leaf.channel]}`;
  const subject = `${quoted(step)}${by}${about(leaf)}`;
  const { yes, no } = sayStatuses(leaf, 'one');
  const clause = { yes: `${subject} ${yes}${saySpan(leaf)}`, no: `${subject} ${no}${saySpan(leaf)}` };
  const counts = countsIn(amountOf(leaf)) ?? [];
  const asked = whether(counts);
  if (asked !== undefined) return asked ? clause : { yes: clause.no, no: clause.yes };
  // A step's newest message is one or none, so that a bound beyond that is a slip, and is said as it stands.
  const often = sayCounts(counts, sayNumber);
  return { yes: `${clause.yes}, counted ${often.yes}`, no: `${clause.yes}, counted ${often.no}` };
}

const amountOf = ({ gt, gte, lt, lte }: MessageLeaf) => ({ gt, gte, lt, lte });

function sayMany(leaf: MessageLeaf): Clause {
  const { among, channel } = leaf;
  const [one, many, article = 'a'] = channel === undefined ? MESSAGE : NOUNS[channel];
  const [last, which] = [among === undefined ? '' : ` of the last ${among} delivered ${many}`, about(leaf)];
  const rest = `${origin(leaf.message)}${which}`;
  const counts = countsIn(amountOf(leaf)) ?? [];
  const asked = whether(counts);
  if (asked !== undefined) {
    const tail = `${rest} ${sayStatuses(leaf, 'one').yes}${saySpan(leaf)}`;
    const [yes, no] = [
      `${last ? `one${last}` : `${article} ${one}`}${tail}`,
      `${last ? `none${last}` : `no ${one}`}${tail}`,
    ];
    return asked ? { yes, no } : { yes: no, no: yes };
  }
  const how = sayCounts(counts, (n) => `${sayNumber(n)}${last || ` ${n === 1 ? one : many}`}`);
  const tail = `${rest} ${sayStatuses(leaf, 'many').yes}${saySpan(leaf)}`;
  return { yes: `${how.yes}${tail}`, no: `${how.no}${tail}` };
}

export function sayMessageLeaf(leaf: MessageLeaf): Clause {
  const step = ownStepOf(leaf);
  return step === undefined ? sayMany(leaf) : sayOwn(step, leaf);
}
