import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planOf } from '#apps/cli/push/plan.ts';
import { runPull } from '#apps/cli/push/pull.ts';
import { type PushRequest, runPush } from '#apps/cli/push/push.ts';
import { hashOf } from '#apps/cli/push/remote.ts';
import { devote } from '#apps/local/data-folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { copyShop } from '#test/build/examples.ts';

const START = '2026-03-02T09:00:00.000Z';
let root: string;
let target: { data: string };

/** A laptop's state without any file, and the folder of a marketer called Ann. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tropa-push-'));
  target = { data: join(root, 'data') };
  copyShop(join(root, 'ann'), 'welcome', 'win-back');
  const publicUrl = 'http://localhost:4400';
  openRuntime({ dataDir: target.data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl }).close();
});
afterEach(() => rmSync(root, { recursive: true }));

const push = (who: string, more: Partial<PushRequest> = {}) =>
  runPush({ folder: join(root, who), target, dryRun: false, force: false, mayGo: async () => true, ...more });
const pull = (who: string, force = false) => runPull({ folder: join(root, who), target, force });
const read = (who: string, key: string) => readFileSync(join(root, who, key), 'utf8');
function write(who: string, key: string, body: string): void {
  mkdirSync(dirname(join(root, who, key)), { recursive: true });
  writeFileSync(join(root, who, key), body);
}
const WELCOME = 'journeys/welcome.json';
const rename = (who: string, name: string) =>
  write(who, WELCOME, read(who, WELCOME).replace(/"name": "[^"]*"/, `"name": "${name}"`));
const changesOf = (result: Awaited<ReturnType<typeof push>>) =>
  Object.fromEntries(result.changes.flatMap(({ file, change }) => (change === 'same' ? [] : [[file, change]])));

it('uploads a folder, waits for publish, and has nothing to do the next time', async () => {
  const first = await push('ann');
  expect(first.outcome).toBe('pushed');
  expect(first.reports).toHaveLength(first.changes.length);
  expect(first.reports?.find(({ file }) => file === WELCOME)).toMatchObject({ published: 1, remarks: [] });
  expect(first).toMatchObject({ overtaken: [], silent: [] });
  expect(await push('ann')).toMatchObject({ outcome: 'same' });
});

it('uploads only what was changed', async () => {
  await push('ann');
  rename('ann', 'Hello there');
  const result = await push('ann');
  expect(changesOf(result)).toEqual({ [WELCOME]: 'changed' });
  expect(result.reports).toMatchObject([{ file: WELCOME, published: 2 }]);
});

it('uploads nothing in a dry run, of a folder with errors, or when the answer is no', async () => {
  expect(await push('ann', { dryRun: true })).toMatchObject({ outcome: 'dry' });
  const asked: string[] = [];
  const mayGo = async (journeys: readonly string[]) => {
    asked.push(...journeys);
    return false;
  };
  expect(await push('ann', { mayGo })).toMatchObject({ outcome: 'declined' });
  expect(asked).toContain(WELCOME);
  write('ann', WELCOME, read('ann', WELCOME).replace('welcome-hello', 'welcome-helo'));
  const faulty = await push('ann');
  expect(faulty.outcome).toBe('faulty');
  expect(faulty.checked.find(({ file }) => file === WELCOME)?.remarks[0]?.message).toContain('welcome-hello');
  expect(await pull('bob')).toEqual([]);
});

it("does not put one marketer's file over another's that they have not seen", async () => {
  await push('ann');
  expect((await pull('bob')).every(({ became }) => became === 'new')).toBe(true);
  rename('bob', "Bob's");
  expect(await push('bob')).toMatchObject({ outcome: 'pushed' });
  rename('ann', "Ann's");
  const refused = await push('ann');
  expect(refused.outcome).toBe('theirs');
  expect(changesOf(refused)).toEqual({ [WELCOME]: 'theirs' });
  expect(await push('ann', { force: true })).toMatchObject({ outcome: 'pushed', reports: [{ published: 3 }] });
});

it('knows that nobody else has changed what npm start took from this very folder', async () => {
  const folder = join(root, 'ann');
  const options = { dataDir: target.data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl: 'http://x' };
  const runtime = openRuntime(options);
  devote(runtime, target.data, { shop: 'own', folder });
  runtime.upload(folder);
  await runtime.drive();
  runtime.close();
  await pull('bob');
  rename('ann', "Ann's");
  expect(changesOf(await push('ann'))).toEqual({ [WELCOME]: 'changed' });
  rename('bob', "Bob's");
  expect(await push('bob')).toMatchObject({ outcome: 'theirs' });
});

it('says how to get some where there is no state', async () => {
  const data = join(root, 'nowhere');
  await expect(push('ann', { target: { data } })).rejects.toThrow(
    `There is no state in ${data}. "npm start -- --data ${data}" keeps one there`,
  );
});

it('pulls what has changed there, and keeps what was changed here', async () => {
  await push('ann');
  await pull('bob');
  rename('ann', "Ann's");
  await push('ann');
  const one = await pull('bob');
  expect(one.filter(({ became }) => became !== 'same')).toEqual([{ file: WELCOME, became: 'changed' }]);
  rename('bob', "Bob's");
  rename('ann', "Ann's second");
  await push('ann');
  expect((await pull('bob')).find(({ file }) => file === WELCOME)).toEqual({ file: WELCOME, became: 'kept' });
  expect(read('bob', WELCOME)).toContain("Bob's");
  // What it kept it has not seen: pushing it still needs a word.
  expect(await push('bob')).toMatchObject({ outcome: 'theirs' });
  await pull('bob', true);
  expect(read('bob', WELCOME)).toBe(read('ann', WELCOME));
});

/** Something that somebody has put into the bucket without the command. */
async function upload(key: string, body: string): Promise<void> {
  const options = { dataDir: target.data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl: 'http://x' };
  const runtime = openRuntime(options);
  runtime.take({ key, body });
  await runtime.drive();
  runtime.close();
}

