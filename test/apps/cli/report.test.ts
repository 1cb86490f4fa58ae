import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runContact } from '#apps/cli/contact.ts';
import { runStatus, runWhy } from '#apps/cli/report.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { copyShop, example } from '#test/build/examples.ts';

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
let data: string;

/** Ann registers and agrees, Bob only registers: an hour later the state lies in a folder. */
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tropa-report-'));
  const publicUrl = 'http://localhost:4400';
  const runtime = openRuntime({ dataDir: data, start: START, eventDays: 400, mailsPerSecond: 14, publicUrl });
  copyShop(join(data, 'shop'), 'welcome', 'abandoned-cart', 'birthday', 'monthly-letter');
  runtime.upload(join(data, 'shop'));
  await runtime.drive(plusMillis(START, 60_000));
  const draft = example('journeys/birthday.json').replace('"live"', '"draft"');
  runtime.take({ key: 'journeys/birthday.json', body: draft });
  runtime.take({ key: 'journeys/idea.json', body: draft.replace('"birthday",', '"idea",') });
  const at = runtime.clock.now();
  const registers = (email: string, consents: ReturnType<typeof consent>[]) =>
    entryOf(event('registration', { at, identities: { email }, consents }));
  await runtime.bus.put([registers('ann@shop.example', [consent('news', at)]), registers('bob@shop.example', [])]);
  await runtime.drive(plusMillis(at, HOUR));
  runtime.close();
});
afterAll(() => rmSync(data, { recursive: true }));

describe('why', () => {
  it('says of who is inside where they stand, since when, and what they got', async () => {
    const found = await runWhy({ contact: 'ANN@shop.example', target: { data } });
    const welcome = found?.journeys.find(({ journey }) => journey === 'welcome');
    expect(welcome).toMatchObject({
      status: 'live',
      passages: [{ n: 1, state: 'inside', stands: { says: expect.stringMatching(/^Wait/) }, passed: ['hello'] }],
    });
    expect(welcome?.passages[0]?.messages).toMatchObject([{ step: 'hello', facts: { sent: expect.any(String) } }]);
    expect(welcome).not.toHaveProperty('outside');
  });

  it('says of who is outside what keeps them there', async () => {
    const found = await runWhy({ contact: 'bob@shop.example', journey: 'welcome', target: { data } });
    expect(found?.journeys).toMatchObject([
      { passages: [], outside: { reason: 'condition', because: [expect.stringContaining('news')] } },
    ]);
    const cart = await runWhy({ contact: 'bob@shop.example', journey: 'abandoned-cart', target: { data } });
    expect(cart?.journeys[0]?.outside).toEqual({ reason: 'no-event', because: [] });
  });

  it('is undefined for somebody whom nobody knows', async () => {
    expect(await runWhy({ contact: 'eve@shop.example', target: { data } })).toBeUndefined();
  });
});

it('status counts who is inside, and where', async () => {
  const { journeys, standing } = await runStatus({ target: { data } });
  expect(journeys['welcome']).toMatchObject({ version: 1, status: 'live', entries: 1, inside: 1 });
  expect(standing).toMatchObject([{ journey: 'welcome', version: 1, contacts: 1 }]);
  const cart = await runStatus({ target: { data }, journey: 'abandoned-cart' });
  expect(Object.keys(cart.journeys)).toEqual(['abandoned-cart']);
  expect(cart.standing).toEqual([]);
});

it('status tells drafts from what is live, and times by the clock of the shop', async () => {
  const report = await runStatus({ target: { data } });
  expect(report).toMatchObject({ zone: 'Europe/Warsaw', drafts: ['birthday', 'idea', 'monthly-letter'] });
  expect(report.journeys['birthday']).toMatchObject({ status: 'live' });
  expect(report.journeys).not.toHaveProperty('idea');
  expect(await runStatus({ target: { data }, journey: 'idea' })).toMatchObject({ drafts: ['idea'], journeys: {} });
});

const tropa = (...given: string[]): string =>
  execFileSync(process.execPath, ['apps/cli/main.ts', ...given], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });

it('both print it for people', () => {
  const said = tropa('why', 'ann@shop.example', 'welcome', '--data', data);
  expect(said).toContain('1. entered 2026-03-02');
  expect(said).toMatch(/email of hello: sent 2026-03-02/);
  expect(tropa('why', 'bob@shop.example', 'welcome', '--data', data)).toContain('outside: the entry rule says no');
  const status = tropa('status', '--data', data);
  expect(status).toMatch(/ birthday +│ live, and a newer draft │/);
  expect(status).toMatch(/ idea +│ draft: not live /);
  // Registered at 09:01 UTC.
  expect(status).toMatch(/│ welcome .* 2026-03-02 10:01 │/);
  expect(status.match(/Times are those of Europe\/Warsaw, the shop's\./g)).toHaveLength(1);
}, 60_000);

describe('contact', () => {
  it('shows who somebody is, and prints it for people', async () => {
    expect(await runContact.show({ contact: 'ann@shop.example', target: { data } })).toMatchObject({
      profile: { identities: { email: 'ann@shop.example' }, consents: { email: { news: { state: 'granted' } } } },
      events: [{ type: 'registration' }],
      messages: 1,
    });
    const said = tropa('contact', 'show', 'ann@shop.example', '--data', data);
    expect(said).toContain('email         ann@shop.example');
    expect(said).toContain('inside        welcome##1');
  });

  it('gives a copy of all of it', () => {
    const copy = JSON.parse(tropa('contact', 'export', 'bob@shop.example', '--data', data));
    expect(copy).toMatchObject({
      profile: [{ identities: { email: 'bob@shop.example' } }],
      events: [{}],
      messages: [],
    });
  });

  it('forgets nobody who is not named twice, and then for good', async () => {
    expect(() => tropa('contact', 'erase', 'bob@shop.example', '--data', data)).toThrow(/--yes/);
    expect(tropa('contact', 'erase', 'bob@shop.example', '--yes', '--data', data)).toMatch(/^Forgotten: \d+ rows/);
    expect(await runContact.show({ contact: 'bob@shop.example', target: { data } })).toBeUndefined();
    expect(() => tropa('contact', 'erase', 'bob@shop.example', '--yes', '--data', data)).toThrow(/Nobody is known as/);
  });
});
