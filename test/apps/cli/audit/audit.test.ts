import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type AuditReport, runAudit } from '#apps/cli/audit/run.ts';
import { BadInput } from '#apps/cli/bad-input.ts';
import { auditCommand } from '#apps/cli/commands/audit.ts';
import { DATABASE } from '#apps/local/open-state.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T08:00:00.000Z';
const DAY = 86_400_000;
let dir = '';

const open = () =>
  openRuntime({ dataDir: dir, start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' });

/** Ann and Ben wait for a month. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  const runtime = open();
  await putPublished(runtime, settings(), [journey({ steps: [wait('long', 'P30D'), send('hello')], topic: 'orders' })]);
  for (const email of ['ann@shop.example', 'ben@shop.example'])
    await runtime.bus.put([entryOf(event('cart.updated', { at: START, identities: { email } }))]);
  await runtime.drive(plusMillis(START, DAY));
  await runtime.rhythm.settle();
  runtime.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = 0;
});

async function audited(...words: string[]): Promise<{ text: string; code: unknown; progress: string }> {
  const said = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk, _, done) => {
        said[name] += chunk;
        done();
      },
    });
  const command = auditCommand(runAudit, { out: into('out'), err: into('err') });
  await command.parseAsync(['--data', dir, ...words], { from: 'user' });
  return { text: said.out, code: process.exitCode, progress: said.err };
}

const report = async (...words: string[]): Promise<AuditReport> => JSON.parse((await audited('--json', ...words)).text);

/** Changes the attributes of the rows that are like that. */
function damage(like: string, change: (row: Record<string, unknown>) => void): void {
  const db = new DatabaseSync(join(dir, DATABASE));
  for (const { pk, sk, body } of db.prepare('SELECT pk, sk, body FROM rows WHERE sk LIKE ?').all(like)) {
    const row = JSON.parse(String(body));
    change(row);
    db.prepare('UPDATE rows SET body = ? WHERE pk = ? AND sk = ?').run(JSON.stringify(row), String(pk), String(sk));
  }
  db.close();
}

it('says so where nothing is wrong, and how far it is meanwhile', async () => {
  const { text, code, progress } = await audited();
  expect(text).toBe(
    'Looked at 2 contacts, and at 0 rows that are due.\nWhoever should have woken has, every message has come to its end or waits for its time, and counters are what rows say.\n',
  );
  expect(code).toBe(0);
  expect(progress).toContain('Contacts ...');
  const one = await audited('--contact', 'ann@shop.example', '--since', '2026-03-02T08:00:00Z');
  expect(one.text).toMatch(/^Since 2026-03-02T08:00:00.000Z: Whoever .* its time; counters were not looked at\.$/m);
});

it('names what is wrong by ids, writes nothing unless it is told to, and ends with 1 while it stands', async () => {
  damage('PROFILE', (row) => {
    row['inside'] = {};
  });
  const { text, code } = await audited();
  expect(code).toBe(1);
  expect(text).toContain('Nothing was mended. With --mend 2 would be.');
  expect(text).not.toContain('shop.example');
  const dry = await report();
  expect(dry).toMatchObject({ kinds: { misnamed: { found: 2, mended: 0 } }, left: 2 });
  expect(await report()).toEqual(dry);
  const mended = await audited('--mend', '--json');
  expect(mended.code).toBe(0);
  expect(JSON.parse(mended.text)).toMatchObject({ kinds: { misnamed: { found: 2, mended: 2 } }, left: 0 });
  expect((await report()).kinds).toEqual({});
});

it('looks at one person alone', async () => {
  damage('PROFILE', (row) => {
    row['inside'] = {};
  });
  expect(await report('--contact', 'ann@shop.example', '--mend')).toMatchObject({
    looked: { contacts: 1, due: 0 },
    kinds: { misnamed: { found: 1, mendable: 1, mended: 1 } },
  });
  expect((await report('--mend')).kinds).toMatchObject({ misnamed: { found: 1 } });
});

it('leaves out what should have happened before, and says which moment it can read', async () => {
  damage('J#%', (row) => {
    row['stranded'] = true;
    row['due'] = '2026-03-03T08:30:00.000Z';
  });
  expect((await report()).kinds).toMatchObject({ stranded: { found: 2 } });
  expect((await report('--since', '2026-03-02T12:00:00+01:00')).kinds).toEqual({});
  expect((await audited()).text).toContain('2 cannot be mended from the rows: docs/audit.md says what to do.');
  damage('J#%', (row) => {
    delete row['stranded'];
    row['due'] = '2026-04-01T08:05:00.000Z';
  });
  await expect(audited('--since', 'yesterday')).rejects.toThrow(BadInput);
  // As of a variable that is not set: with --mend it would mend all.
  await expect(audited('--since', '')).rejects.toThrow(BadInput);
  await expect(audited('--since', '2036-01-01T00:00:00Z')).rejects.toThrow(/is still to come: in this shop it is 2026/);
});

it('finds counters that are not what the rows say, by one', async () => {
  const runtime = open();
  const [row] = runtime.db.prepare("SELECT pk, sk FROM rows WHERE pk LIKE 'K#cart#%'").all();
  const key = { pk: String(row?.['pk']), sk: String(row?.['sk']) };
  await runtime.table.write({ kind: 'update', key, change: { add: [[['c:inside'], 1]] } });
  runtime.close();
  expect((await report('--mend')).kinds.miscounted).toEqual({
    found: 1,
    mendable: 1,
    mended: 1,
    examples: [{ journey: 'cart', id: '1 inside too high by 1' }],
  });
  expect((await report()).kinds).toEqual({});
});

it('mends what the next start of the shop then carries to its end', async () => {
  damage('J#%', (row) => {
    delete row['token'];
  });
  expect((await report('--mend')).kinds.tokenless).toMatchObject({ found: 2, mended: 2 });
  const runtime = open();
  await runtime.drive(plusMillis(START, 32 * DAY));
  expect(runtime.meter.counts['mails']).toBe(2);
  runtime.close();
  expect((await report()).kinds).toEqual({});
});

it('knows nobody by a name that nobody has', async () => {
  await expect(audited('--contact', 'nobody@shop.example')).rejects.toThrow('Nobody is known as nobody@shop.example.');
});
