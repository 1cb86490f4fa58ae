import { styleText } from 'node:util';
import type { DnsRecord, Finding, Level } from '#shared/domain/finding.ts';
import type { DoctorResult } from './doctor.ts';

const MARKS: Readonly<Record<Level, string>> = { good: 'ok', advice: 'better', bad: 'MEND', unknown: '?' };
const COLOURS = { good: 'green', advice: 'yellow', bad: 'red', unknown: 'yellow' } as const;

const ENDS: Readonly<Record<Level, string>> = {
  good: 'All is right.',
  advice: 'Mails can go. What could be better is above.',
  unknown: 'Not everything could be looked at. Ask again.',
  bad: 'Mend what is marked MEND before mails go: they would be lost, or be taken for spam.',
};

/** What others have written into the DNS is shown without what a terminal would obey, and not at any length. */
const shown = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, '\u{fffd}').replace(/^(.{600}).+$/su, '$1...');

export function printDoctor({ domain, worst, findings }: DoctorResult): string {
  return [`${domain}\n`, ...findings.map(lines), `\n${ENDS[worst]}\n`].join('');
}

function lines({ about, level, says, todo, records = [] }: Finding): string {
  const mark = styleText(COLOURS[level], MARKS[level].padEnd(6), { stream: process.stdout });
  return [
    `${mark} ${about.padEnd(9)}  ${shown(says)}\n`,
    todo === undefined ? '' : `${INDENT}${shown(todo)}\n`,
    ...records.map((record) => `${INDENT}    ${pasted(record)}\n`),
  ].join('');
}

const INDENT = ' '.repeat(18);

/** As the file of a zone has it: strings of a TXT are 255 characters at most. */
const pasted = ({ name, type, value }: DnsRecord): string =>
  `${name}.  ${type}  ${type === 'TXT' ? (shown(value).match(/.{1,255}/gsu) ?? []).map((part) => `"${part}"`).join(' ') : `${shown(value)}.`}`;
