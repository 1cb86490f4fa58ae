import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyShop } from '#test/build/examples.ts';

/** `npm start` and `npx tropa` as they are typed: processes of their own. */
let dir = '';
let running: Started[] = [];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-start-'));
});
afterEach(async () => {
  for (const one of running) await one.stop();
  running = [];
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Started = { child: ChildProcess; out: string; err: string; code: number | null; stop: () => Promise<void> };

function run(main: string, words: readonly string[]): Started {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const started: Started = {
    child,
    out: '',
    err: '',
    code: null,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
  child.stdout?.on('data', (chunk: Buffer) => (started.out += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (started.err += chunk));
  child.on('close', (code) => (started.code = code));
  running.push(started);
  return started;
}

async function finish(main: string, ...words: string[]): Promise<Started> {
  const started = run(main, words);
  await new Promise((resolve) => started.child.on('close', resolve));
  return started;
}
const start = (...words: string[]) => finish('apps/local/main.ts', ...words);
const tropa = (...words: string[]) => finish('apps/cli/main.ts', ...words);

/** Starts it and waits until it is served. */
async function serve(...words: string[]): Promise<Started & { url: string }> {
  const started = run('apps/local/main.ts', ['--port', '0', ...words]);
  await vi.waitFor(() => expect(started.out).toContain('Journeys  '), { timeout: 50_000 });
  return Object.assign(started, { url: /Inbox {5}(\S+)/.exec(started.out)?.[1] ?? '' });
}
const says = (started: Started, text: string) =>
  vi.waitFor(() => expect(started.out).toContain(text), { timeout: 10_000, interval: 50 });

/** Two journeys of the examples. */
function shopAt(name: string): string {
  const folder = join(dir, name);
  copyShop(folder, 'welcome', 'win-back');
  return folder;
}

const SALES = 'customer,when\nann,2026-03-02\nbob,2026-03-05\n';
function replayed(name: string, journeys: string): [words: string[], data: string] {
  const [file, mapping, data] = [join(dir, `${name}.csv`), join(dir, `${name}.json`), join(dir, name)];
  writeFileSync(file, SALES);
  const fields = { source: 'shop', time: 'when', type: 'registration', identities: { externalId: 'customer' } };
  writeFileSync(mapping, JSON.stringify(fields));
  return [['replay', 'mapping', file, '--mapping', mapping, '--journeys', journeys, '--data', data], data];
}

describe('what cannot be started', () => {
  const folder = () => {
    mkdirSync(join(dir, 'empty'), { recursive: true });
    writeFileSync(join(dir, 'file.csv'), '');
    return dir;
  };

  it.each([
    ['a word that is no option', () => ['--bogus'], 'There is no option --bogus.'],
    ['journeys that are nowhere', () => ['--journeys', '/nope'], 'There is no folder /nope.'],
    ['journeys that are a file', () => ['--journeys', join(folder(), 'file.csv')], 'file.csv is a file.'],
    ['journeys without settings', () => ['--journeys', join(folder(), 'empty')], 'settings.json. A shop'],
    ['data that are a file', () => ['--data', join(folder(), 'file.csv')], 'is a file; --data needs a folder.'],
  ])('is refused in one sentence and with exit code 2: %s', async (_, words, sentence) => {
    const { code, err, out } = await start('--once', ...words());
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect([code, out]).toEqual([2, '']);
  });

  it('is refused before anything is played when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    const port = await vi.waitFor(() => {
      const address = other.address();
      return typeof address === 'object' && address ? address.port : expect.fail('not listening yet');
    });
    const { code, err } = await start('--port', String(port));
    other.close();
    expect(err).toBe(`Port ${port} is taken by another process; stop it, or choose another with --port.\n`);
    expect(code).toBe(2);
  });
});

describe('a data folder', () => {
  it('keeps one shop: neither another sample shop nor a replay is mixed into it', async () => {
    const [data, folder] = [join(dir, 'sample'), shopAt('sample-shop')];
    const once = (contacts: string) => start('--once', '--contacts', contacts, '--data', data, '--journeys', folder);
    expect((await once('3')).code).toBe(0);
    const other = await once('4');
    expect(other.err).toContain(`${data} holds the sample shop "birch" with 3 customers.`);
    expect(other.err).toContain('say --seed birch --contacts 3.');
    const [words] = replayed('over-sample', folder);
    const replay = await tropa(...words.slice(0, -1), data);
    expect(replay.err).toContain(`${data} holds the sample shop "birch" with 3 customers. Take another folder.`);
    expect([other.code, replay.code]).toEqual([2, 2]);
  });

  it('of a replay is opened without the sample shop, with the journeys it was replayed with', async () => {
    const folder = shopAt('replay-shop');
    const [words, data] = replayed('kept-replay', folder);
    expect((await tropa(...words)).code).toBe(0);
    const mixed = await start('--once', '--data', data);
    expect(mixed.err).toContain('holds a replay. Open it with --no-sample');
    const opened = await serve('--data', data, '--no-sample');
    expect(opened.out).toContain(`Journeys  ${folder} `);
    const summary = await (await fetch(`${opened.url}/api/summary`)).json();
    expect(summary).toMatchObject({ contacts: 2, journeys: { welcome: { entries: 2 } } });
    expect(await (await fetch(opened.url)).text()).toContain('ann@shop.example');
    const sent = await tropa('webhook', 'send', 'stripe', 'customer.created', '--data', data);
    expect([sent.code, sent.out]).toEqual([0, expect.stringContaining(`to ${opened.url}/webhooks/stripe`)]);
    await opened.stop();
    expect((await tropa('webhook', 'send', 'stripe', 'customer.created', '--data', data)).err).toMatch(
      /Nothing runs on/,
    );
  });
});

describe('a folder of journeys', () => {
  const edit = (file: string, name: string) => {
    const text = readFileSync(file, 'utf8').replace(/"name": "[^"]*"/, `"name": "${name}"`);
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };

  it('is live: each save is answered, also of what waited, is closed, or is misplaced', async () => {
    const folder = shopAt('live-shop');
    const journey = join(folder, 'journeys/win-back.json');
    const served = await serve('--journeys', folder, '--contacts', '2');
    for (const version of [2, 3, 4]) {
      edit(journey, `Win back ${version}`);
      await says(served, `journeys/win-back.json   PUBLISHED as version ${version}.`);
    }
    writeFileSync(journey, `// A comment.\n${readFileSync(journey, 'utf8')}`);
    await says(served, 'journeys/win-back.json   UNCHANGED. Version 4 stays live.');
    writeFileSync(journey, readFileSync(journey, 'utf8').replace('"live"', '"closing"'));
    await says(served, 'journeys/win-back.json   CLOSING. Nobody enters any more; who is inside goes on.');
    renameSync(join(folder, 'templates/welcome-hello'), join(dir, 'aside'));
    const note = readFileSync(join(folder, 'journeys/welcome.json'), 'utf8').replaceAll('welcome-hello', 'late-hello');
    writeFileSync(join(folder, 'journeys/welcome.json'), note);
    await says(served, 'There is no template "late-hello".');
    renameSync(join(dir, 'aside'), join(folder, 'templates/late-hello'));
    await says(served, 'journeys/welcome.json   PUBLISHED as version 2.');
    writeFileSync(join(folder, 'lost.json'), '{}');
    await says(served, 'lost.json   NOT READ: A journey lies at journeys/lost.json.');
  });

  it('that was changed meanwhile is told of at the next start', async () => {
    const folder = shopAt('changed-shop');
    const words = ['--once', '--contacts', '2', '--data', join(dir, 'changed'), '--journeys', folder];
    expect((await start(...words)).out).not.toContain('PUBLISHED');
    edit(join(folder, 'journeys/win-back.json'), 'Win back, quite new');
    const { out } = await start(...words);
    expect(out).toContain('journeys/win-back.json   PUBLISHED as version 2.');
    expect(out.match(/PUBLISHED/g)).toHaveLength(1);
  });

  it('says of a shop of its own what goes live at the first start already', async () => {
    const { out } = await start('--once', '--no-sample', '--data', join(dir, 'own'), '--journeys', shopAt('own-shop'));
    expect(out).toContain('journeys/win-back.json   PUBLISHED as version 1');
  });
});
