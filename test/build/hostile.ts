import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { readPool } from '#shared/coupon/pool-file.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { checkTest } from '#shared/publish/check-test.ts';
import type { Remark } from '#shared/publish/remarks.ts';
import { context } from './checked.ts';

/** So many letters of it: just below what a file may have. */
export const many = (piece: string, length = 250_000): string => piece.repeat(length / piece.length);

const LAYOUT = '<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>';
const { settings } = context();

/** What publish says of a text, as each kind of file that is JSON. */
export const KINDS: Readonly<Record<string, (text: string) => readonly Remark[] | Promise<readonly Remark[]>>> = {
  journey: (text) => checkJourney('journeys/j.json', text, context()).remarks,
  segment: (text) => checkSegment('segments/s.json', text, context()).remarks,
  settings: (text) => checkSettings(text, { context: context() }).remarks,
  'test file': (text) => checkTest(text, {}).remarks,
  'front data': async (text) => {
    const file = `---\n${text}\n---\n${LAYOUT}`;
    return (await checkTemplate('templates/hello/email.mjml', file, { compiler: mjmlCompiler, settings })).remarks;
  },
};

/** What publish says of a file of codes. */
export const poolRemarks = (text: string): readonly Remark[] =>
  readPool('pools/gift.csv', text, { zone: 'Europe/Warsaw', now: '2026-03-02T09:00:00.000Z' }).remarks;

/** Files of JSON that are made to do harm, each with what is said of it first. */
export const HARMS: Readonly<Record<string, readonly [text: string, said: RegExp]>> = {
  'of 10 MB': [many('x', 10_000_000), /^E51 A file has at most 256 KB\. Make two of it/],
  'of brackets 100,000 deep': [
    many('[', 100_000),
    /^E51 Brackets stand within brackets more than 100 deep here\. Look for/,
  ],
  'of objects 40,000 deep': [
    many('{"a":', 200_000),
    /^E51 Brackets stand within brackets more than 100 deep here\. Look for/,
  ],
  'with one key 40,000 times': [`{${many('"a":1,', 240_000)}"a":1}`, /^E49 "a" stands here already, on line \d+\. /],
  'with another prototype': ['{ "__proto__": { "id": "j" } }', /^E49 "__proto__" cannot be a key\. Choose another/],
  'with another prototype inside': [
    '{ "note": { "__proto__": {} } }',
    /^E49 "__proto__" cannot be a key\. Choose another/,
  ],
  'with half a letter': [
    '{ "note": "a\\ud83d" }',
    /^E49 This text has half a letter in it, a "\\ud\.\.\." without its other half\.$/,
  ],
  'of comments that do not end': [many('/*'), /^E\d\d .+\.$/],
  'of quotes that do not end': [many('"\n'), /^E\d\d .+\.$/],
  'of numbers without an end': [`{ "a": ${many('9')} }`, /^E\d\d .+\.$/],
  'that is nothing': ['null', /^E49 .+, not null\.$/],
  'that is a list': ['[]', /^E49 .+, not a list\.$/],
};

/** Files of codes that are made to do harm. */
export const POOL_HARMS: Readonly<Record<string, readonly [text: string, said: RegExp]>> = {
  'of 10 MB': [many('x', 10_000_000), /^E51 A file of codes has at most 8 MB\. Upload it in parts\.$/],
  'of more codes than a file may have': [
    Array.from({ length: 500_001 }, (_, i) => `c${i}`).join('\n'),
    /^E51 A file has at most 500,000 codes\. Upload it in parts\.$/,
  ],
  'of one code again and again': [many('same\n', 2_000_000), /^W55 The code of line 1 stands here again\./],
  'of one code without an end': [many('x', 8_000_000), /^W55 A code has at most \d+ characters\./],
  'of quotes that do not end': [many('"\n', 1_000_000), /^W55 A quote is not closed\./],
  'of far more lines than codes': [many('"\n', 8_000_000), /^E51 A file has at most 500,000 codes\./],
  'of commas': [`code\n${many(',', 8_000_000)}`, /^W55 There is no code\./],
  'of brackets': [many('[', 100_000), /^W55 A code has at most \d+ characters\./],
  'of half letters': [many('\ud83d\n', 2_000_000), /^W55 ".+" has a space or an unprintable sign in it\./],
  'with nothing but line ends': [many('\n', 8_000_000), /^E49 This file has no codes\.$/],
};