it('pulls what is live where a newer upload was refused, and tries a refused file again', async () => {
  await push('ann');
  const live = read('ann', WELCOME);
  const broken = live.replace('welcome-hello', 'welcome-helo');
  await upload(WELCOME, broken);
  expect((await pull('bob')).find(({ file }) => file === WELCOME)).toEqual({
    file: WELCOME,
    became: 'new',
    newer: 'refused',
  });
  expect(read('bob', WELCOME)).toBe(live);
  const again = await push('bob');
  expect(changesOf(again)).toEqual({ [WELCOME]: 'changed' });
  expect(again.reports).toMatchObject([{ file: WELCOME, published: 1, unchanged: true }]);
});

it('writes nothing outside the folder, whatever keys somebody has put into the bucket', async () => {
  await push('ann');
  await upload('templates/../../stray/email.mjml', '<mjml></mjml>');
  await upload('tests/../../stray.test.json', '{}');
  const pulled = await pull('bob');
  expect(pulled.map(({ file }) => file)).toContain(WELCOME);
  expect(pulled.filter(({ file }) => file.includes('..'))).toEqual([]);
  expect(readdirSync(root).sort()).toEqual(['ann', 'bob', 'data']);
});

it('tries a file once more that lies there as it is here, and was refused', () => {
  const file = { key: 'settings.json', body: '{}' };
  const remote = { body: '{}', hash: hashOf('{}'), refused: true };
  expect(planOf([file], new Map([['settings.json', remote]]), {})).toMatchObject([{ change: 'again' }]);
});

it('prints what goes, what publish says of it, and where nothing may go without a word', async () => {
  const said = (...words: string[]) =>
    spawnSync(process.execPath, ['apps/cli/main.ts', ...words, join(root, 'ann'), '--data', target.data], {
      encoding: 'utf8',
    });
  const unasked = said('push');
  expect([unasked.status, unasked.stderr]).toEqual([2, expect.stringMatching(/journeys\/welcome\.json.*--yes/)]);
  const pushed = said('push', '--yes');
  expect(pushed.stdout).toMatch(/journeys\/welcome\.json +new\n/);
  expect(pushed.stdout).toContain('journeys/welcome.json   PUBLISHED as version 1.');
  expect(pushed.status).toBe(0);
  expect(said('push').stdout).toBe('Nothing to do: the bucket has all of it.\n');
  rename('ann', 'Mine');
  const kept = said('pull');
  expect([kept.status, kept.stdout]).toEqual([1, expect.stringContaining('KEPT')]);
}, 60_000);
