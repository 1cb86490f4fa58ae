import { hasErrors, type Remark } from './remarks.ts';

/** What became of one file. */
export type Report = {
  /** Its key in the bucket. */
  readonly file: string;
  readonly remarks: readonly Remark[];
  /** The version that it became, if it was published. */
  readonly published?: number;
  /** The version that is live if it was not. */
  readonly live?: number;
};

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

function counts(remarks: readonly Remark[]): string {
  const errors = remarks.filter((r) => r.severity === 'error').length;
  const warnings = remarks.length - errors;
  return [errors && counted(errors, 'error'), warnings && counted(warnings, 'warning')].filter(Boolean).join(', ');
}

function verdict({ remarks, published, live }: Report): string {
  const said = counts(remarks);
  if (!hasErrors(remarks)) {
    const version = published === undefined ? '' : ` as version ${published}`;
    return `PUBLISHED${version}${said && `: ${said}`}.`;
  }
  const stays = live === undefined ? 'Nothing of it is live.' : `Version ${live} stays live.`;
  return `NOT PUBLISHED: ${said}. ${stays}`;
}

/** The report in the form that marketers read: one line of verdict, then a line for each remark. */
export function print(report: Report): string {
  const places = report.remarks.map((r) => `${r.line}:${r.column}`);
  const width = Math.max(0, ...places.map((place) => place.length));
  const lines = report.remarks.map((r, i) => `  ${(places[i] ?? '').padEnd(width)}  ${r.code}  ${r.message}`);
  return `${[`${report.file}   ${verdict(report)}`, ...lines].join('\n')}\n`;
}
