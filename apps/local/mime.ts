import { encodedWords, mailAddress } from '#shared/message/mail-address.ts';
import type { Mail } from '#shared/ports.ts';
import { withoutLinkTags } from '#shared/template/link-names.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';

/** A line of a mail has 76 characters at most, where it can be broken (RFC 2045 and 2047). */
const LINE = 76;
const BREAK = '\r\n';

/**
 * A mail as a mailbox gets it: what SES makes of the request (RFC 5322, MIME). Of links that SES rewrites to see clicks, and of its own
 * headers, nothing is known here.
 */
export function mimeOf(mail: Mail, { id, at }: { readonly id: string; readonly at: Instant }): string {
  const { from, to, replyTo, subject, html, text, headers } = mail;
  const head: readonly (readonly [name: string, value: string])[] = [
    ['Date', new Date(toMillis(at)).toUTCString().replace('GMT', '+0000')],
    ['From', mailAddress(from)],
    ...(replyTo === undefined ? [] : [['Reply-To', mailAddress(replyTo)] as const]),
    ['To', to],
    ['Message-ID', `<${id}@mail.localhost>`],
    ['Subject', wordsOf(subject)],
    ...headers.map(({ name, value }) => [name, value] as const),
    ['MIME-Version', '1.0'],
  ];
  const lines = head.map(([name, value]) => folded(name, value));
  const plain = part('text/plain', text);
  if (html === undefined) return [...lines, plain].join(BREAK);
  const boundary = `----=_${id}`;
  return [
    ...lines,
    folded('Content-Type', `multipart/alternative; boundary="${boundary}"`),
    '',
    // The last is the best.
    ...[plain, part('text/html', withoutLinkTags(html))].flatMap((each) => [`--${boundary}`, each]),
    `--${boundary}--`,
    '',
  ].join(BREAK);
}

const part = (type: string, body: string): string =>
  [
    `Content-Type: ${type}; charset=UTF-8`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    quotedPrintable(body),
  ].join(BREAK);

/** Of an encoded word, the bytes that fit into the line of the longest name here. */
const BYTES_A_WORD = 39;
/** What can stand in a header as it is: spaces that folding leaves alone, and nothing that passes for an encoded word. */
const AS_IT_IS = /^(?! )(?!.* {2})(?!.*=\?)[\x20-\x7e]*(?<! )$/;

const wordsOf = (text: string): string => (AS_IT_IS.test(text) ? text : encodedWords(text, BYTES_A_WORD).join(' '));

/** A long header goes on in the next line, which begins with a space. A line break of its own would begin another header. */
function folded(name: string, value: string): string {
  const [first = '', ...words] = value.replaceAll(/[\r\n]+/g, ' ').split(' ');
  const lines = [`${name}: ${first}`];
  for (const word of words) {
    const line = lines.pop() ?? '';
    lines.push(...(line.length + 1 + word.length > LINE ? [line, ` ${word}`] : [`${line} ${word}`]));
  }
  return lines.join(BREAK);
}

/** RFC 2045, section 6.7. */
function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => brokenUp(line))
    .join(BREAK);
}

const PLAIN = /^[\t\x20-\x3c\x3e-\x7e]$/;

function brokenUp(line: string): string {
  const bytes = [...Buffer.from(line, 'utf8')].map((byte) => String.fromCharCode(byte));
  const signs = bytes.map((sign, i) => {
    // White space at the end of a line may be lost on the way.
    const isPlain = PLAIN.test(sign) && (i < bytes.length - 1 || !/[\t ]/.test(sign));
    return isPlain ? sign : `=${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const lines = [''];
  for (const [i, sign] of signs.entries()) {
    const last = lines.pop() ?? '';
    // A line that goes on ends with "=".
    const room = i === signs.length - 1 ? LINE : LINE - 1;
    lines.push(...(last.length + sign.length > room ? [`${last}=`, sign] : [last + sign]));
  }
  return lines.join(BREAK);
}
