/** A mutant that no test can kill, since it does the same as the code. */
export interface Explained {
  readonly file: string;
  /** What its line contains. */
  readonly line: string;
  readonly replacement: string;
  readonly why: string;
}

/** Survivors that may stay. They count as survivors all the same. */
export const EXPLAINED: readonly Explained[] = [
  {
    file: 'shared/money/decimal.ts',
    line: 'if (scale <= places)',
    replacement: 'scale < places',
    why: 'With as many places as asked for a unit is 1, and nothing is rounded.',
  },
  {
    file: 'shared/money/decimal.ts',
    line: 'digits < 0n ? -unit',
    replacement: 'digits <= 0n',
    why: 'Half a unit more or less than nothing is cut off again.',
  },
  {
    file: 'shared/money/decimal.ts',
    line: 'const magnitude = String(',
    replacement: 'units <= 0n',
    why: '-0n is 0n.',
  },
];
