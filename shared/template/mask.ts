import { positions } from '#shared/publish/syntax.ts';
import { replaceSpans, spansOf } from './spans.ts';

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

/** The pieces of Liquid in a text. */
export const liquidIn = (text: string) =>
  spansOf(text, [
    ['{{', '}}'],
    ['{%', '%}'],
  ]);
/** What Outlook reads looks like a comment to everybody else. */
const FOR_OUTLOOK = /^<!--(?:\[if|<!\[endif)/;

/** As long as it was and with its line breaks, so that everything else keeps its place. */
const blank = (text: string, filling: string): string => text.replace(/[^\n]/g, filling);

/** Comments are not sent; those that are read by Outlook are. */
const withoutComments = (text: string): string =>
  replaceSpans(text, spansOf(text, [['<!--', '-->']]), (comment) =>
    FOR_OUTLOOK.test(comment) ? comment : blank(comment, ' '),
  );

/** The layout alone, everything at its place. */
export function withoutLiquid(given: string): string {
  const text = withoutComments(given);
  return replaceSpans(text, liquidIn(text), (piece) => blank(piece, 'x'));
}

/** A word that the text does not have. */
function wordFor(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/tropaliquid(x*)/g)].map(([, tail = '']) => tail.length + 1));
  return `tropaliquid${'x'.repeat(longest)}`;
}

export function mask(given: string): Masked {
  const source = withoutComments(given);
  const word = wordFor(source);
  const pieces: { piece: string; offset: number }[] = [];
  const text = replaceSpans(source, liquidIn(source), (piece, offset) => {
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
