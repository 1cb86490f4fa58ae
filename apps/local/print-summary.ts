import Table from 'cli-table3';
import * as z from 'zod';
import type { Bucket } from '#shared/ports.ts';
import { PRICES_OF, usd } from './meter.ts';
import type { EventCounts, JourneySummary, Summary } from './summary.ts';

const n = (value: number): string => value.toLocaleString('en');
/** The most frequent first. */
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${n(count)}`)
    .join(', ') || 'none';

const table = (head: string[], rows: string[][]): string => {
  const drawn = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  drawn.push(...rows);
  return drawn.toString();
};

/** What happened, for people: contacts and events, each journey with its passages, each mail step with its mails. */
export function printSummary(summary: Summary, { rejectedFile }: { rejectedFile?: string } = {}): string {
  const { rows, contacts, journeys, meter, seconds } = summary;
  const named = Object.entries(journeys);
  const passages = named.map(([id, j]) => [
    id,
    ...[j.entries, j.inside, j.held, j.converted, j.finished].map(n),
    listed(j.exited),
  ]);
  const mails = named.flatMap(([id, j]) =>
    Object.entries(j.messages).map(([step, m]) => [`${id} / ${step}`, n(m.sent), n(m.unknown), listed(m.withheld)]),
  );
  const costs = `${n(meter.transitions)} transitions, ${n(meter.lambda)} Lambda calls, ${n(Math.round(meter.tableRead))} read and ${n(Math.round(meter.tableWrite))} write units`;
  return [
    ...(rows.read > 0 ? [rowsLine(rows)] : []),
    ...(rejectedFile !== undefined && rows.read > rows.used ? [`Rejected  in ${rejectedFile}`] : []),
    eventsLine(summary.events),
    `Contacts  ${n(contacts)}`,
    '',
    table(['Journey', 'entered', 'inside', 'held', 'converted', 'finished', 'left'], passages),
    ...named.flatMap(([id, journey]) => goalLine(id, journey)),
    '',
    table(['Mail', 'sent', 'unknown', 'withheld'], mails),
    '',
    `On AWS this run would be ${costs}, ${n(meter.mails)} mails: about $${usd(meter).toFixed(2)} at list prices of ${PRICES_OF}. It took ${seconds} s here.`,
  ].join('\n');
}

/** Goals that the table does not show: of who had left before, or gets nothing for comparison. */
function goalLine(id: string, { held, converted, reached, heldReached }: JourneySummary): string[] {
  const [others, more] = [reached - converted, heldReached > 0];
  const said = [
    ...(others > 0 ? [`${n(others)} more reached the goal, still inside or after they had left`] : []),
    ...(more ? [`${n(heldReached)} of ${n(held)} held out reached it`] : []),
  ];
  return said.length === 0 ? [] : [`${id}: ${said.join('; ')}`];
}

const rowsLine = ({ read, used, rejected }: Summary['rows']): string =>
  `Rows      ${n(read)} read, ${n(used)} used, rejected: ${listed(rejected)}`;

function eventsLine({ derived, recorded, duplicates, parked, deadLetters, byType }: EventCounts): string {
  const unusable = `${n(deadLetters)} dead letters, ${n(parked - deadLetters)} parked`;
  return `Events    ${n(derived)} came: ${n(recorded)} recorded, ${n(duplicates)} duplicates, ${unusable} (${listed(byType)})`;
}

const reportSchema = z.object({ remarks: z.array(z.object({ severity: z.string() })) });

/** The reports of files that are not published as they stand; nothing when all is well. */
export async function printReports(bucket: Bucket): Promise<string> {
  const keys = (await bucket.list('reports/')).filter((key) => key.endsWith('.json'));
  const texts = await Promise.all(
    keys.map(async (key) => {
      const report = reportSchema.parse(JSON.parse((await bucket.get(key))?.body ?? '{"remarks":[]}'));
      const refused = report.remarks.some(({ severity }) => severity === 'error');
      return refused ? ((await bucket.get(key.replace(/\.json$/, '.txt')))?.body ?? '') : '';
    }),
  );
  return texts.join('');
}
