import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolNamed, readPool } from '#shared/coupon/pool-file.ts';

const AROUND = { zone: 'Europe/Warsaw', now: '2026-03-02T09:00:00.000Z' };
const read = (text: string, key = 'pools/cart-10.csv') => readPool(key, text, AROUND);
const codes = (text: string) => read(text).codes.map(({ code }) => code);
const said = (text: string, key?: string) =>
  read(text, key).remarks.map(({ line, code, message }) => `${line} ${code} ${message}`);

describe('a file of codes', () => {
  it.each([
    ['a code a line', 'AA-1\nBB-2\n'],
    ['a name for its column', 'code\nAA-1\nBB-2\n'],
    ['a name written otherwise, quotes, and the line ends of Windows', '"Code"\r\n"AA-1"\r\nBB-2\r\n'],
    ['the mark that Excel puts first, and empty lines', '\uFEFFcode\n\nAA-1\n  \nBB-2'],
    ['columns that nobody knows', 'id,code,discount\n1,AA-1,10\n2,BB-2,10\n'],
    ['semicolons', 'code;expires\nAA-1;\nBB-2;\n'],
    ['an old Mac behind it', 'AA-1\rBB-2\r'],
    ['spaces around', ' AA-1 \n\tBB-2'],
  ])('may have %s', (_, text) => {
    expect(codes(text)).toEqual(['AA-1', 'BB-2']);
    expect(said(text)).toEqual([]);
  });

  it('may say when a code ends: with that day in the shop, or at a moment', () => {
    const text = 'code,expires\nDAY,2026-12-24\nMOMENT,2026-12-24T10:00Z\nNEVER,\n';
    expect(read(text).codes).toEqual([
      { code: 'DAY', until: '2026-12-24T23:00:00.000Z' },
      { code: 'MOMENT', until: '2026-12-24T10:00:00.000Z' },
      { code: 'NEVER' },
    ]);
  });

  it('may say the end before the code, and have codes as long as any', () => {
    expect(read(`expires,code\n 2026-12-24 ,${'x'.repeat(64)}\n,AA-1\n`).codes).toEqual([
      { code: 'x'.repeat(64), until: '2026-12-24T23:00:00.000Z' },
      { code: 'AA-1' },
    ]);
  });

  it('tells of fifty lines that are left out, and counts the others', () => {
    const bad = (n: number) => `AA-1\n${Array.from({ length: n }, (_, i) => `bad ${i}\n`).join('')}`;
    expect(said(bad(50)).filter((one) => one.includes('left out'))).toHaveLength(50);
    expect(said(bad(51)).filter((one) => one.includes('This line is left out'))).toHaveLength(50);
    expect(read(bad(51)).refused).toBe(51);
  });

  it('has no code that ends at this very moment', () => {
    expect(said('code,expires\nXX,2026-03-02T09:00Z\nYY,2026-03-02T09:00:01Z\nZZ,\n')).toEqual([
      '2 W55 "XX" has expired. This line is left out.',
    ]);
  });

  it.each([
    ['aa-1', 'The code of line 1 stands here again.'],
    ['SAVE 10', '"SAVE 10" has a space or an unprintable sign in it.'],
    ['"AA', 'A quote is not closed.'],
    ['"AA"B', 'Text follows a quote.'],
    [`${'x'.repeat(65)}`, 'A code has at most 64 characters.'],
    ['XX,soon', '"soon" is no date. Write "2026-12-24".'],
    ['XX,2026-03-01', '"XX" has expired.'],
    [',2026-12-24', 'There is no code.'],
  ])('leaves out the line %s and takes the others', (line, why) => {
    const text = `AA-1\n${line}\nBB-2\n`;
    expect(codes(text)).toEqual(['AA-1', 'BB-2']);
    expect(said(text)).toEqual([`2 W55 ${why} This line is left out.`]);
    expect(read(text).refused).toBe(1);
  });

  it.each([
    ['has no line', '', '1 E49 This file has no codes.'],
    ['has a header and nothing below', 'code\n', '1 E49 This file has no codes.'],
    [
      'does not say which column is the code',
      'name,price,shop\na,b,c\n',
      '1 E49 Name the column of the codes "code", or leave only the codes in the file.',
    ],
    [
      'is in another encoding',
      'AA\uFFFD\n',
      '1 E54 This file is not in UTF-8, and its letters would be garbled. Save it again with the encoding UTF-8.',
    ],
    ['is too long', 'A'.repeat(8 * 1024 * 1024 + 1), '1 E51 A file of codes has at most 8 MB. Upload it in parts.'],
  ])('is refused when it %s', (_, text, what) => {
    expect(said(text)).toEqual([what]);
    expect(codes(text)).toEqual([]);
  });

  it('is refused when most of its lines are none', () => {
    expect(said('Dear Ann,\nhere are the codes\nyou asked for\nAA-1\n').at(-1)).toBe(
      '1 E49 Most lines of this file are no codes. Is it the right one?',
    );
  });

  it('has the name of its pool', () => {
    expect(poolNamed('pools/cart-10.csv')).toBe('cart-10');
    expect(said('AA-1', 'pools/Cart 10.csv')).toHaveLength(1);
  });

  it('is read in a second when it is as long as can be, and with a remark for few of its lines', () => {
    const many = Array.from({ length: 500_000 }, (_, i) => `CODE-${i}`).join('\n');
    expect(read(many).codes).toHaveLength(500_000);
    expect(said(`${many}\nONE-MORE`)).toEqual(['1 E51 A file has at most 500,000 codes. Upload it in parts.']);
    expect(said('A B\n'.repeat(10_000)).length).toBeLessThan(60);
  }, 20_000);

  it('is never an error of the program, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', ',', ';', '"', '\n', '\r', ' ', 'code', '\0', 'é', '2026') }),
        (text) => {
          const file = read(text);
          expect(new Set(file.codes.map(({ code }) => code.toLowerCase())).size).toBe(file.codes.length);
        },
      ),
    );
  });
});
