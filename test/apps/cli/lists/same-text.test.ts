import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isSameText } from '#apps/cli/lists/same-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'tropa-same-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['the same', 'a'.repeat(200_000), 'a'.repeat(200_000), true],
  ['another in its last letter', 'a'.repeat(200_000), `${'a'.repeat(199_999)}b`, false],
  ['longer', 'a', 'ab', false],
  ['nothing', '', '', true],
])('a file is held against another that is %s', (_, one, other, same) => {
  const [first, second] = ['one', 'other'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(first, one);
  writeFileSync(second, other);
  expect(isSameText(first, second)).toBe(same);
});
