import { bounded } from './bounded.ts';
import { htmlEngine, parseLiquid } from './liquid.ts';
import { liquidIn } from './mask.ts';

/** A variable where it is printed or asked, by line and column of the text. */
export type Variable = { readonly path: string; readonly line: number; readonly column: number };

/**
 * What the text reads from outside: paths with dots, as far as they are fixed (`trigger.items`, not the names of a loop
 * or of an `assign`). Empty for text that is not Liquid; parseLiquid says what is wrong with it.
 */
export const variablesOf = (text: string): readonly Variable[] => known.of(text, () => found(text));

/** As with what is parsed: one text is asked about several times in a row. */
const KEPT = 8;
const known = bounded<readonly Variable[]>(KEPT);

function found(text: string): readonly Variable[] {
  const result = parseLiquid(text);
  if ('problem' in result) return [];
  const { globals } = htmlEngine.analyzeSync(result.templates);
  return Object.values(globals)
    .flat()
    .map(({ segments, location }) => {
      const open = segments.findIndex((segment) => typeof segment === 'object' || typeof segment === 'number');
      const path = (open < 0 ? segments : segments.slice(0, open)).join('.');
      return { path, line: location.row, column: location.col };
    });
}

const ASKS = /^\{%-?\s*(?:if|elsif|unless|case|when)\b/;
const HAS_DEFAULT = /\|\s*default\b/;

/**
 * Paths that the text does without: printed with a `default` each time, or asked about in an `if`. Of an `if` it is not
 * looked at what it lets through: whoever asks has thought of it.
 */
export function guardedIn(text: string): readonly string[] {
  const bare = new Set(bareIn(text).map(({ path }) => path));
  return [...new Set(variablesOf(text).map(({ path }) => path))].filter((path) => !bare.has(path)).sort();
}

/** Where the text prints what it does not do without: each place of it, as the others may have a `default`. */
export function bareIn(text: string): readonly Variable[] {
  const lines = text.split('\n');
  const starts: number[] = [];
  for (let i = 0, at = 0; i < lines.length; at += (lines[i]?.length ?? 0) + 1, i += 1) starts.push(at);
  const pieces = liquidIn(text);
  const printed = variablesOf(text).map((variable) => {
    const { line, column } = variable;
    const offset = (starts[line - 1] ?? 0) + column - 1;
    const piece = pieces.find(({ start, end }) => start <= offset && offset < end);
    return { variable, path: variable.path, piece: piece ? text.slice(piece.start, piece.end) : '' };
  });
  const asked = new Set(printed.flatMap(({ path, piece }) => (ASKS.test(piece) ? [path] : [])));
  return printed.flatMap(({ variable, path, piece }) => (asked.has(path) || HAS_DEFAULT.test(piece) ? [] : [variable]));
}
