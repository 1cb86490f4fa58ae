import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCommand } from '#apps/cli/commands/new.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { readFolder } from '#apps/cli/validate/read-folder.ts';
import { runAll } from '#apps/cli/validate/tests.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function run(...words: string[]): string {
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += String(chunk);
      done();
    },
  });
  newCommand({ out, err: out }).parse(words, { from: 'user' });
  return said;
}

const IDS = exampleKeys('journeys').map((key) => key.slice('journeys/'.length, -'.json'.length));

/** Remarks on the files of the folder, and what its tests found. */
async function judged() {
  const { reports, shop, print, playable } = await checkShop(readFolder({ folder: dir }), '2026-03-02T09:00:00.000Z');
  const outcomes = runAll(playable, shop, print).flatMap((one) => one.outcomes);
  return { remarks: reports.flatMap((one) => one.remarks), faults: outcomes.flatMap(({ faults }) => faults), outcomes };
}

describe('tropa new', () => {
  it('says which journeys there are', () => {
    const said = run();
    for (const id of IDS) expect(said).toMatch(new RegExp(`^  ${id} +\\S.+[.]$`, 'm'));
    expect(JSON.parse(run('--json'))).toHaveLength(IDS.length);
  });

  it.each(IDS)("writes %s under an id of one's own, so that it validates and its tests pass", async (id) => {
    run(id, '--id', 'my-own', '--folder', dir);
    const { remarks, faults, outcomes } = await judged();
    expect(remarks).toEqual([]);
    expect(faults).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(2);
    const journey = readFileSync(join(dir, 'journeys/my-own.json'), 'utf8');
    expect(journey).toContain('"status": "draft"');
    expect(journey).not.toContain('$schema');
    expect(journey).not.toContain(`"${id}/`);
  });

  it('says which traits the settings lack, though they have none yet, and what an id may be', () => {
    writeFileSync(join(dir, 'settings.json'), JSON.stringify({ topics: { offers: { kind: 'marketing' } } }));
    expect(run('birthday', '--folder', dir)).toContain('traits: "birthday": "date"');
    expect(() => run('birthday', '--id', 'My Birthday', '--folder', dir)).toThrow('How about --id my-birthday?');
  });

  it('touches nothing that is there, and says what the settings lack', () => {
    const settings = JSON.stringify({ topics: { news: { kind: 'marketing' } }, traits: { points: 'number' } });
    writeFileSync(join(dir, 'settings.json'), settings);
    mkdirSync(join(dir, 'templates/birthday-greeting'), { recursive: true });
    writeFileSync(join(dir, 'templates/birthday-greeting/email.mjml'), 'mine');
    const said = run('birthday', '--folder', dir);
    expect(said).toMatch(/left as it was:\n(.*\n)* {2}templates\/birthday-greeting\/email\.mjml\n/);
    expect(said).toContain('traits: "birthday": "date"');
    expect(said).not.toContain('topics: "news"');
    expect(readFileSync(join(dir, 'settings.json'), 'utf8')).toBe(settings);
    expect(readFileSync(join(dir, 'templates/birthday-greeting/email.mjml'), 'utf8')).toBe('mine');
    expect(() => run('birthday', '--folder', dir)).toThrow(
      'journeys/birthday.json already. Give the new journey another id',
    );
  });

  it('knows no other example, and takes no odd id', () => {
    expect(() => run('brithday', '--folder', dir)).toThrow('There is no example "brithday". Did you mean "birthday"?');
    expect(() => run('birthday', '--id', 'My Own', '--folder', dir)).toThrow(
      '--id "My Own": an id has small Latin letters',
    );
  });

  it('writes what the example says', () => {
    run('welcome', '--folder', dir);
    const written = readFileSync(join(dir, 'journeys/welcome.json'), 'utf8');
    expect(written).toBe(
      example('journeys/welcome.json')
        .replace(/ *"\$schema.*\n/, '')
        .replace('"status": "live"', '"status": "draft"'),
    );
  });
});
