import { counted, quoted } from '#shared/diagram/words/values.ts';
import type { Affected, Beside, Fate, Impact } from './impact.ts';
import { figure, isSample, percent, roughly } from './population.ts';
import { printDiff } from './print-diff.ts';

/** What going live does to those who are there, to be read. Figures from a sample are said with "about". */
export function impactLines(impact: Impact): string[] {
  const { edit, existing, beside = [], week, looked } = impact;
  const some = looked && isSample({ looked }) ? looked : undefined;
  const about = (n: number): string => (some ? `about ${roughly(n)}` : figure(n));
  return [
    ...(edit ? editLines(edit) : []),
    ...(existing === undefined ? [] : [`Enter at once: ${about(existing)}, for whom it is true already.`]),
    ...beside.map(besideLine),
    ...(week ? [weekLine(week, about)] : []),
    ...(some ? [`Looked at ${figure(some.at)} of ${figure(some.of)} contacts.`] : []),
  ];
}

function editLines({ from, diff, fate, inside, affected }: NonNullable<Impact['edit']>): string[] {
  return [
    `Changes against version ${from}:`,
    ...printDiff(diff).map((line) => `  ${line}`),
    inside === 0 ? 'Nobody is inside.' : `Inside: ${counted(inside, 'contact')}. ${FATES[fate]}`,
    ...affected.map((one) => `  ${affectedLine(one, fate)}`),
  ];
}

const FATES: { readonly [F in Fate]: string } = {
  finish: 'They stay on their version and go on as before.',
  move: 'They move to the new version.',
  leave: 'They leave, as "replaced".',
  paused: 'They stand still until the journey is live again.',
  archived: 'They leave, as "archived".',
};

function affectedLine(one: Affected, fate: Fate): string {
  const where = one.step === '' ? 'before the first step' : `in ${quoted(one.step)}`;
  const what = one.change === 'removed' ? 'which is gone' : 'which is changed';
  const then = fate === 'move' ? `: ${goesOn(one)}` : '';
  return `${figure(one.contacts)} ${where} of version ${one.version}, ${what}${then}`;
}

function goesOn({ change, to }: Affected): string {
  if (to === 'end') return 'they end';
  if (to !== undefined) return `they go on at ${quoted(to)}`;
  return change === 'removed' ? 'nobody has said where they go on' : 'they wait there by what it says now';
}

function besideLine({ journey, by, share }: Beside): string {
  const both = share === undefined ? '' : `; about ${percent(share)} of those whom this one takes, it takes too`;
  return `${quoted(journey)} is live for the same: ${by}${both}.`;
}

const money = (usd: number): string => (usd < 0.01 ? 'less than 0.01 USD' : `${usd.toFixed(2)} USD`);

const weekLine = ({ entries, mails, usd }: NonNullable<Impact['week']>, about: (n: number) => string): string =>
  `First week: ${about(entries)} ${entries === 1 ? 'enters' : 'enter'}, ${about(mails)} ${mails === 1 ? 'mail goes' : 'mails go'} out, for ${money(usd)} (SES and Step Functions).`;
