import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { importCommand } from '#apps/cli/commands/import.ts';
import { runContact } from '#apps/cli/contact.ts';
import { runList } from '#apps/cli/lists/run.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { withState } from '#apps/local/with-state.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { isSuppressed, loadSuppression } from '#shared/store/suppressions.ts';
import { plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-02T09:00:00.000Z';
let [shop, data] = ['', ''];

beforeAll(async () => {
  shop = mkdtempSync(join(tmpdir(), 'tropa-lists-'));
  const runtime = openRuntime({
    dataDir: shop,
    start: START,
    eventDays: 400,
    mailsPerSecond: 14,
    publicUrl: 'http://x',
  });
  runtime.upload(EXAMPLES);
  await runtime.drive(plusMillis(START, 60_000));
  runtime.close();
});
afterAll(() => rmSync(shop, { recursive: true }));
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tropa-lists-'));
  cpSync(shop, data, { recursive: true });
});
afterEach(() => rmSync(data, { recursive: true }));

async function bring(kind: string, csv: string | Buffer, ...words: string[]) {
  const file = join(data, `${kind}.csv`);
  writeFileSync(file, csv);
  const [out, err] = [new PassThrough(), new PassThrough()];
  let code: number | undefined;
  const command = importCommand(runList, { out, err }, (given) => {
    code = given;
  });
  await command.parseAsync([kind, file, '--data', data, '--json', ...words], { from: 'user' });
  const errors = `${file.slice(0, -4)}.errors.csv`;
  return { code, errors, report: JSON.parse(String(out.read())) };
}

const person = async (contact: string) => (await runContact.show({ contact, target: { data } }))?.profile;

const PEOPLE = `\ufeffEmail Address;First Name;Customer ID;birthday;tags;created
ann@shop.example;Ann;7;1990-05-17;"vip;wholesale";2024-02-01
 BOB@shop.example ;Bob;8;;;
nobody;Cid;;;;
;;;;;
dee@shop.example;Dee;9;17/05/1990;;
ann@shop.example;Ann;7;1990-05-17;"vip;wholesale";2024-02-01
`;

test('contacts come in with traits, tags and the day they registered; what cannot be used lies in a file of its own', async () => {
  const { code, report, errors } = await bring('contacts', PEOPLE);
  expect(code).toBe(1);
  expect(report).toMatchObject({
    ...{ rows: 6, used: 2, repeated: 1, events: 3, rejected: { 'bad-email': 1, nobody: 1, 'bad-value': 1 } },
    columns: {
      'Email Address': 'email',
      'First Name': 'name.first',
      'Customer ID': 'externalId',
      created: 'createdAt',
    },
    undeclared: [],
  });
  expect(await person('ann@shop.example')).toMatchObject({
    ...{ createdAt: '2024-02-01T11:00:00.000Z', tags: ['vip', 'wholesale'] },
    traits: { 'name.first': 'Ann', birthday: '1990-05-17' },
    identities: { email: 'ann@shop.example', externalId: '7' },
  });
  expect((await person('8'))?.identities.email).toBe('bob@shop.example');
  const left = readFileSync(errors, 'utf8').split('\n');
  expect(left[0]).toBe('Email Address;First Name;Customer ID;birthday;tags;created;row;error');
  expect(left[1]).toMatch(/^nobody;Cid;;;;;3;.*no right email/);
  expect(left[3]).toMatch(/^dee@shop\.example.*;5;.*--dates day\/month\/year/);
});

test('the file of what could not be used is mended and imported as it is', async () => {
  const { errors } = await bring('contacts', PEOPLE);
  const mended = readFileSync(errors, 'utf8').replace('nobody;', 'cid@shop.example;');
  const { report } = await bring('contacts', mended, '--dates', 'day/month/year');
  expect(report).toMatchObject({ used: 2, rejected: { nobody: 1 } });
  expect((await person('dee@shop.example'))?.traits).toMatchObject({ birthday: '1990-05-17' });
});

