import { positions } from '#shared/publish/syntax.ts';

/**
 * Liquid is no MJML: `{% if a < b %}` looks like a tag to it and quotes end an attribute. So each piece of Liquid is
 * replaced by a word of letters while the layout is made, and put back afterwards. What has not come back was dropped.
 */
export type Masked = {
  readonly text: string;
  /** Puts the Liquid back. */
  restore(laidOut: string): string;
  /** Whether a text has such a word in it. */
  holds(text: string): boolean;
  /** The pieces whose words are not there any more, with where they stood. */
  missingFrom(laidOut: string): readonly { readonly piece: string; readonly line: number; readonly column: number }[];
};

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
/** Comments are not sent; those that are read by Outlook are. */
const COMMENT = /<!--(?!\[if|<!\[endif)[\s\S]*?-->/g;

/** As long as it was and with its line breaks, so that everything else keeps its place. */
const blank = (text: string, filling: string): string => text.replace(/[^\n]/g, filling);

/** The layout alone, everything at its place. */
export const withoutLiquid = (given: string): string =>
  given.replace(COMMENT, (comment) => blank(comment, ' ')).replace(LIQUID, (piece) => blank(piece, 'x'));

export function mask(given: string): Masked {
  const source = given.replace(COMMENT, (comment) => blank(comment, ' '));
  let word = 'tropaliquid';
  while (source.includes(word)) word += 'x';
  const pieces: { piece: string; offset: number }[] = [];
  const text = source.replace(LIQUID, (piece, offset: number) => {
    pieces.push({ piece, offset });
    // The lines of a piece are kept: MJML tells its errors by line.
    return `${word}${pieces.length - 1}z${'\n'.repeat(piece.split('\n').length - 1)}`;
  });
  const pattern = new RegExp(`${word}(\\d+)z`, 'g');
  const positionOf = positions(source);
  return {
    text,
    restore: (laidOut) => laidOut.replace(pattern, (_, n) => pieces[Number(n)]?.piece ?? ''),
    holds: (other) => other.includes(word),
    missingFrom(laidOut) {
      const there = new Set([...laidOut.matchAll(pattern)].map(([, n]) => Number(n)));
      return pieces.flatMap(({ piece, offset }, i) => (there.has(i) ? [] : [{ piece, ...positionOf(offset) }]));
    },
  };
}
