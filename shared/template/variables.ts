import { htmlEngine, parseLiquid } from './liquid.ts';

/** A variable where it is printed or asked, by line and column of the text. */
export type Variable = { readonly path: string; readonly line: number; readonly column: number };

/**
 * What the text reads from outside: paths with dots, as far as they are fixed (`trigger.items`, not the names of a loop
 * or of an `assign`). Empty for text that is not Liquid; parseLiquid says what is wrong with it.
 */
export function variablesOf(text: string): readonly Variable[] {
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
