import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importCommand } from '#apps/cli/commands/import.ts';
import { runContact } from '#apps/cli/contact.ts';
import { runList } from '#apps/cli/lists/run.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { splitRecord } from '#shared/csv.ts';
import { plusMillis } from '#shared/time/instant.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-endpoints-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const endpoint = (given: object = {}) => ({
  ...{ ChannelType: 'EMAIL', Address: 'ann@mail.example', EndpointStatus: 'ACTIVE', OptOut: 'NONE', Id: 'e' },
  ...{ CreationDate: '2022-03-01T09:00:00.000Z', EffectiveDate: '2024-06-01T09:00:00.000Z' },
  ...given,
});

async function command(...words: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  let code: number | undefined;
  const given = importCommand(runList, { out, err }, (exit) => {
    code = exit;
  }).enablePositionalOptions();
  await given.parseAsync(words, { from: 'user' });
  return { code, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

/** Rows of a list by column, without what is empty. */
function rowsIn(list: string): Record<string, string>[] {
  const [header = [], ...rows] = readFileSync(join(folder, 'lists', list), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const split = splitRecord(line, ',');
      return 'values' in split ? split.values : [];
    });
  return rows.map((row) => Object.fromEntries(header.flatMap((name, i) => (row[i] ? [[name, row[i]]] : []))));
}

async function converted(...lines: (object | string)[]) {
  const file = join(folder, 'export.json.gz');
  writeFileSync(file, gzipSync(lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')));
  const { code, out, err } = await command('endpoints', file, '--to', join(folder, 'lists'), '--json');
  return { code, err, report: out === '' ? undefined : JSON.parse(out) };
}

describe('endpoints of Amazon Pinpoint', () => {
  it('become contacts, with what was known of address and user', async () => {
    const { code, report } = await converted(
      endpoint({
        Demographic: { Locale: 'pl_PL', Timezone: 'Europe/Warsaw', Make: 'Apple', ModelVersion: '3' },
        Location: { Country: 'PL', City: 'Łódź', Latitude: 51.7 },
        Attributes: { 'loyalty tier': ['gold'], interests: ['tea', 'cups'], Email: ['other@mail.example'] },
        Metrics: { visits: 3.5 },
        User: { UserId: '7', UserAttributes: { FirstName: ['Ann'], 'loyalty tier': ['iron'] } },
      }),
    );
    expect(code).toBe(0);
    expect(report).toMatchObject({ endpoints: 1, contacts: 1, several: ['interests'], leftOut: {} });
    expect(rowsIn('contacts.csv')).toEqual([
      {
        ...{ email: 'ann@mail.example', externalId: '7', createdAt: '2022-03-01T09:00:00.000Z' },
        ...{ locale: 'pl_PL', timeZone: 'Europe/Warsaw', 'location.country': 'PL', 'location.city': 'Łódź' },
        ...{
          'device.make': 'Apple',
          'loyalty-tier': 'iron',
          interests: 'tea;cups',
          visits: '3.5',
          'name.first': 'Ann',
        },
        'pinpoint.Email': 'other@mail.example',
      },
    ]);
  });

  it('say no for who opted out, and never yes: that they did not is another list', async () => {
    await converted(
      endpoint({ OptOut: 'ALL' }),
      endpoint({ ChannelType: 'SMS', Address: '+48600000001', OptOut: 'ALL', EndpointStatus: 'INACTIVE' }),
      endpoint({ Address: 'bob@mail.example' }),
      // The same address by another endpoint: a yes of it would come after the no.
      endpoint({ Address: 'ANN@mail.example', EffectiveDate: '2025-06-01T09:00:00.000Z' }),
    );
    expect(rowsIn('opted-out.csv')).toEqual([
      expect.objectContaining({ email: 'ann@mail.example', channel: 'email', state: 'denied', topic: 'marketing' }),
      expect.objectContaining({
        phone: '+48600000001',
        channel: 'sms',
        state: 'denied',
        at: '2024-06-01T09:00:00.000Z',
      }),
    ]);
    expect(rowsIn('not-opted-out.csv')).toEqual([
      { email: 'bob@mail.example', channel: 'email', at: '2024-06-01T09:00:00.000Z' },
    ]);
  });

  it('of one user are known since the first of them, once', async () => {
    const user = { User: { UserId: '7' } };
    await converted(
      endpoint(user),
      endpoint({ ...user, ChannelType: 'SMS', Address: '+48600000001', CreationDate: '2020-01-01T00:00:00.000Z' }),
    );
    expect(rowsIn('contacts.csv').map(({ createdAt }) => createdAt)).toEqual([undefined, '2020-01-01T00:00:00.000Z']);
  });

  it('of which nothing can be made lie in a list of their own, each with its line and reason', async () => {
    const { code, report } = await converted(
      endpoint(),
      'not json',
      '["a list"]',
      '{"ChannelType":{"__proto__":1}}',
      endpoint({ ChannelType: 'GCM', Address: 'token' }),
      endpoint({ EndpointStatus: 'INACTIVE' }),
      endpoint({ Address: '' }),
      '',
      endpoint({ ChannelType: 'APNS', Address: 'token', User: { UserId: '8' } }),
    );
    expect(code).toBe(1);
    expect(report).toMatchObject({
      ...{ endpoints: 8, contacts: 2 },
      leftOut: { 'no-json': 1, 'no-endpoint': 2, 'device-only': 1, inactive: 1, 'no-address': 1 },
    });
    expect(rowsIn('left-out.csv').map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      ...['2 no-json', '3 no-endpoint', '4 no-endpoint', '5 device-only', '6 inactive', '7 no-address'],
    ]);
    expect(rowsIn('contacts.csv')).toContainEqual(expect.objectContaining({ externalId: '8' }));
  });

  it('are read by nobody else on the machine, and replace no list unasked', async () => {
    await converted(endpoint());
    expect(statSync(join(folder, 'lists', 'contacts.csv')).mode & 0o077).toBe(0);
    const again = await converted(endpoint());
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    const nothing = await converted('{}');
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('There is no endpoint') });
  });

  it('come in by the commands that are named at the end: one contact, their words, no journey', async () => {
    const data = join(folder, 'data');
    const START = '2026-03-02T09:00:00.000Z';
    const runtime = openRuntime({
      ...{ dataDir: data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl: 'http://x' },
    });
    runtime.upload(EXAMPLES);
    await runtime.drive(plusMillis(START, 60_000));
    runtime.close();
    const lists = join(folder, 'lists');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['apps/cli/main.ts', 'import', 'endpoints', 'docs/import/pinpoint-endpoints.json', '--to', lists],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stdout).toContain(`npx tropa import contacts ${join(lists, 'contacts.csv')} --stage STAGE --dry-run`);
    const contacts = await command('contacts', join(lists, 'contacts.csv'), '--data', data, '--json');
    expect(JSON.parse(contacts.out)).toMatchObject({ rows: 3, used: 3, rejected: {} });
    const words = await command('consents', join(lists, 'opted-out.csv'), '--data', data, '--json');
    expect(JSON.parse(words.out)).toMatchObject({ used: 2, rejected: {} });
    const shown = await runContact.show({ contact: 'ann@shop.example', target: { data } });
    expect(shown?.profile).toMatchObject({
      ...{ identities: { phone: '+48600000001', externalId: '7' } },
      ...{
        traits: { 'loyalty-tier': 'gold', 'name.first': 'Ann' },
        consents: { sms: { marketing: { state: 'denied' } } },
      },
    });
    const bob = await runContact.show({ contact: 'bob@shop.example', target: { data } });
    expect(bob?.profile.consents).toMatchObject({ email: { marketing: { state: 'denied' } } });
  });
});
