import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { validateCommand } from '#apps/cli/commands/validate.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

class Paper extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = undefined;
});

function write(key: string, body: unknown): void {
  mkdirSync(dirname(join(dir, key)), { recursive: true });
  writeFileSync(join(dir, key), typeof body === 'string' ? body : JSON.stringify(body, null, 2));
}

/** The example shop, to be spoilt. */
function writeShop(): void {
  for (const key of exampleKeys('.')) write(key, example(key));
}

function start(words: readonly string[], signal?: AbortSignal) {
  const [out, err] = [new Paper(), new Paper()];
  const now = () => '2026-03-02T09:00:00.000Z';
  const command = validateCommand({ now, ...(signal && { signal }) }, { out, err });
  command.exitOverride().configureOutput({ writeErr: (text) => err.write(text) });
  return { out, done: command.parseAsync(words, { from: 'user' }) };
}

async function validate(...words: string[]) {
  const { out, done } = start(words);
  await done;
  return { said: out.text, code: process.exitCode };
}

describe('tropa validate', () => {
  it('finds nothing wrong with the examples', async () => {
    const { said, code } = await validate(EXAMPLES);
    expect(said).toContain('journeys/welcome.json   FINE');
    expect(said).toMatch(/No errors; \d+ files checked\./);
    expect(code).toBe(0);
  });

  it('tells nobody that a topic is missing which stands in settings with an error elsewhere', async () => {
    writeShop();
    write('settings.json', example('settings.json').replace('"currency": "EUR"', '"currency": 5'));
    const { said, code } = await validate(dir);
    expect(said).toContain('settings.json   NOT TO BE PUBLISHED: 1 error.');
    expect(said).toMatch(/Errors in 1; \d+ files checked\./);
    expect(code).toBe(1);
  });

  it('holds all files of a folder against each other, as publish would in any order', async () => {
    writeShop();
    write('segments/regulars.json', { id: 'regulars', name: 'Regulars', if: { trait: 'purchases.cuont', gte: 3 } });
    for (const key of exampleKeys('templates/order-thanks')) write(key, example(key).replace('</mj-section>', ''));
    write('journeys/welcome.json', example('journeys/welcome.json').replace('"welcome-hello"', '"welcome-helo"'));
    const { said, code } = await validate(dir);
    expect(said).toContain('There is no template "welcome-helo". Did you mean "welcome-hello"?');
    expect(said).toContain('Nobody has a trait "purchases.cuont". Did you mean "purchases.count"?');
    expect(said).toContain('<mj-section> is not closed.');
    // A template with an error is none, until it is mended.
    expect(said).toMatch(
      /The template "order-thanks" has errors of its own\. Mend templates\/order-thanks\/email\S* first\./,
    );
    expect(said).toMatch(/Errors in 6; \d+ files checked\./);
    expect(code).toBe(1);
  });

  it('checks one file beside the others, and prints JSON where it is asked to', async () => {
    writeShop();
    write('journeys/welcome.json', example('journeys/welcome.json').replace('"live"', '"alive"'));
    const { said, code } = await validate(join(dir, 'journeys/welcome.json'), '--json');
    const reports: { file: string; remarks: { code: string; line: number }[] }[] = JSON.parse(said);
    expect(reports.map(({ file }) => file)).toEqual(['journeys/welcome.json']);
    expect(reports[0]?.remarks).toMatchObject([{ code: 'E49', line: 6 }]);
    expect(code).toBe(1);
    expect((await validate(join(dir, 'journeys/win-back.json'))).code).toBe(0);
  });

  it('tells a mistake once: of a journey that is refused its tests say nothing', async () => {
    writeShop();
    write('journeys/welcome.json', example('journeys/welcome.json').replace('"live"', '"alive"'));
    const { said } = await validate(dir);
    expect(said).toContain('tests/welcome.test.json   FINE');
    expect(said).toMatch(/Errors in 1; \d+ files checked\./);
  });

  it('finds circles of segments, and two files of one journey', async () => {
    writeShop();
    write('segments/a.json', { id: 'a', name: 'A', if: { segment: 'b' } });
    write('segments/b.json', { id: 'b', name: 'B', if: { not: { segment: 'a' } } });
    write('journeys/welcome.jsonc', example('journeys/welcome.json'));
    const { said } = await validate(dir);
    expect(said.match(/Segments "a" and "b" define each other/g)).toHaveLength(2);
    expect(said).toContain('The journey "welcome" comes from journeys/welcome.json already.');
  });

  it('tells of files that lie where nobody reads them, and of settings that are missing', async () => {
    write('segments/vip.json', { id: 'vip', name: 'Vip', if: { tag: 'vip' } });
    write('welcome.json', example('journeys/welcome.json'));
    write('journey/win-back.json', example('journeys/win-back.json'));
    const { said, code } = await validate(dir);
    expect(said).toContain('welcome.json   NOT READ: A journey lies at journeys/welcome.json.\n');
    expect(said).toContain('journey/win-back.json   NOT READ: A journey lies at journeys/win-back.json.\n');
    expect(said).toContain("settings.json   NOT THERE: The shop's name, time zone, senders and topics stand in it.");
    expect(said).toContain('No errors; 1 file checked, 2 not read.');
    expect(code).toBe(0);
    expect(JSON.parse((await validate(dir, '--json')).said)).toMatchObject([
      { file: 'segments/vip.json', remarks: [] },
      { file: 'settings.json', notThere: expect.any(String) },
      { file: 'journey/win-back.json', notRead: 'A journey lies at journeys/win-back.json.' },
      { file: 'welcome.json', notRead: 'A journey lies at journeys/welcome.json.' },
    ]);
  });

  it('ends with 1 when nothing lies where it is read', async () => {
    write('journey/win-back.json', example('journeys/win-back.json'));
    for (const path of ['.', 'journey/win-back.json']) {
      const { said, code } = await validate(join(dir, path));
      expect(said).toContain('journey/win-back.json   NOT READ: A journey lies at journeys/win-back.json.\n');
      expect(said).toContain('0 files checked, 1 not read.');
      expect(code).toBe(1);
      write('settings.json', example('settings.json'));
    }
  });

  it.each([
    ['what is not there', 'nowhere'],
    ['a folder without a file of a shop', '.'],
    ['a file outside of any shop', 'notes/readme.txt'],
  ])('has nothing to say of %s', async (_, path) => {
    write('notes/readme.txt', 'x');
    await expect(validate(join(dir, path))).rejects.toThrow(BadInput);
  });

  it('checks again when something is saved, until it is told to stop', { timeout: 20_000 }, async () => {
    write('settings.json', example('settings.json'));
    const stop = new AbortController();
    const { out, done } = start([dir, '--watch'], stop.signal);
    await vi.waitFor(() => expect(out.text).toContain('No errors; 1 file checked.'), { timeout: 5000 });
    await setTimeout(100);
    write('segments/vip.json', { id: 'vip', name: 'Vip', if: { tga: 'vip' } });
    await vi.waitFor(() => expect(out.text).toContain('Did you mean "tag"?'), { timeout: 8000 });
    stop.abort();
    await done;
    expect(process.exitCode).toBe(1);
  });
});
