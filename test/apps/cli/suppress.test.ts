import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { suppressCommand } from '#apps/cli/commands/suppress.ts';
import { suppressRuns } from '#apps/cli/suppress.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress, suppressUnlessLifted } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';

const START = '2026-03-02T09:00:00.000Z';
/** A shop on which nothing runs stands at the beginning of time. */
const BEFORE = '1969-12-31T23:59:59.000Z';
const HASH = emailHash('ann@shop.example');

function shop() {
  const data = mkdtempSync(join(tmpdir(), 'tropa-suppress-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const open = () =>
    openRuntime({
      dataDir: data,
      start: START,
      eventDays: 400,
      mailsPerSecond: 10,
      publicUrl: 'https://shop.example',
    });
  open().close();
  const inside = async (work: (table: Table) => Promise<unknown>) => {
    const runtime = open();
    await work(runtime.table);
    runtime.close();
  };
  const run = async (...words: string[]) => {
    const out: string[] = [];
    const into = { write: (text: string) => void out.push(text) };
    const command = suppressCommand(
      suppressRuns(() => 'olga'),
      { out: into, err: into } as never,
    );
    await command.exitOverride().parseAsync([...words, '--data', data], { from: 'user' });
    return out.join('');
  };
  return { run, inside };
}

it('an address is put on the list and taken from it, and who did it, when and why stays', async () => {
  const { run } = shop();
  expect(await run('add', 'Ann@Shop.example', '--reason', 'asked by phone')).toBe('Suppressed.\n');
  expect(await run('show', 'ann@shop.example')).toMatch(/^Suppressed: manual, .* by olga, asked by phone/);
  expect(await run('add', 'ann@shop.example', '--reason', 'again')).toMatch(/before: manual.*asked by phone/);
  expect(await run('remove', 'ann@shop.example', '--reason', 'asked by mail')).toMatch(/Allowed again.*manual/);
  const { suppressed, allowed } = JSON.parse(await run('show', 'ann@shop.example', '--json'));
  expect(suppressed).toBeUndefined();
  expect(allowed).toMatchObject({ by: 'olga', note: 'asked by mail', was: 'manual' });
});

it('the list names everybody, of any page', async () => {
  const { run, inside } = shop();
  const hashes = Array.from({ length: 2000 }, (_, n) => emailHash(`n${n}@shop.example`));
  await inside(async (table) => {
    for (const hash of hashes) await table.write(suppress('email', hash, 'imported', START, { by: 'olga' }));
  });
  const lines = (await run('list', '--json')).trim().split('\n');
  expect(new Set(lines.map((line) => JSON.parse(line).hash))).toEqual(new Set(hashes));
  expect(await run('list')).toMatch(/imported, .*by olga\n2000 addresses\.\n$/s);
});

it('a complaint is taken back by nobody who does not say so, whatever came before it', async () => {
  const { run, inside } = shop();
  await run('add', 'ann@shop.example', '--reason', 'asked');
  await inside((table) => suppressUnlessLifted(table, 'email', HASH, 'complained', START));
  await expect(run('remove', 'ann@shop.example', '--reason', 'sales')).rejects.toThrow('--complaint');
  expect(await run('show', 'ann@shop.example')).toMatch(/manual.*complained/);
  expect(await run('remove', 'ann@shop.example', '--complaint', '--reason', 'letter of 1 March')).toMatch('Allowed');
});

it('what SES says late of a time before the removal changes nothing, but for a complaint that nobody has forgiven', async () => {
  const { run, inside } = shop();
  await run('add', 'ann@shop.example', '--reason', 'asked');
  await run('remove', 'ann@shop.example', '--reason', 'asked');
  const told = (reason: 'bounced' | 'complained', at: string) => async (table: Table) =>
    void heard.push(await suppressUnlessLifted(table, 'email', HASH, reason, at));
  const heard: boolean[] = [];
  await inside(told('bounced', BEFORE));
  expect(await run('show', 'ann@shop.example')).toMatch(/^Not suppressed/);
  await inside(told('complained', BEFORE));
  expect(heard).toEqual([false, true]);
  expect(await run('show', 'ann@shop.example')).toMatch(/^Suppressed: complained/);
});

it('says what is wrong', async () => {
  const { run } = shop();
  await expect(run('add', 'ann', '--reason', 'x')).rejects.toThrow('no e-mail address');
  await expect(run('add', 'ann@shop.example', '--reason', ' ')).rejects.toThrow('say why');
  await expect(run('remove', 'ann@shop.example', '--reason', 'x')).rejects.toThrow('not suppressed');
});
