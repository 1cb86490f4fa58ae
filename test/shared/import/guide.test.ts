import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

it('the example of the guide prints what the guide says', () => {
  const guide = readFileSync(join(ROOT, 'docs/import.md'), 'utf8');
  const [, command = '', , said = ''] = guide.split('## An example')[1]?.split('```') ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'tropa-guide-'));
  const words = command.trim().replace('../from-pinpoint', folder).split(' ').slice(2);
  let out = '';
  try {
    execFileSync(process.execPath, ['apps/cli/main.ts', ...words], { cwd: ROOT, encoding: 'utf8' });
  } catch (error) {
    expect(error).toMatchObject({ status: 2 });
    out = (error as { stdout: string }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
  const lines = said.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '...');
  expect(out.split('\n')).toEqual(expect.arrayContaining(lines));
});
