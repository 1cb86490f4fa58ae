import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, graphemesOf } from '#shared/diagram/characters.ts';
import { isSure, widthOf } from '#shared/diagram/metrics.ts';
import { plain } from '#shared/diagram/plain.ts';
import { wrap } from '#shared/diagram/wrap.ts';
import { anyText } from '#test/build/random-text.ts';

describe('wrapping', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['', 7, []],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['second-reminder', 10, ['second-', 'reminder']],
    ['a.bcdefghijk', 10, ['a.bcdefghi', 'jk']],
    ['x abcdefgh y', 5, ['x', 'abcde', 'fgh y']],
    ['新しいお客様', 4, ['新し', 'いお', '客様']],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3, ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']],
  ])('%j in %i columns is %j', (text, columns, lines) => {
    expect(wrap(text, columns, columnsOf)).toEqual(lines);
  });

  it('loses nothing, and makes no line wider than asked unless one character is', () => {
    fc.assert(
      fc.property(anyText(120).map(plain), fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const lines = wrap(text, columns, columnsOf);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        expect(lines.filter((line) => columnsOf(line) > columns && graphemesOf(line).length > 1)).toEqual([]);
      }),
    );
  });
});

describe('the estimated width', () => {
  const face = { size: 10 };

  it.each([
    ['', 0],
    ['iii', 8.4],
    ['WWW', 29.7],
    ['Ж', 11.2],
    ['漢', 10.4],
    ['ש', 6.8],
  ])('of %j is %f', (text, width) => {
    expect(widthOf(text, face)).toBeCloseTo(width);
  });

  it('grows with the size and the weight, and is even in a fixed pitch', () => {
    expect(widthOf('abc', { size: 20 })).toBeCloseTo(2 * widthOf('abc', face));
    expect(widthOf('abc', { size: 10, bold: true })).toBeGreaterThan(widthOf('abc', face));
    expect(widthOf('iii', { size: 10, mono: true })).toBe(widthOf('WWW', { size: 10, mono: true }));
  });

  it('is sure of European letters and of nothing else', () => {
    expect(['Hello', 'Łódź', 'Ждём', 'Ωmega'].map(isSure)).toEqual([true, true, true, true]);
    expect(['שלום', '漢字', '👍', 'a\u0301'].map(isSure)).toEqual([false, false, false, false]);
  });
});

describe('plain text', () => {
  it.each([
    ['  two\r\n lines ', 'two lines'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['half \ud800', 'half \ufffd'],
    ['\uffff', '\ufffd'],
    ['<b>&', '<b>&'],
  ])('of %j is %j', (text, words) => {
    expect(plain(text)).toBe(words);
  });
});