test('no journey starts by a list, and nobody who comes in twice is there twice', async () => {
  const csv = 'email,created\nann@shop.example,2025-06-01\n';
  await bring('contacts', csv);
  await bring('contacts', csv);
  await bring(
    'consents',
    'email,topic\nann@shop.example,news\n',
    '--state',
    'granted',
    '--source',
    'form',
    '--at',
    '2024-02-01',
  );
  const shown = await runContact.show({ contact: 'ann@shop.example', target: { data } });
  expect(shown?.messages).toBe(0);
  expect(shown?.events.map(({ type }) => type).sort()).toEqual([
    'consent.imported',
    'contact.imported',
    'registration',
  ]);
  expect(shown?.profile.inside).toEqual({});
});

test('what is known since is not overruled by a list that is older', async () => {
  await bring('contacts', 'email,First Name\nann@shop.example,Anna\n', '--as-of', '2026-02-01');
  await bring('contacts', 'email,First Name\nann@shop.example,Ann\n', '--as-of', '2025-02-01');
  expect((await person('ann@shop.example'))?.traits).toMatchObject({ 'name.first': 'Anna' });
  await bring(
    'consents',
    'email,state,at\nann@shop.example,unsubscribed,2026-01-01\nann@shop.example,yes,2025-01-01\n',
    '--topic',
    'news',
    '--source',
    'old',
  );
  expect((await person('ann@shop.example'))?.consents['email']?.['news']).toMatchObject({
    state: 'denied',
    source: 'old',
  });
});

test.each([
  [
    'a yes that the list has of that day overrules no no of the day',
    'unsubscribed',
    '2026-02-10T08:00Z',
    'yes',
    '2026-02-10',
  ],
  [
    'a no that the list has of that day stands against each yes of the day',
    'yes',
    '2026-02-10T20:00Z',
    'no',
    '2026-02-10',
  ],
  ['a no of today counts', 'yes', '2026-03-02T08:30Z', 'no', '2026-03-02'],
])('%s', async (_, before, at, word, day) => {
  for (const [state, time] of [
    [before, at],
    [word, day],
  ])
    await bring(
      'consents',
      `email,state,at\nann@shop.example,${state},${time}\n`,
      '--topic',
      'news',
      '--source',
      'old',
    );
  expect((await person('ann@shop.example'))?.consents['email']?.['news']?.state).toBe('denied');
});

test('a consent needs its time, its source, and a topic that there is', async () => {
  const csv =
    'email,topic,status,date,source\n' +
    'a@shop.example,news;offers,subscribed,2025-01-01,form\n' +
    'b@shop.example,nwes,subscribed,2025-01-01,form\n' +
    'c@shop.example,news,pending,2025-01-01,form\n' +
    'd@shop.example,news,subscribed,,form\n' +
    'e@shop.example,news,subscribed,2025-01-01,\n' +
    'f@shop.example,orders,subscribed,2025-01-01,form\n' +
    'g@shop.example,news,subscribed,2999-01-01,form\n';
  const { report, errors } = await bring('consents', csv);
  expect(report.rejected).toEqual({ 'no-such-topic': 2, 'bad-state': 1, 'bad-time': 2, 'no-source': 1 });
  expect(report.consents).toEqual({ 'email, news, granted': 1, 'email, offers, granted': 1 });
  expect(readFileSync(errors, 'utf8')).toContain('Did you mean ""news""?');
  expect(await person('c@shop.example')).toBeUndefined();
});

test('suppressions hold at once; who has unsubscribed is none', async () => {
  const csv = 'email,reason\na@shop.example,Hard Bounce\nb@shop.example,spam complaint\nc@shop.example,unsubscribed\n';
  const { report } = await bring('suppressions', csv);
  expect(report).toMatchObject({ used: 2, suppressed: { bounced: 1, complained: 1 }, rejected: { unsubscribed: 1 } });
  const held = await withState(data, ({ table }) =>
    Promise.all(['a', 'b', 'c'].map((who) => isSuppressed(table, 'email', emailHash(`${who}@shop.example`)))),
  );
  expect(held).toEqual([true, true, false]);
});

test('a complaint is kept beside a bounce of the same list', async () => {
  await bring('suppressions', 'email,reason\na@shop.example,bounce\na@shop.example,complaint\n');
  const held = await withState(data, ({ table }) => loadSuppression(table, 'email', emailHash('a@shop.example')));
  expect(held).toMatchObject({ reason: 'bounced', complained: expect.any(String) });
});

