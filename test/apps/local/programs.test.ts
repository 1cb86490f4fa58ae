import timers from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '#apps/local/pages/answers.ts';
import { summariseJourneys } from '#apps/local/summary.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { openShop, registration, type Shop } from './shop.ts';

const NAMES = ['ann', 'bob', 'cyd'];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.post({ events: NAMES.map(registration) });
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
});
afterAll(() => shop.close());

const idOf = (name: string): string => {
  const [mail] = shop.runtime.inbox.mails.page({ to: `${name}@` }, 1).entries;
  if (!mail) throw new Error(`${name} has got no mail`);
  return mail.id;
};

/** Presses a button of the inbox, and looks at the mail some minutes later. */
async function pressed(name: string, kind: Answer, until: string): Promise<{ notice: string; later: string }> {
  const body = new URLSearchParams({ kind, view: 'text' });
  const answer = fetch(`${shop.url}/mails/${idOf(name)}/answer`, { method: 'POST', body }).then((page) => page.text());
  let notice: string | undefined;
  // What is posted is worked on while time goes on.
  for (let n = 0; notice === undefined && n < 500; n += 1) {
    await shop.runtime.drive(plusMillis(shop.runtime.clock.now(), 100));
    notice = await Promise.race([answer, timers.setTimeout(5, undefined)]);
  }
  await shop.runtime.drive(until);
  if (notice === undefined) throw new Error('there is no answer');
  return { notice, later: await (await fetch(`${shop.url}/mails/${idOf(name)}`)).text() };
}

const row = (fact: string): string => `<th scope="row">${fact}</th>`;

it('shows what programs do beside what people do, and counts it apart', async () => {
  const opened = await pressed('ann', 'ProxyOpen', '2026-03-02T10:15:00.000Z');
  expect(opened.notice).toContain('Noted: opened by a program.');
  expect(opened.later).toContain(row('opened by a program'));
  expect(opened.later).not.toContain(row('opened'));

  // Long after the mail has come: a gateway has looked through it before.
  const scanned = await pressed('bob', 'Scan', '2026-03-02T10:25:00.000Z');
  expect(scanned.notice).toContain('Told to Tropa: clicked by a program. Within two minutes');
  expect(scanned.later).toContain(row('clicked by a program'));
  expect(scanned.later).not.toContain(row('clicked'));

  const clicked = await pressed('cyd', 'Click', '2026-03-02T10:30:00.000Z');
  expect(clicked.later).toContain(row('clicked'));

  await shop.runtime.rhythm.settle();
  const { welcome } = await summariseJourneys(shop.runtime.table);
  expect(welcome?.messages['hello']).toEqual({
    ...{ sent: 3, unknown: 0, withheld: {} },
    ...{ opened: 0, clicked: 1, machineOpened: 1, machineClicked: 1 },
  });
  expect(shop.logged).toEqual([]);
});
