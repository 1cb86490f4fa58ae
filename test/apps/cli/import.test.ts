import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importCommand } from '#apps/cli/commands/import.ts';
import { runList } from '#apps/cli/lists/run.ts';

class Paper extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const ROOT = join(import.meta.dirname, '../../..');
const WELCOME = join(ROOT, 'docs/import/pinpoint-welcome.json');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function tropaImport(...words: string[]) {
  const [out, err] = [new Paper(), new Paper()];
  let code: number | undefined;
  const command = importCommand(runList, { out, err }, (given) => {
    code = given;
  });
  command.exitOverride().configureOutput({ writeErr: (text) => err.write(text) });
  await command.parseAsync([...words, '--to', folder], { from: 'user' });
  return { code, out: out.text, err: err.text };
}

const there = (path: string): string => readFileSync(join(folder, path), 'utf8');

function source(name: string, json: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
  return file;
}

const CLEAN = {
  Name: 'Clean',
  StartActivity: 'a',
  StartCondition: {
    EventStartCondition: { EventFilter: { Dimensions: { EventType: { DimensionType: 'INCLUSIVE', Values: ['x'] } } } },
  },
  Activities: { a: { EMAIL: { TemplateName: 't' } } },
};

describe('tropa import', () => {
  it('writes the files and the report, and says that something was lost by its exit code', async () => {
    const { code, out } = await tropaImport('pinpoint', WELCOME);
    expect(code).toBe(2);
    expect(out).toContain('  journeys/welcome-series.json\n');
    expect(out).toContain('1 lost, 8 to do, 5 changed. Journeys are drafts: nothing is sent.\n');
    expect(JSON.parse(there('journeys/welcome-series.json'))).toMatchObject({ id: 'welcome-series', status: 'draft' });
    expect(there('reports/import-welcome-series.txt')).toBe(out);
    expect(JSON.parse(there('reports/import-welcome-series.json')).counts).toEqual({ lost: 1, todo: 8, changed: 5 });
  });

  it('draws a report that fits into 120 columns', async () => {
    const { out } = await tropaImport('pinpoint', WELCOME);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('ends with 0 when nothing was lost', async () => {
    const { code } = await tropaImport('pinpoint', source('clean.json', CLEAN));
    expect(code).toBe(0);
  });

  it('with --json prints the report as one line', async () => {
    const { out } = await tropaImport('pinpoint', WELCOME, '--json');
    expect(out.split('\n')).toHaveLength(2);
    expect(JSON.parse(out)).toMatchObject({ tool: 'pinpoint', from: [WELCOME], counts: { lost: 1 } });
  });

  it('keeps what a person has written, and lays the new text beside the report', async () => {
    await tropaImport('pinpoint', source('clean.json', CLEAN));
    writeFileSync(join(folder, 'settings.json'), '{ "mine": true }');
    const { out } = await tropaImport('pinpoint', join(folder, 'clean.json'));
    expect(there('settings.json')).toBe('{ "mine": true }');
    expect(out).toContain('settings.json  KEPT: yours stays; the new one is reports/import-clean/settings.json');
    expect(out).toContain('journeys/clean.json  (as it was)');
    expect(JSON.parse(there('reports/import-clean/settings.json'))).toHaveProperty('shop');
  });

  it('with --force replaces it', async () => {
    writeFileSync(join(folder, 'settings.json'), '{ "mine": true }');
    await tropaImport('pinpoint', source('clean.json', CLEAN), '--force');
    expect(JSON.parse(there('settings.json'))).toHaveProperty('shop');
  });

  it('reads several files as one source, and says in which a place lies', async () => {
    const segment = source('vip.json', { SegmentResponse: { Id: 's', Name: 'VIP', SegmentType: 'IMPORT' } });
    const { out } = await tropaImport('pinpoint', source('clean.json', CLEAN), segment, '--json');
    expect(JSON.parse(out).remarks.map((r: { place: string }) => r.place)).toContain('vip.json: $.SegmentResponse');
  });

  it.each([
    ['no JSON', 'broken.json', '{ "a": ', /broken\.json is no JSON/],
    ['no journey of that tool', 'other.json', { flows: [] }, /There is no journey of klaviyo in .*other\.json\./],
  ])('ends with 1 for %s', async (_, name, json, message) => {
    const { code, out, err } = await tropaImport('klaviyo', source(name, json));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });

  it('ends with 1 for a file that is not there', async () => {
    const { code, err } = await tropaImport('mautic', join(folder, 'nowhere.json'));
    expect(code).toBe(1);
    expect(err).toMatch(/nowhere\.json cannot be read/);
  });

  it('refuses a tool that it does not know', async () => {
    await expect(tropaImport('mailchimp', WELCOME)).rejects.toThrow(
      'Allowed choices are pinpoint, klaviyo, posthog, mautic',
    );
  });
});
