import Table from 'cli-table3';
import { AUDIT_KINDS, type AuditKind, KIND_NAMES } from '#shared/audit/finding.ts';
import type { AuditReport, AuditRequest, Example } from './run.ts';

/** Where nothing is wrong; of no more than was looked at. */
function nothingIn({ contact, since }: Asked): string {
  const of = since === undefined ? '' : `Since ${since}: `;
  const counters = contact === undefined ? ', and counters are what rows say.' : '; counters were not looked at.';
  return `${of}Whoever should have woken has, every message has come to its end or waits for its time${counters}`;
}

type Asked = Pick<AuditRequest, 'contact' | 'since' | 'mend'>;

/** What the audit has found, kind by kind, by ids. */
export function printAudit({ looked, kinds, left }: AuditReport, asked: Asked): string {
  const { contacts, due } = looked;
  const first = `Looked at ${contacts} ${contacts === 1 ? 'contact' : 'contacts'}, and at ${due} ${due === 1 ? 'row that is' : 'rows that are'} due.`;
  const all = KIND_NAMES.flatMap((name) => {
    const kind = kinds[name];
    return kind ? [{ name, ...kind }] : [];
  });
  if (all.length === 0) return `${first}\n${nothingIn(asked)}\n`;
  const table = new Table({
    head: ['kind', 'found', 'mended', 'what'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, found, mended } of all) table.push([name, found, mended, AUDIT_KINDS[name].says]);
  const named = all.flatMap(({ name, examples }) => examples.map((example) => exampleLine(name, example)));
  const can = all.reduce((sum, { mendable, mended }) => sum + mendable - mended, 0);
  const last = [
    ...(can > 0 && !asked.mend ? [`Nothing was mended. With --mend ${can} would be.`] : []),
    ...(left - can > 0 ? [`${left - can} cannot be mended from the rows: docs/audit.md says what to do.`] : []),
  ];
  return `${[first, String(table), 'The first of each kind:', ...named, ...last].join('\n')}\n`;
}

function exampleLine(kind: AuditKind, { contact, journey, id, since }: Example): string {
  const parts = [
    `  ${kind}`,
    ...(contact === undefined ? [] : [`contact ${contact}`]),
    ...(journey === undefined ? [] : [`journey ${journey}`]),
    id,
    ...(since === undefined ? [] : [`since ${since}`]),
  ];
  return parts.join('  ');
}
