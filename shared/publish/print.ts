import type { Impact } from './impact.ts';
import { figure } from './population.ts';
import { impactLines } from './print-impact.ts';
import { hasErrors, type Remark } from './remarks.ts';

/** What became of one file. */
export type Report = {
  /** Its key in the bucket. */
  readonly file: string;
  readonly remarks: readonly Remark[];
  /** The version that it became, if it was published. */
  readonly published?: number;
  /** The version that is live if it was not. Of a template or the settings: whether an earlier one is. */
  readonly live?: number | boolean;
  /** A draft that was checked; it goes live by another status only. */
  readonly draft?: boolean;
  /** What was live already, but for comments and the like. */
  readonly unchanged?: boolean;
  /** Nobody enters this journey from now on. */
  readonly closing?: boolean;
  /** Everybody stands still from now on. */
  readonly paused?: boolean;
  /** Only looked at, on somebody's own machine: nothing was going to be published. */
  readonly checked?: boolean;
  /** Of a journey: what going live does, or would do, to those who are there. */
  readonly impact?: Impact;
  /** Of a pool: codes that are new, that were there already, and lines that were left out. */
  readonly codes?: { readonly added: number; readonly known: number; readonly refused: number };
};

const counted = (n: number, what: string) => `${figure(n)} ${what}${n === 1 ? '' : 's'}`;

const sayCodes = ({ added, known, refused }: NonNullable<Report['codes']>): string =>
  [
    `${counted(added, 'code')} ${added === 1 ? 'is' : 'are'} new`,
    ...(known > 0 ? [`${figure(known)} ${known === 1 ? 'was' : 'were'} there already`] : []),
    ...(refused > 0 ? [`${counted(refused, 'line')} left out`] : []),
  ]
    .join(', ')
    .concat('.');

function counts(remarks: readonly Remark[]): string {
  const errors = remarks.filter((r) => r.severity === 'error').length;
  const warnings = remarks.length - errors;
  return [errors && counted(errors, 'error'), warnings && counted(warnings, 'warning')].filter(Boolean).join(', ');
}

const staying = (live: Report['live']): string =>
  typeof live === 'number'
    ? `Version ${live} stays live.`
    : live
      ? 'What was live stays live.'
      : 'Nothing of it is live.';

/** Who makes a draft of what is live often means to stop it. */
const ofDraft = (live: Report['live']): string =>
  typeof live === 'number'
    ? `A draft changes nothing: version ${live} goes on as before. What stops it is "status": "closing" (nobody enters any more) or "paused" (everybody stands still).`
    : 'It is a draft. Nothing of it is live.';

/** What became of it, in a line: `NOT PUBLISHED: 2 errors. Version 3 stays live.` */
export function verdict(report: Report): string {
  const { remarks, published, live, draft, unchanged, closing, paused, checked } = report;
  const said = counts(remarks);
  if (checked) return hasErrors(remarks) ? `NOT TO BE PUBLISHED: ${said}.` : `FINE${said && `: ${said}`}.`;
  if (hasErrors(remarks)) return `NOT PUBLISHED: ${said}. ${staying(live)}`;
  if (draft) return `CHECKED${said && `: ${said}`}. ${ofDraft(live)}`;
  const more = said && `: ${said}`;
  if (closing) return `CLOSING${more}. Nobody enters any more; who is inside goes on.`;
  if (paused) return `PAUSED${more}. Nobody enters, and who is inside stands still until it is live again.`;
  if (unchanged) return `UNCHANGED${more}. Version ${published} stays live.`;
  if (report.codes) return `PUBLISHED${more}. ${sayCodes(report.codes)}`;
  const version = published === undefined ? '' : ` as version ${published}`;
  return `PUBLISHED${version}${more}.`;
}

/** A line for each remark, places aligned. */
export function remarkLines(remarks: readonly Remark[]): string[] {
  const places = remarks.map((r) => `${r.line}:${r.column}`);
  const width = Math.max(0, ...places.map((place) => place.length));
  return remarks.map((r, i) => `  ${(places[i] ?? '').padEnd(width)}  ${r.code}  ${r.message}`);
}

/** The report in the form that marketers read: one line of verdict, then a line for each remark, then what it does. */
export function print(report: Report): string {
  const impact = report.impact ? impactLines(report.impact).map((line) => `  ${line}`) : [];
  return `${[`${report.file}   ${verdict(report)}`, ...remarkLines(report.remarks), ...impact].join('\n')}\n`;
}
