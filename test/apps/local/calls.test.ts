import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { loadStanding } from '#apps/local/summary.ts';
import { SOURCE } from '#shared/event/put.ts';
import { identityKey } from '#shared/store/keys.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';

const START = '2026-03-02T10:00:00.000Z';
const HOUR = 3_600_000;
const GUIDE = readFileSync(new URL('../../../docs/calls.md', import.meta.url), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-calls-'));
  for (const [, path = '', body = ''] of GUIDE.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A laptop with the files of the guide, where Ann has ordered for the tenth time. */
async function ordered(before: (runtime: Runtime) => Promise<void> | void) {
  return (await happened('order.tenth', { orderId: '10042' }, before)).profile;
}

/** What is known once it is over. */
async function happened(
  type: string,
  data: Record<string, string | number>,
  before: (runtime: Runtime) => Promise<void> | void = () => {},
) {
  const runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 10, publicUrl: 'http://shop.localhost' });
  runtime.upload(folder);
  await runtime.drive(plusMillis(START, 60_000));
  await before(runtime);
  const one = event(type, { at: runtime.clock.now(), data });
  await runtime.bus.put([{ source: SOURCE, detailType: one.type, detail: one }]);
  await runtime.drive(plusMillis(START, 3 * HOUR));
  const row = await runtime.table.get(identityKey('email', emailHash('ann@shop.example')));
  const profile = await loadProfile(runtime.table, String(row?.['contact']));
  const mails = runtime.inbox.mails.page({}, 9).entries.map(({ id }) => runtime.inbox.mails.find(id));
  const { journeys } = await loadStanding(runtime.table);
  runtime.close();
  return { profile, mails, journeys, counters: runtime.counters };
}

describe('the example of docs/calls.md', () => {
  it('has no fault, and its tests pass', async () => {
    const reports = await checkFolder(filesOf(folder), START);
    expect(reports.flatMap(({ file, remarks }) => remarks.map(({ code }) => `${file} ${code}`))).toEqual([]);
    expect(reports).toHaveLength(4);
  });

  it('calls the receiver that it has, which verifies the signature, and notes what it answers', async () => {
    let server: Server | undefined;
    const profile = await ordered(async ({ deps, web }) => {
      const [secret = ''] = await deps.secrets.get('endpoint-erp');
      Object.assign(process.env, { SECRET: secret, PORT: '0', ANY_TIME: '1' });
      ({ server } = (await import(pathToFileURL(join(folder, 'receiver.mjs')).href)) as { server: Server });
      if (!server.listening) await new Promise((resolve) => server?.once('listening', resolve));
      web.aim(`http://localhost:${(server.address() as AddressInfo).port}`);
    });
    server?.close();
    expect(profile?.traits).toMatchObject({ 'gift.parcel': 'P-10042' });
  });

  it('calls nobody on a laptop that was not told whom', async () => {
    expect(await ordered(() => {})).toMatchObject({ traits: {}, tags: [] });
  });

  it('mails a colleague, whose mail lies in the inbox as the guide shows it', async () => {
    const { mails, counters, journeys } = await happened('order.rated', { orderId: '10042', score: 3 });
    expect(mails).toMatchObject([{ entry: { to: 'care@corner.example', journey: 'low-score', step: 'tell-care' } }]);
    const mail = mails[0]?.mail;
    expect(GUIDE).toContain(`From: ${mail?.from}\nSubject: ${mail?.subject}\n`);
    expect(mail?.text).toMatch(/\n\norder: 10042\nscore: 3\n$/);
    expect(counters.get('CallMailEvent')).toBe(2);
    expect(journeys['low-score']?.calls).toEqual({ 'tell-care': { called: 1, failed: 0, otherwise: 0, cut: 0 } });
  });

  it('goes the other way when nobody has answered for an hour, and is counted', async () => {
    const { profile, journeys } = await happened('order.tenth', { orderId: '10042' }, ({ web }) =>
      web.aim('http://localhost:1'),
    );
    expect(profile?.tags).toEqual(['gift-failed']);
    expect(journeys['gift-box']?.calls).toEqual({ gift: { called: 1, failed: 1, otherwise: 1, cut: 0 } });
  });
});
