import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { DATABASE, openState } from '#apps/local/open-state.ts';

function folder(make: (file: string) => void): string {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-state-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  make(join(dir, DATABASE));
  return dir;
}

const other = (file: string) => {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE songs (name TEXT)`);
  for (let i = 0; i < 500; i += 1) db.prepare('INSERT INTO songs VALUES (?)').run('la '.repeat(100));
  db.close();
};
const TEXT = 'Dear diary, today I have written into a file of another name.\n';

it.each<[what: string, make: (file: string) => void, said: RegExp]>([
  ['a text', (file) => writeFileSync(file, TEXT), /tropa\.db is no database, though Tropa keeps its own there/],
  ['a folder', (file) => mkdirSync(file), /tropa\.db cannot be opened: it is no file/],
  ["another program's", other, /tropa\.db is the database of another program\. Take another folder\.$/],
  [
    'cut off',
    (file) => {
      other(file);
      truncateSync(file, 20_000);
    },
    /tropa\.db is damaged, and cannot be read/,
  ],
])('a state that is %s is told of in one sentence', (_, make, said) => {
  const dir = folder(make);
  expect(() => openState(dir)).toThrow(BadInput);
  expect(() => openState(dir)).toThrow(said);
});

it('whoever starts or asks on such a folder reads that sentence, and no stack; the file stays', {
  timeout: 60_000,
}, () => {
  const dir = folder((file) => writeFileSync(file, TEXT));
  const run = (...words: string[]) => spawnSync(process.execPath, words, { encoding: 'utf-8' });
  for (const { status, stderr, stdout } of [
    run('apps/cli/main.ts', 'status', '--data', dir),
    run('apps/local/main.ts', '--no-sample', '--once', '--data', dir),
  ]) {
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n').at(-1)).toMatch(/is no database, though/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
  }
  expect(readFileSync(join(dir, DATABASE), 'utf8')).toBe(TEXT);
});

it('a new folder, and an empty file, begin a state', () => {
  for (const make of [() => {}, (file: string) => writeFileSync(file, '')]) {
    const db = openState(folder(make));
    expect(db.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 0 });
    db.close();
  }
});
