import { createHash } from 'node:crypto';

const hash = (file: string): string => createHash('sha256').update(file).digest('hex');

/** So many of the files, as if drawn by lot, and always the same ones. */
export const sampled = (files: readonly string[], most: number): readonly string[] =>
  files
    .map((file) => ({ file, drawn: hash(file) }))
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1))
    .slice(0, most)
    .map(({ file }) => file)
    .sort();
