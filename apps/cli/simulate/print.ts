import { styleText } from 'node:util';
import Table from 'cli-table3';
import { sayMoment } from '#shared/story/words.ts';
import type { Simulated, TableRow } from './simulate.ts';

const WIDTH = 120;
const LEAST = 90;
const MOMENT = 22;
const SINCE = 14;
const MARK = 3;
/** Of the room beside the moments, what happens takes the larger part. */
const WHAT = 0.55;

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((place) => [place, '']),
);

/** The table for people. A moment is said once; what the contact does is marked. */
export function printTable(told: Simulated, columns = WIDTH): string {
  const room = Math.min(Math.max(columns, LEAST), WIDTH) - MOMENT - SINCE - MARK;
  const what = Math.floor(room * WHAT);
  const table = new Table({
    head: ['when', 'after', '', 'what', 'why'],
    chars: NO_LINES,
    colWidths: [MOMENT, SINCE, MARK, what, room - what],
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const [i, row] of told.rows.entries()) table.push(cells(row, told.rows[i - 1]));
  const faults = told.impossible.map((fault) => `Could not happen: ${fault}.\n`);
  return `${heading(told)}\n\n${told.rows.length > 0 ? trimmed(String(table)) : 'Nothing happens.'}\n\n${faults.join('')}${ending(told)}\n`;
}

const trimmed = (text: string): string => text.replace(/ +$/gm, '');

function cells(row: TableRow, before: TableRow | undefined): string[] {
  const isNew = before?.at !== row.at;
  const moment = isNew ? [row.local, row.since] : ['', ''];
  return [...moment, row.by === 'contact' ? '»' : '', row.what, row.why];
}

function heading({ journey, name, zone, start, contact }: Simulated): string {
  const { traits = {}, tags = [], consents = {} } = contact;
  const agreed = Object.entries(consents).flatMap(([channel, topics]) =>
    topics.length > 0 ? [`${topics.join(', ')} (${channel})`] : [],
  );
  const who = [
    `agreed to ${agreed.join('; ') || 'nothing'}`,
    ...(tags.length > 0 ? [`tagged ${tags.join(', ')}`] : []),
    ...Object.entries(traits).map(([trait, value]) => `${trait} ${JSON.stringify(value)}`),
  ];
  return `${styleText('bold', journey)}  ${name}, from ${sayMoment(start, zone)} (${zone})\nContact: ${who.join('; ')}`;
}

function ending({ outcome, step, end, zone }: Simulated): string {
  const stands = step === undefined ? '' : `, at "${step}"`;
  return `At the end, ${sayMoment(end, zone)}: ${outcome === 'not-entered' ? 'never entered' : `${outcome}${stands}`}.`;
}
