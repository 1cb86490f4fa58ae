import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { rollbackCommand } from '#apps/cli/commands/rollback.ts';
import { runPull } from '#apps/cli/push/pull.ts';
import { runPush } from '#apps/cli/push/push.ts';
import { runDiff } from '#apps/cli/versions/diff.ts';
import { type RollbackRequest, runRollback } from '#apps/cli/versions/rollback.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { withState } from '#apps/local/with-state.ts';
import { printDiff } from '#shared/publish/print-diff.ts';
import { versionKey } from '#shared/store/keys.ts';
import { copyShop } from '#test/build/examples.ts';

const START = '2026-03-02T09:00:00.000Z';
const CART = 'journeys/abandoned-cart.json';
const root = mkdtempSync(join(tmpdir(), 'tropa-versions-'));
let folder: string;
let target: { data: string };

/** The journey and what it needs, twice uploaded: first as it is, then with more patience. */
beforeAll(async () => {
  stage('base');
  copyShop(folder, 'abandoned-cart');
  const publicUrl = 'http://localhost:4400';
  openRuntime({ dataDir: target.data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl }).close();
  expect((await push()).outcome).toBe('pushed');
  edit('"upTo": "P1D"', '"upTo": "P2D"');
  await push();
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

let tests = 0;
beforeEach(() => {
  tests += 1;
  cpSync(join(root, 'base'), join(root, `test${tests}`), { recursive: true });
  stage(`test${tests}`);
  // What was seen is noted by where the state lies.
  const seen = join(folder, '.tropa.json');
  writeFileSync(seen, readFileSync(seen, 'utf8').replace(join(root, 'base'), join(root, `test${tests}`)));
});
function stage(name: string): void {
  target = { data: join(root, name, 'data') };
  folder = join(root, name, 'shop');
}

const push = () => runPush({ folder, target, dryRun: false, force: false, mayGo: async () => true });
const read = () => readFileSync(join(folder, CART), 'utf8');
const edit = (from: string, to: string) => writeFileSync(join(folder, CART), read().replace(from, to));
const rollback = (more: Partial<RollbackRequest> = {}) =>
  runRollback({ journey: 'abandoned-cart', folder, target, dryRun: false, mayGo: async () => true, ...more });
const diff = (more: object = {}) => runDiff({ journey: 'abandoned-cart', folder, target, ...more });

it('diff holds the file here against what is live, or two versions against each other', async () => {
  expect(printDiff((await diff()).diff)).toEqual(['Nothing that acts on customers differs.']);
  edit('"for": "P2D"', '"for": "P4D"');
  expect(printDiff((await diff()).diff)).toEqual(['Steps', '  ~ think', '      - Wait 2 days', '      + Wait 4 days']);
  const versions = await diff({ from: 1, to: 2 });
  expect(versions).toMatchObject({ from: { name: 'version 1', version: 1 }, to: { name: 'version 2' } });
  expect(printDiff(versions.diff)).toEqual([
    'Steps',
    '  ~ came-back',
    '      - at most 1 day',
    '      + at most 2 days',
  ]);
  await expect(diff({ from: 7 })).rejects.toThrow('"abandoned-cart" has no version 7. The newest is 2.');
  await expect(diff({ journey: 'cart' })).rejects.toThrow('There is no journey "cart" that was ever live.');
});

it('rollback puts the version before back as a new one, with its comments, and says that the file here is another', async () => {
  const result = await rollback();
  expect(result).toMatchObject({ outcome: 'published', from: 2, to: 1, text: 'original', here: 'behind' });
  expect(result.reports).toMatchObject([{ file: CART, published: 3, remarks: [] }]);
  // Nobody takes it back without noticing.
  expect(await push()).toMatchObject({ outcome: 'theirs' });
  await runPull({ folder, target, force: false });
  expect(read()).toContain('// Most carts are bought within the hour');
  expect(printDiff((await diff({ from: 1 })).diff)).toEqual(['Nothing that acts on customers differs.']);
  expect(await push()).toMatchObject({ outcome: 'same' });
});

it('rollback leaves the status as it is, and knows work that is under way here', async () => {
  edit('"status": "live"', '"status": "closing"');
  await push();
  edit('"upTo": "P2D"', '"upTo": "P3D"');
  const result = await rollback({ version: 1 });
  expect(result).toMatchObject({ outcome: 'published', status: 'closing', here: 'changed' });
  expect(result.reports).toMatchObject([{ closing: true, published: 3 }]);
});

it('rollback moves nobody again who was to be moved by that version once', async () => {
  edit('"status": "live"', '"publish": { "inside": "move" },\n  "status": "live"');
  edit('"upTo": "P2D"', '"upTo": "P3D"');
  await push();
  edit('"upTo": "P3D"', '"upTo": "P4D"');
  await push();
  expect(await rollback({ version: 3 })).toMatchObject({ outcome: 'published', from: 4, to: 3, text: 'original' });
  await runPull({ folder, target, force: true });
  expect(read()).toContain('"P3D"');
  expect(read()).not.toContain('"publish"');
  expect(read()).toContain('// Most carts');
});

it('rollback lays out what the table keeps where the upload is gone', async () => {
  await withState(target.data, async ({ table }) => {
    await table.write({
      kind: 'update',
      key: versionKey('abandoned-cart', 1),
      change: { remove: [['from']] },
      if: { exists: true },
    });
  });
  expect(await rollback()).toMatchObject({ outcome: 'published', text: 'laid out' });
  await runPull({ folder, target, force: false });
  expect(read()).not.toContain('//');
});

it('rollback publishes nothing that is live already, is not there, is faulty by now, or that nobody allows', async () => {
  await expect(rollback({ version: 2 })).rejects.toThrow('Version 2 of "abandoned-cart" is what is live.');
  await expect(rollback({ version: 9 })).rejects.toThrow('has no version 9');
  expect(await rollback({ dryRun: true })).toMatchObject({ outcome: 'dry' });
  expect(await rollback({ mayGo: async () => false })).toMatchObject({ outcome: 'declined' });
  expect((await diff()).from).toMatchObject({ version: 2 });
});

it('tests of the newer version keep a rollback from going live, and a push of both takes it back', async () => {
  const key = join(folder, 'tests/cart.test.json');
  const expecting = (step: string) => {
    mkdirSync(join(folder, 'tests'), { recursive: true });
    const contact = { consents: { email: ['offers'] } };
    const timeline = [{ at: 'PT0S', event: 'cart.updated', data: { total: 60 } }];
    const tests = [{ name: 'two days', timeline, until: 'P1DT2H', expect: { step } }];
    writeFileSync(key, JSON.stringify({ journey: 'abandoned-cart', contact, tests }));
  };
  expecting('came-back');
  expect((await push()).reports?.flatMap(({ remarks }) => remarks)).toEqual([]);
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += String(chunk);
      done();
    },
  });
  const words = ['abandoned-cart', '--yes', '--data', target.data];
  await rollbackCommand(runRollback, { out, err: out }).parseAsync(words, { from: 'user' });
  process.exitCode = undefined;
  expect(said).toContain('"two days" in tests/cart.test.json');
  expect(said).toContain('the tests named above are those of version 2.');
  expecting('last-chance');
  edit('"upTo": "P2D"', '"upTo": "P1D"');
  const { outcome, reports } = await push();
  expect(outcome).toBe('pushed');
  expect(reports?.find(({ file }) => file === 'tests/cart.test.json')?.remarks).toEqual([]);
});
