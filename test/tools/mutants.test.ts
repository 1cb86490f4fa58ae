import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPLAINED } from '../../tools/mutants/explained.ts';
import { counted, reasonOf, score, table, withRow } from '../../tools/mutants/report.ts';
import { codeLines, sampled } from '../../tools/mutants/sample.ts';
import { TOO_LONG } from '../../tools/mutants/tests.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const mutant = (file: string, status: string) => ({ file, status, place: '1:1', mutator: 'M', replacement: 'x' });
const MUTANTS = [
  mutant('shared/a/one.ts', 'Killed'),
  mutant('shared/a/one.ts', 'Timeout'),
  mutant('shared/a/two.ts', 'Survived'),
  mutant('shared/a/two.ts', 'NoCoverage'),
  mutant('shared/a/two.ts', 'RuntimeError'),
];

describe('the figures of a folder', () => {
  it('count as noticed what was killed and what never ended, of all that ran', () => {
    expect(counted(MUTANTS)).toEqual({ mutants: 4, killed: 1, timeout: 1, survived: 1, uncovered: 1 });
    expect(score(counted(MUTANTS))).toBe('50.0');
    expect(score(counted([]))).toBe('100.0');
  });

  it('have a line for each file and one for all', () => {
    const lines = table('shared/a', MUTANTS).split('\n');
    expect(lines.map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual([
      'mutants killed timeout survived uncovered score',
      'shared/a/one.ts 2 1 1 0 0 100.0',
      'shared/a/two.ts 2 0 0 1 1 0.0',
      'shared/a 4 1 1 1 1 50.0',
    ]);
  });

  it('take the place of those of an earlier run in the page, and leave the others', () => {
    const page = 'Text.\n\n| folder | score |\n| --- | --- |\n\nMore.\n';
    const one = withRow(withRow(page, 'shared/a', '| shared/a | 1 |'), 'shared/ab', '| shared/ab | 2 |');
    expect(withRow(one, 'shared/a', '| shared/a | 3 |')).toBe(
      'Text.\n\n| folder | score |\n| --- | --- |\n| shared/a | 3 |\n| shared/ab | 2 |\n\nMore.\n',
    );
    expect(withRow(read('docs/mutation.md'), 'shared/new', '| shared/new |')).toContain('| shared/new |\n\n');
  });
});

it('a sample of lines is as large as asked for, the same for a seed, and holds code', () => {
  const lines = codeLines(
    'a.ts',
    "import a from 'a';\n\n/** Says why. */\nfunction b() {\n  // Why.\n  return 1;\n}\n",
  );
  expect(lines).toEqual([
    { file: 'a.ts', line: 4 },
    { file: 'a.ts', line: 6 },
  ]);
  const many = Array.from({ length: 50 }, (_, i) => ({ file: 'a.ts', line: i + 1 }));
  expect(sampled(many, 5, '1')).toHaveLength(5);
  expect(sampled(many.toReversed(), 5, '1')).toEqual(sampled(many, 5, '1'));
  expect(sampled(many, 5, '2')).not.toEqual(sampled(many, 5, '1'));
});

it('a survivor is explained by its file, its line and what stood there instead', () => {
  const all = [{ file: 'shared/a/one.ts', line: 'a < b', replacement: 'x', why: 'Equal ones are the same.' }];
  expect(reasonOf(mutant('shared/a/one.ts', 'Survived'), 'if (a < b)', all)).toBe('Equal ones are the same.');
  expect(reasonOf(mutant('shared/a/one.ts', 'Survived'), 'if (a > b)', all)).toBeUndefined();
  expect(reasonOf(mutant('shared/a/two.ts', 'Survived'), 'if (a < b)', all)).toBeUndefined();
});

it.each(EXPLAINED)('what is explained still stands in the code: $file, $line', ({ file, line }) => {
  expect(read(file)).toContain(line);
});

it('every test that is skipped against mutants exists', () => {
  const tests = globSync('test/{shared,functions}/**/*.test.ts', { cwd: ROOT }).map(read).join('\n');
  expect(TOO_LONG.filter((words) => !tests.includes(words))).toEqual([]);
});
