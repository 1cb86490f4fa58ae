import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOr, sayFolder } from '#apps/cli/which-folder.ts';
import { EXAMPLES } from '#apps/local/folder.ts';

let here = '';
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'tropa-here-'));
});
afterEach(() => rmSync(here, { recursive: true }));

describe('a journey that is named by its id', () => {
  it('is looked for where the user says', () => {
    expect(folderOr('shop', here)).toBe('shop');
    expect(sayFolder('welcome', 'shop', here)).toBeUndefined();
  });

  it.each([
    ['settings.json', () => writeFileSync(join(here, 'settings.json'), '{}')],
    ['journeys/', () => mkdirSync(join(here, 'journeys'))],
  ])("else here, if this is a shop's folder: one with %s", (_, make) => {
    make();
    expect(folderOr(undefined, here)).toBe(here);
    expect(sayFolder('welcome', undefined, here)).toBe(
      '"welcome" is that of this folder. --folder DIR takes another.\n',
    );
  });

  it('else among the examples, and the user is told so', () => {
    expect(folderOr(undefined, here)).toBe(EXAMPLES);
    expect(sayFolder('welcome', undefined, here)).toMatch(/^"welcome" is that of the examples of Tropa,/);
    expect(sayFolder('journeys/welcome.json', undefined, here)).toBeUndefined();
  });
});
