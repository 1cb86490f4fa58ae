import { createHash } from 'node:crypto';

/** A line of a file, counted from 1. */
export interface Line {
  readonly file: string;
  readonly line: number;
}

/** The lines of a file that hold code. */
export const codeLines = (file: string, text: string): readonly Line[] =>
  text
    .split('\n')
    .flatMap((code, i) => (/^\s*(\/\/|\/?\*|import |[)\]}]*[;,]?\s*$)/.test(code) ? [] : [{ file, line: i + 1 }]));

/** So many of the lines, as if drawn by lot: always the same ones for a seed. */
export function sampled(lines: readonly Line[], most: number, seed: string): readonly Line[] {
  const lot = ({ file, line }: Line): string => createHash('sha256').update(`${seed} ${file} ${line}`).digest('hex');
  return lines
    .map((line) => ({ line, drawn: lot(line) }))
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1))
    .slice(0, most)
    .map(({ line }) => line);
}
