import Table from 'cli-table3';
import { plain } from '#shared/plain.ts';
import type { EndpointsReport } from './endpoints.ts';

const LEFT_OUT: Readonly<Record<keyof EndpointsReport['leftOut'], string>> = {
  'no-json': 'no line of JSON',
  'no-endpoint': 'no endpoint',
  inactive: 'inactive: another endpoint has its address, or it was taken away',
  'device-only': 'a device of nobody who is known by a user id',
  'no-address': 'an address that is not there',
};
const n = (count: number): string => count.toLocaleString('en');

/** What became of the endpoints, for a person, and what to type next. */
export function printEndpoints({ written, ...report }: EndpointsReport): string {
  const [contacts = '', out = '', notOut = '', left = ''] = written;
  const table = new Table({ head: ['', 'endpoints'], colAligns: ['left', 'right'], style: { head: [], border: [] } });
  table.push(['became contacts', n(report.contacts)]);
  for (const [reason, count] of Object.entries(report.leftOut))
    table.push([`left out: ${Object.entries(LEFT_OUT).find(([name]) => name === reason)?.[1] ?? reason}`, n(count)]);
  table.push(['in all', n(report.endpoints)]);
  return `${[
    `Read from ${report.files.join(', ')}`,
    table.toString(),
    `${contacts}  who they are`,
    `${out}  ${n(report.optedOut)} addresses whose owners wanted no more`,
    `${notOut}  ${n(report.notOptedOut)} addresses that were not opted out: that is no consent, see below`,
    `${left}  what was left out, with the reason`,
    ...(report.several.length > 0
      ? [
          '',
          `Some have several values of ${plain(report.several.join(', '))}: declare them as "texts" in the traits of settings.json.`,
        ]
      : []),
    '',
    'Next, with --data DIR in place of --stage on a laptop:',
    `  npx tropa import contacts ${contacts} --stage STAGE --dry-run`,
    `  npx tropa import consents ${out} --stage STAGE`,
    'Only if you can show where and when they said yes:',
    `  npx tropa import consents ${notOut} --stage STAGE --topic TOPIC --state granted --source "WHERE THEY SAID YES"`,
  ].join('\n')}\n`;
}
