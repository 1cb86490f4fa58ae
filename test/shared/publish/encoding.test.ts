import { expect, it } from 'vitest';
import { garbled } from '#shared/publish/encoding.ts';
import { parseJsonc } from '#shared/publish/parse.ts';

const TEXT = '{\n  "name": "Привіт, świecie" }';
/** What a bucket makes of bytes that it takes for UTF-8. */
const read = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const LATIN = Uint8Array.from([...'{\n  "name": "Se\u00f1or" }'].map((letter) => letter.charCodeAt(0)));

it.each([
  ['UTF-8', read(new TextEncoder().encode(TEXT))],
  ['UTF-8 with a mark', `\uFEFF${TEXT}`],
])('a file in %s is fine', (_, text) => expect(garbled(text)).toBeUndefined());

it.each([
  ['Latin-1', read(LATIN), 2, 14],
  ['UTF-16 with a mark', read(Buffer.from(`\uFEFF${TEXT}`, 'utf16le')), 1, 1],
  ['UTF-16', read(Buffer.from('{ }', 'utf16le')), 1, 2],
])('a file in %s gets one remark, where it begins to be garbled', (_, text, line, column) => {
  expect(parseJsonc(text).remarks).toEqual([expect.objectContaining({ code: 'E54', line, column })]);
});
