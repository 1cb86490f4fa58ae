import { remarkLines } from '#shared/publish/print.ts';
import type { Marked } from './mark.ts';

/** Gmail cuts a longer one. */
const MOST_KB = 102;

/** What there is to say of a mail, but for itself. */
export function printMail({ mail, made }: Marked, contact: string | undefined): string {
  const kilobytes = Math.ceil(Buffer.byteLength(mail.html ?? '') / 1024);
  const source = contact ?? 'its sample';
  return [
    made.name,
    `  Subject    ${mail.subject}`,
    `  Preheader  ${made.preheader || '(none)'}`,
    `  From       ${mail.from}`,
    `  Size       ${kilobytes} KB of the ${MOST_KB} that Gmail shows`,
    `  Headers    ${mail.headers.map(({ name }) => name).join(', ') || 'none of its own: no marketing'}`,
    ...made.missing.map((path) => `  Nothing is printed for ${path}: ${source} does not have it.`),
    ...remarkLines(made.remarks),
    '',
  ].join('\n');
}
