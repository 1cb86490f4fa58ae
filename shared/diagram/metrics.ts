import { kindOf } from './characters.ts';

/**
 * Widths of text, without the font at hand: those of DejaVu Sans, which is wider than what other machines put in its
 * place. So nothing runs over, and elsewhere there is a little more air.
 */
export type Face = { readonly size: number; readonly bold?: boolean; readonly mono?: boolean };

/** Hundredths of the size, from the space on. */
const ASCII = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
  84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
  69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
  82, 59, 59, 52, 64, 34, 64, 84,
];
const MONO = 61;
const BOLDER = 1.16;

/** Latin with accents, Greek and Cyrillic: a few of them are as wide as two. */
const EUROPEAN = /[\u00a1-\u024f\u0370-\u052f\u2010-\u2027]/u;
const BROAD = /[\u0152\u0153\u00c6\u00e6\u00a9\u00ae\u00bc-\u00be\u2014\u2026жмфшщыюЖМФШЩЫЮљњЉЊѠ-\u0481\u0482-\u052f]/u;

const isEuropean = (character: string): boolean => EUROPEAN.test(character);

/** From Hebrew to the scripts of India and Siam. */
const SOUTHERN = /[\u0590-\u0fff\ufb1d-\ufdef\ufe70-\ufefc]/u;
/** Of these the picture sets the width, so that it need be no more than about right. */
const OTHERS = { nothing: 0, picture: 135, square: 104, letter: 100 } as const;

function hundredths(character: string, mono: boolean): number {
  const code = character.codePointAt(0) ?? 0;
  const ascii = ASCII[code - 32];
  if (ascii !== undefined) return mono ? MONO : ascii;
  if (!isEuropean(character))
    return SOUTHERN.test(character) && kindOf(character) === 'letter' ? 68 : OTHERS[kindOf(character)];
  if (BROAD.test(character)) return 112;
  return character === character.toLowerCase() ? 70 : 84;
}

/** About how wide the text is, in the unit of the size; rather more than less. */
export function widthOf(text: string, { size, bold = false, mono = false }: Face): number {
  const sum = [...text].reduce((total, character) => total + hundredths(character, mono), 0);
  return (sum / 100) * size * (bold && !mono ? BOLDER : 1);
}

/** Whether its width is known well enough to be trusted; where it is not, the picture sets it. */
export const isSure = (text: string): boolean => [...text].every((c) => c < '\u007f' || isEuropean(c));
