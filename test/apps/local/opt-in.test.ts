import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { DOUBLE, mailLink, openShop, registration, type Shop, START } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(DOUBLE);
});
afterAll(() => shop?.close());

const MINUTE = 60_000;
let now = START;
const drive = async (): Promise<void> => {
  now = plusMillis(now, 5 * MINUTE);
  await shop.runtime.drive(now);
};
/** They look at something, and the letter follows, if it may. */
async function look(name: string): Promise<readonly string[]> {
  const identities = { email: `${name}@mail.example` };
  await shop.post({ events: [{ id: `look-${name}-${now}`, type: 'product.viewed', at: now, identities, data: {} }] });
  await drive();
  const { entries } = shop.runtime.inbox.mails.page({ to: identities.email }, 10);
  return entries.map(({ subject }) => subject).toReversed();
}
const posted = (path: string, body: string) =>
  fetch(shop.url + path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });

describe('on the laptop, double opt-in', () => {
  it('lets the next marketing mail leave once it is confirmed, and for the one alone who has', async () => {
    await shop.post({ events: [registration('ann'), registration('bob')] });
    await drive();
    expect(await look('ann')).toEqual(['One more step']);
    const path = mailLink(shop, 'ann', 'c');
    for (const method of ['GET', 'HEAD']) expect((await fetch(shop.url + path, { method })).status).toBe(200);
    expect(await look('ann')).toEqual(['One more step']);
    expect(await (await posted(path, 'act=confirm&topic=news')).text()).toContain('you are subscribed');
    expect(await look('ann')).toEqual(['One more step', 'Hello ann']);
    expect(await look('bob')).toEqual(['One more step']);
    expect(shop.logged).toEqual([]);
  });
});
