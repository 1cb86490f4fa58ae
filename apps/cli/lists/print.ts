import Table from 'cli-table3';
import type { ListReport } from './list.ts';

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

const n = (count: number): string => count.toLocaleString('en');

/** What became of a list, for a person. */
export function printList(report: ListReport): string {
  const { list, file, dryRun, rows, used, repeated, skipped, rejected, consents, suppressed, columns, undeclared } =
    report;
  const table = new Table({ head: ['', 'rows'], colAligns: ['left', 'right'], style: { head: [], border: [] } });
  table.push([dryRun ? 'would be imported' : 'imported', n(used)]);
  if (repeated > 0) table.push(['said before in this list', n(repeated)]);
  if (skipped > 0) table.push(['before --from-row', n(skipped)]);
  for (const [reason, count] of Object.entries(rejected)) table.push([`cannot be used: ${reason}`, n(count)]);
  table.push(['in the file', n(rows)]);
  const lines = [
    `${dryRun ? 'Tried only: nothing was changed.' : 'Imported'} ${list} from ${file}`.replace('. I', ': i'),
    table.toString(),
    ...said('Consents', consents),
    ...said('Suppressed', suppressed),
    `Columns: ${Object.entries(columns)
      .map(([name, meaning]) => (name === meaning ? name : `${name} = ${meaning === '-' ? 'left out' : meaning}`))
      .join('; ')}`,
  ];
  if (undeclared.length > 0)
    lines.push(
      `Not declared in settings.json, so kept as texts: ${undeclared.join(', ')}. Numbers and dates must be declared under "traits" before they are imported.`,
    );
  if (report.errors !== undefined)
    lines.push(
      `${n(total(rejected))} rows are in ${report.errors}, each with what is wrong. Mend them there and import that file.`,
    );
  return `${lines.join('\n')}\n`;
}

const said = (what: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(([name, count]) => `${what}: ${name}: ${n(count)}`);
