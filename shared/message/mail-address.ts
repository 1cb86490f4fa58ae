import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from '#shared/link/base64url.ts';

const NAMED = /^\s*(.*?)\s*<([^<>]+)>\s*$/s;
const ASCII = /^[\x20-\x7e]*$/;

/** An encoded word is at most 75 characters (RFC 2047, section 2); 45 bytes become 60 of base64. */
const BYTES_A_WORD = 45;

/**
 * An address as SES takes it, from `Name <a@b>` or `a@b`: a name in ASCII is quoted, so that commas and dots are safe;
 * any other is written as encoded words (RFC 2047), because SES takes no other characters there. Line breaks become
 * spaces: a header ends at them.
 */
export function mailAddress(text: string): string {
  const [, name = '', address = ''] = NAMED.exec(text) ?? [undefined, '', text.trim()];
  const shown = name
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll(/\\(.)/gs, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (shown === '') return address;
  return `${ASCII.test(shown) ? quoted(shown) : encodedWords(shown).join(' ')} <${address}>`;
}

const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`;

/** Text as encoded words (RFC 2047) of so many bytes each. They are cut between characters: each is decoded by itself. */
export function encodedWords(text: string, most = BYTES_A_WORD): readonly string[] {
  const words = [''];
  for (const character of text) {
    const word = words.pop() ?? '';
    words.push(...(utf8ToBytes(word + character).length > most ? [word, character] : [word + character]));
  }
  return words.map((word) => `=?UTF-8?B?${base64(word)}?=`);
}

function base64(text: string): string {
  const digits = toBase64Url(utf8ToBytes(text)).replaceAll('-', '+').replaceAll('_', '/');
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}