test('what is not in UTF-8 is refused, and greets nobody by half a name', async () => {
  const list = Buffer.from('email,First name\na@shop.example,Jos\xe9\nb@shop.example,Bob\n', 'latin1');
  const { report } = await bring('contacts', list);
  expect(report).toMatchObject({ used: 1, rejected: { 'not-utf8': 1 } });
  const wide = Buffer.from('\ufeffemail\na@shop.example\n', 'utf16le');
  await expect(bring('contacts', wide)).rejects.toThrow('is not in UTF-8');
});

test('importing a list again leaves the file alone that somebody mends', async () => {
  const { errors, report } = await bring('contacts', PEOPLE, '--dry-run');
  expect(report.errors).toBe(errors);
  const before = readFileSync(errors, 'utf8');
  // The same is not left twice.
  expect((await bring('contacts', PEOPLE)).report.errors).toBe(errors);
  writeFileSync(errors, before.replace('nobody;', 'cid@shop.example;'));
  const second = errors.replace('.errors.csv', '.errors-2.csv');
  expect((await bring('contacts', PEOPLE)).report.errors).toBe(second);
  expect((await bring('contacts', PEOPLE)).report.errors).toBe(second);
  expect(readFileSync(second, 'utf8')).toBe(before);
  expect(readFileSync(errors, 'utf8')).toContain('cid@shop.example;');
  // Neither by a list of which all can be used, nor by one that goes on in the middle.
  expect((await bring('contacts', 'email\nann@shop.example\n')).report).not.toHaveProperty('errors');
  expect((await bring('contacts', PEOPLE, '--from-row', '5')).report.errors).toBe(second.replace('-2', '-3'));
  expect(readFileSync(second, 'utf8')).toBe(before);
  expect(readdirSync(data).filter((name) => name.includes('errors'))).toHaveLength(3);
});

test('the file that is named for errors is replaced', async () => {
  const named = join(data, 'left.csv');
  await bring('contacts', PEOPLE, '--errors', named);
  await bring('contacts', 'email\nnobody\n', '--errors', named);
  expect(readFileSync(named, 'utf8').split('\n')).toHaveLength(3);
});

test('a list is not written over by its own errors', async () => {
  const file = join(data, 'contacts.csv');
  await expect(bring('contacts', 'email\nnobody\n', '--errors', file)).rejects.toThrow('is the list itself');
  expect(readFileSync(file, 'utf8')).toContain('nobody');
});

test('a dry run says the same and changes nothing', async () => {
  const { report } = await bring('contacts', PEOPLE, '--dry-run');
  expect(report).toMatchObject({ dryRun: true, used: 2, events: 3 });
  expect(await person('ann@shop.example')).toBeUndefined();
  await bring('suppressions', 'email\na@shop.example\n', '--dry-run');
  expect(await withState(data, ({ table }) => isSuppressed(table, 'email', emailHash('a@shop.example')))).toBe(false);
});

test.each([
  ['contacts', 'email,Ort/Stadt\na@shop.example,Kiel\n', [], /"Ort\/Stadt" is not known here.*--map "Ort\/Stadt=-"/],
  ['consents', 'email,sate\na@shop.example,yes\n', [], /"sate" is not known here\. Did you mean "state"\?/],
  ['contacts', 'email,Mail\na@shop.example,\n', [], /Two columns are "email"/],
  ['contacts', 'email\na@shop.example\n', ['--map', 'Emial=email'], /no such column/],
  ['contacts', '', [], /is empty/],
])('a header of %s that is not understood is refused before anything happens', async (kind, csv, words, said) => {
  await expect(bring(kind, csv, ...words)).rejects.toThrow(said);
});

test('an import goes on at the row where another broke off', async () => {
  const { report } = await bring(
    'contacts',
    'email\na@shop.example\nb@shop.example\nc@shop.example\n',
    '--from-row',
    '3',
  );
  expect(report).toMatchObject({ rows: 3, skipped: 2, used: 1 });
  expect(await person('b@shop.example')).toBeUndefined();
  expect(await person('c@shop.example')).toBeDefined();
});
