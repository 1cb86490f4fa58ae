/** How much room characters take, in a terminal and in a picture. */

const NOTHING = /[\p{Mn}\p{Me}\p{Cf}]/u;
const PICTURE = /\p{Extended_Pictographic}|\p{RI}/u;
/** East Asian scripts, whose characters are as wide as they are high. */
const SQUARE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

type Kind = 'nothing' | 'picture' | 'square' | 'letter';

export function kindOf(character: string): Kind {
  if (character < '\u0300' && character !== '\u00a9' && character !== '\u00ae') return 'letter';
  if (NOTHING.test(character)) return 'nothing';
  if (PICTURE.test(character)) return 'picture';
  return SQUARE.test(character) ? 'square' : 'letter';
}

const COLUMNS: { readonly [K in Kind]: number } = { nothing: 0, picture: 2, square: 2, letter: 1 };

/** Columns of a terminal. Where terminals differ, the most. */
export const columnsOf = (text: string): number => [...text].reduce((sum, c) => sum + COLUMNS[kindOf(c)], 0);

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What a reader takes for one character: a letter with its accents, a family of emoji. */
export const graphemesOf = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);
