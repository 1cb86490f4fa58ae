import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchFolder } from '#apps/local/watch-folder.ts';

let folder = '';
let end = (): void => {};
let saved: string[] = [];
let strange: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-watch-'));
  mkdirSync(join(folder, 'journeys'));
  mkdirSync(join(folder, 'templates/hello'), { recursive: true });
  writeFileSync(join(folder, 'journeys/cart.json'), '{"n": 0}');
  [saved, strange] = [[], []];
  end = watchFolder(folder, {
    saved: ({ key, body }) => void saved.push(`${key} ${body}`),
    strange: (key) => void strange.push(key),
    failed: (key, error) => void saved.push(`${key} ${error}`),
  });
});
afterEach(() => {
  end();
  rmSync(folder, { recursive: true });
});

const file = (key: string) => join(folder, key);
const until = (said: string) => vi.waitFor(() => expect(saved).toContain(said), { timeout: 5000, interval: 20 });

it('tells of every file at the beginning, once', async () => {
  await until('journeys/cart.json {"n": 0}');
  await timers.setTimeout(700);
  expect(saved).toEqual(['journeys/cart.json {"n": 0}']);
});

it('notices every save of an editor that writes a new file and renames it over the old one', async () => {
  for (const n of [1, 2, 3, 4]) {
    writeFileSync(file('journeys/sedAbC'), `{"n": ${n}}`);
    renameSync(file('journeys/sedAbC'), file('journeys/cart.json'));
    await until(`journeys/cart.json {"n": ${n}}`);
  }
  expect(strange).toEqual([]);
});

it('notices saves in place, of one length, and files and folders that are new', async () => {
  for (const n of [1, 2, 3]) {
    writeFileSync(file('journeys/cart.json'), `{"n": ${n}}`);
    await until(`journeys/cart.json {"n": ${n}}`);
  }
  mkdirSync(file('templates/bye'));
  writeFileSync(file('templates/bye/email.mjml'), '<mjml></mjml>');
  await until('templates/bye/email.mjml <mjml></mjml>');
});

it('waits for the end of a file that is still being written', async () => {
  writeFileSync(file('journeys/slow.json'), '');
  for (const part of ['{', '"id":', '"slow"', '}']) {
    await timers.setTimeout(500);
    appendFileSync(file('journeys/slow.json'), part);
  }
  await until('journeys/slow.json {"id":"slow"}');
  expect(saved.filter((said) => said.startsWith('journeys/slow.json'))).toHaveLength(1);
});

it('tells of a file that stays half, after a while', async () => {
  writeFileSync(file('journeys/cart.json'), '{"n": ');
  await until('journeys/cart.json {"n": ');
});

it('tells once of what is not read, and of what editors leave beside it nothing', async () => {
  for (const key of ['x.json', 'journeys/.cart.json.swp', 'journeys/4913']) writeFileSync(file(key), '{}');
  await vi.waitFor(() => expect(strange).toContain('x.json'), { timeout: 5000 });
  writeFileSync(file('x.json'), '{ }');
  await timers.setTimeout(700);
  expect(strange.filter((key) => key === 'x.json')).toHaveLength(1);
  expect(saved.some((said) => said.includes('swp'))).toBe(false);
});

it('goes on when a folder is away for a moment', async () => {
  renameSync(file('journeys'), file('elsewhere'));
  await timers.setTimeout(500);
  renameSync(file('elsewhere'), file('journeys'));
  writeFileSync(file('journeys/cart.json'), '{"n": 9}');
  await until('journeys/cart.json {"n": 9}');
});
