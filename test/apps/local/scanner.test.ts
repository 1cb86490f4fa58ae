import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadProfile } from '#shared/store/profiles.ts';
import { openShop, registration, type Shop } from './shop.ts';

const READERS = 1000;
const LINK = /href="(http:\/\/shop\.localhost\/[^"]+)"/g;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  for (let from = 0; from < READERS; from += 100)
    await shop.post({ events: Array.from({ length: 100 }, (_, i) => registration(`s${from + i}`)) });
  await shop.runtime.drive('2026-03-02T10:30:00.000Z');
}, 120_000);
afterAll(() => shop?.close());

const mails = () =>
  Array.from({ length: READERS }, (_, i) => shop.runtime.inbox.mails.find(`local-${String(i + 1).padStart(9, '0')}`));

it('a scanner that GETs and HEADs every link in 1,000 mails unsubscribes nobody and changes nothing', async () => {
  const found = mails().flatMap((one) => (one?.mail ? [{ ...one.entry, html: one.mail.html ?? '' }] : []));
  expect(found).toHaveLength(READERS);
  const links = found.flatMap(({ html }) => [...html.matchAll(LINK)].map(([, href = '']) => new URL(href).pathname));
  expect(links.length).toBeGreaterThanOrEqual(2 * READERS);
  const read = async (contact = '') => loadProfile(shop.runtime.table, contact);
  const before = await Promise.all(found.map(({ tags }) => read(tags['contact'])));
  for (const path of links) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(shop.url + path, { method });
      expect(answer.status).toBe(200);
      const [, onwards] = /href="\.\.(\/p\/[^"]+)"/.exec(await answer.text()) ?? [];
      if (onwards) expect((await fetch(shop.url + onwards)).status).toBe(200);
    }
  }
  await shop.runtime.drive('2026-03-02T10:40:00.000Z');
  expect(await Promise.all(found.map(({ tags }) => read(tags['contact'])))).toEqual(before);
  expect(before.every((profile) => profile?.consents['email']?.['news']?.state === 'granted')).toBe(true);
}, 240_000);
