import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runContact } from '#apps/cli/contact.ts';
import { runWhy } from '#apps/cli/report.ts';
import { lookTargetOf } from '#apps/cli/target/options.ts';
import { noteRunning } from '#apps/local/running.ts';
import { openShop, registration, type Shop } from '#test/apps/local/shop.ts';

let shop: Shop;
const data = mkdtempSync(join(tmpdir(), 'tropa-look-'));
beforeAll(async () => {
  shop = await openShop();
  noteRunning(data, { url: shop.url, secrets: {} });
  await shop.post(registration('ann'));
  await shop.runtime.drive('2026-03-02T10:05:00.000Z');
});
afterAll(() => shop.close());

const target = { data };

it('is told of a contact by the shop that runs on the folder', async () => {
  const shown = await runContact.show({ contact: 'ANN@mail.example', target });
  expect(shown?.profile.identities.email).toBe('ann@mail.example');
  expect(shown?.events).toMatchObject([{ type: 'registration' }]);
  const told = await runWhy({ contact: 'ann@mail.example', journey: 'welcome', target });
  expect(told?.journeys).toMatchObject([{ journey: 'welcome', passages: [{ passed: ['hello'] }] }]);
  expect(await runContact.show({ contact: 'nobody@mail.example', target })).toBeUndefined();
});

it('is told by the shop that runs at an address, and says where it has looked in vain', async () => {
  const who = 'ann@mail.example';
  const to = lookTargetOf({ to: `${shop.url}/` });
  expect((await runContact.show({ contact: who, target: to }))?.profile.identities.email).toBe(who);
  expect((await runWhy({ contact: who, journey: 'welcome', target: to }))?.journeys).toHaveLength(1);
  const nobody = { to: 'http://127.0.0.1:9' };
  await expect(runWhy({ contact: who, target: nobody })).rejects.toThrow(/No shop .* runs at http:\/\/127.*--to URL/);
});

it.each([
  [{ to: 'localhost:4400' }, /no address/],
  [{ to: 'http://127.0.0.1:4500', data }, /One of the three/],
  [{ to: 'http://127.0.0.1:4500', stage: 'prod' }, /One of the three/],
])('refuses %j', (given, message) => {
  expect(() => lookTargetOf(given)).toThrow(message);
});

it('goes to the folder itself where what ran on it was killed', async () => {
  const killed = mkdtempSync(join(tmpdir(), 'tropa-look-'));
  noteRunning(killed, { url: 'http://127.0.0.1:9', secrets: {} });
  await expect(runContact.show({ contact: 'ann', target: { data: killed } })).rejects.toThrow(/There is no state in/);
});

it('is led there from a mail', async () => {
  const [mail] = shop.runtime.inbox.mails.page({ to: 'ann@mail.example' }, 1).entries;
  const [, link = ''] =
    /href="(\/contacts\/[^"]+)"/.exec(await (await fetch(`${shop.url}/mails/${mail?.id}`)).text()) ?? [];
  const page = await (await fetch(shop.url + link)).text();
  expect(page).toMatch(/email +ann@mail\.example/);
  expect(page).toMatch(/email\/news granted/);
  expect(page).toMatch(/passed hello/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what the terminal is told has no place in a page
  expect(page).not.toMatch(/\u001b/);
  expect((await fetch(`${shop.url}/contacts/nobody`)).status).toBe(404);
});

it('tells nobody who asks under the name of another machine', async () => {
  const status = (host: string) =>
    new Promise((resolve) => {
      const { port } = new URL(shop.url);
      const headers = { host };
      request({ port, host: '127.0.0.1', path: '/api/contacts/ann@mail.example', headers }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end();
    });
  expect(await status('evil.example')).toBe(403);
  expect(await status('localhost:4400')).toBe(200);
});
