import { positions } from '#shared/publish/syntax.ts';
import type { LayoutProblem } from './compiler.ts';
import { liquidIn } from './mask.ts';

/** Tags within tags, blocks of Liquid within blocks. Everything that reads them is recursive. */
const DEEPEST = 100;

/** Tags without an end, and those whose end may be left out. */
const ENDLESS = ['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'];
const END_MISSING = ['p', 'li', 'dt', 'dd', 'option', 'tr', 'td', 'th', 'thead', 'tbody', 'tfoot'];
const TAG = /<(\/?)([a-z][a-z0-9-]*)(?:"[^"]*"|'[^']*'|[^"'<>])*?(\/?)>/gi;
const BLOCK = /\{%-?\s*(end)?(?:if|unless|for|case|tablerow)\b/g;

/** Where a layout becomes deeper than a mail ever needs; `layout` is without its Liquid. */
export function tooDeepLayout(layout: string): LayoutProblem | undefined {
  let depth = 0;
  for (const { 1: slash, 2: tag = '', 3: closed, index } of layout.matchAll(TAG)) {
    if (closed || ENDLESS.includes(tag.toLowerCase()) || END_MISSING.includes(tag.toLowerCase())) continue;
    depth += slash ? -1 : 1;
    if (depth > DEEPEST) return problem(layout, index, 'Tags stand within tags');
  }
  return undefined;
}

/** Pieces of Liquid in one template. The library looks for the line of each from the beginning of the text. */
const MOST_PIECES = 1000;

/** Where Liquid becomes more than a mail ever needs. */
export function tooMuchLiquid(text: string): LayoutProblem | undefined {
  const piece = liquidIn(text)[MOST_PIECES];
  const message = `A template has at most ${MOST_PIECES} pieces of Liquid.`;
  return piece ? { ...positions(text)(piece.start), message } : tooDeepLiquid(text);
}

/** Where the blocks of Liquid become deeper than that. */
function tooDeepLiquid(text: string): LayoutProblem | undefined {
  let depth = 0;
  for (const { 1: end, index } of text.matchAll(BLOCK)) {
    depth += end ? -1 : 1;
    if (depth > DEEPEST) return problem(text, index, 'Blocks stand within blocks');
  }
  return undefined;
}

const problem = (text: string, offset: number, what: string): LayoutProblem => ({
  ...positions(text)(offset),
  message: `${what} more than ${DEEPEST} deep here. Look for one too many.`,
});
