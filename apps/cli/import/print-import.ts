import Table from 'cli-table3';
import type { ImportRemark } from '#shared/import/notes.ts';
import type { Written } from './write-files.ts';

/** What an import did, as `--json` and the report have it. */
export type ImportReport = {
  readonly tool: string;
  /** Files that were read. */
  readonly from: readonly string[];
  readonly files: readonly Written[];
  /** By severity. */
  readonly counts: Readonly<Record<ImportRemark['severity'], number>>;
  readonly remarks: readonly ImportRemark[];
};

const MEANING: Readonly<Record<ImportRemark['severity'], string>> = {
  lost: 'Lost: could not be carried over',
  todo: 'To do: you finish it',
  changed: 'Changed: behaves a little differently, or means nothing here',
};
const ORDER = ['lost', 'todo', 'changed'] as const;

/** Together 120 columns with what the table draws around them. */
const COLUMNS = [46, 34, 30];

/** Words break at blanks, places at their dots: no line is longer than its column. */
function broken(text: string, width: number): string {
  const lines = [''];
  for (const part of text.split(/(?<=[ .[])/)) {
    const line = lines.at(-1) ?? '';
    if (line.length + part.length > width) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => row.map((cell, i) => broken(cell, COLUMNS[i] ?? 40))));
  return drawn.toString();
}

const said = ({ path, was, instead }: Written): string =>
  ({
    written: `  ${path}`,
    same: `  ${path}  (as it was)`,
    kept: `  ${path}  KEPT: yours stays; the new one is ${instead}`,
  })[was];

/** The report for people: what was written, then what is lost, to do and changed, with its place in the source. */
export function printImport({ tool, from, files, counts, remarks }: ImportReport): string {
  const parts = ORDER.flatMap((severity) => {
    const rows = remarks.filter((r) => r.severity === severity).map((r) => [r.what, r.place, r.instead ?? '']);
    return rows.length === 0 ? [] : ['', MEANING[severity], table(['What', 'Where in the source', 'Instead'], rows)];
  });
  return [
    `Imported from ${tool}: ${from.join(', ')}`,
    ...files.map(said),
    ...parts,
    '',
    `${counts.lost} lost, ${counts.todo} to do, ${counts.changed} changed. Journeys are drafts: nothing is sent.`,
  ].join('\n');
}
