import Table from 'cli-table3';
import * as z from 'zod';
import type { Bucket } from '#shared/ports.ts';
import { PRICES_OF, usd } from './meter.ts';
import type { JourneySummary, Summary } from './summary.ts';

const n = (value: number): string => value.toLocaleString('en');
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
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

const exits = (journey: JourneySummary): number => Object.values(journey.exited).reduce((a, b) => a + b, 0);

/** What happened, for people: contacts and events, each journey with its passages, each mail step with its mails. */
export function printSummary(summary: Summary): string {
  const { rows, events, contacts, journeys, meter, seconds } = summary;
  const named = Object.entries(journeys);
  const passages = named.map(([id, j]) => [
    id,
    ...[j.entries, j.inside, j.held, j.converted, j.finished, exits(j)].map(n),
  ]);
  const mails = named.flatMap(([id, j]) =>
    Object.entries(j.messages).map(([step, m]) => [`${id} / ${step}`, n(m.sent), n(m.unknown), listed(m.withheld)]),
  );
  const costs = `${n(meter.transitions)} transitions, ${n(meter.lambda)} Lambda calls, ${n(Math.round(meter.tableRead))} read and ${n(Math.round(meter.tableWrite))} write units`;
  return [
    ...(rows.read > 0
      ? [`Rows      ${n(rows.read)} read, ${n(rows.used)} used, rejected: ${listed(rows.rejected)}`]
      : []),
    `Events    ${n(events.derived)} came: ${n(events.recorded)} recorded, ${n(events.duplicates)} duplicates, ${n(events.parked)} parked (${listed(events.byType)})`,
    `Contacts  ${n(contacts)}`,
    '',
    table(['Journey', 'entered', 'inside', 'held', 'converted', 'finished', 'left'], passages),
    '',
    table(['Mail', 'sent', 'unknown', 'withheld'], mails),
    '',
    `On AWS this run would be ${costs}, ${n(meter.mails)} mails: about $${usd(meter).toFixed(2)} at list prices of ${PRICES_OF}. It took ${seconds} s here.`,
  ].join('\n');
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
