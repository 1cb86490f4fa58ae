import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { purchase, registration } from '#test/apps/local/shop.ts';
import { HANDS, type Hand, mouse } from './hands.ts';
import { shopHere } from './shop-here.ts';

const ANSWERS = [
  ['Open', 'opened'],
  ['Click', 'clicked'],
  ['Bounce', 'bounced'],
  ['Complain', 'complained'],
  ['Unsubscribe', 'unsubscribed'],
] as const;

const people = Array.from({ length: 70 }, (_, i) => registration(`r${i + 1}`));
const here = shopHere([...people, purchase('ann')]);
let readers = 0;

type Context = Parameters<Browser['newContext']>[0];

/** Opens the inbox, does something there, and says what was asked of other places meanwhile. */
async function visit(options: Context, act: (page: Page) => Promise<void>): Promise<string[]> {
  const context = await here.browser.newContext(options);
  context.setDefaultTimeout(10_000);
  const elsewhere: string[] = [];
  await context.route(
    (url) => url.origin !== here.shop.url,
    async (route) => {
      elsewhere.push(route.request().url());
      await route.fulfill({ body: 'elsewhere', contentType: 'text/html' });
    },
  );
  try {
    const page = await context.newPage();
    await page.goto(here.shop.url);
    await act(page);
    return elsewhere;
  } finally {
    await context.close();
  }
}

const press = (page: Page, hand: Hand, role: 'link' | 'button', name: string): Promise<void> =>
  hand(page, page.getByRole(role, { name, exact: true }));

/** A mail that no other test touches, by its subject. */
const nextSubject = (): string => `Hello r${++readers}`;

async function find(page: Page, hand: Hand, subject: string): Promise<void> {
  await page.getByLabel('Address').fill(`${subject.slice('Hello '.length)}@`);
  await press(page, hand, 'button', 'Show');
  await press(page, hand, 'link', subject);
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('%s', (_, javaScriptEnabled) => {
  describe.each(HANDS)('by %s', (_, hand) => {
    it('reads a mail as HTML, text and headers', async () => {
      const subject = nextSubject();
      const elsewhere = await visit({ javaScriptEnabled }, async (page) => {
        await find(page, hand, subject);
        await page.frameLocator('iframe').getByText('Good to see you').waitFor();
        await press(page, hand, 'link', 'Text');
        await page.getByLabel('The mail as text').getByText('Good to see you').waitFor();
        await press(page, hand, 'link', 'Headers');
        const headers = page.getByRole('table', { name: 'Headers' });
        await headers.getByRole('row', { name: `Subject ${subject}` }).waitFor();
        await headers.getByRole('row', { name: 'List-Unsubscribe-Post List-Unsubscribe=One-Click' }).waitFor();
        await page.getByRole('table', { name: 'SES tags' }).getByRole('row', { name: 'journey welcome' }).waitFor();
        await press(page, hand, 'link', 'All mails');
        await page.getByRole('heading', { name: 'Mails' }).waitFor();
      });
      expect(elsewhere).toEqual([]);
    });

    it.each(ANSWERS)('answers a mail with %s', async (name, fact) => {
      const subject = nextSubject();
      await visit({ javaScriptEnabled }, async (page) => {
        await find(page, hand, subject);
        const noted = page.getByRole('rowheader', { name: fact });
        expect(await noted.count()).toBe(0);
        await press(page, hand, 'button', name);
        await noted.waitFor();
        // Whoever cannot see the page change is told, and goes on from there.
        await page.getByRole('status').and(page.locator(':focus')).getByText(`Noted: ${fact}.`).waitFor();
      });
    });

    it('turns the pages', async () => {
      await visit({ javaScriptEnabled }, async (page) => {
        const first = await page.getByRole('listitem').first().textContent();
        await press(page, hand, 'link', 'Older');
        await page.getByRole('link', { name: 'Newer' }).waitFor();
        expect(await page.getByRole('listitem').first().textContent()).not.toBe(first);
        await press(page, hand, 'link', 'Newer');
        await page.getByRole('link', { name: 'Older' }).waitFor();
        expect(await page.getByRole('listitem').first().textContent()).toBe(first);
      });
    });
  });
});

describe('the frame of a mail', () => {
  it('opens links in pages of their own', async () => {
    const elsewhere = await visit({}, async (page) => {
      await find(page, mouse, nextSubject());
      const opened = page.context().waitForEvent('page');
      await page.frameLocator('iframe').getByRole('link', { name: 'Look at the tea' }).click();
      await (await opened).getByText('elsewhere').waitFor();
      await page.frameLocator('iframe').getByText('Good to see you').waitFor();
    });
    expect(elsewhere).toEqual(['https://corner.example/tea']);
  });

  it('lets a hostile mail do nothing', async () => {
    const script = `document.body.innerHTML = 'owned'; top.location = 'https://evil.example/'; alert(1)`;
    const { id } = await here.shop.runtime.inbox.send({
      from: 'x@evil.example',
      to: 'r1@mail.example',
      subject: '<script>alert(1)</script>',
      html: `<p>Innocent</p><script>${script}</script><img src="x" onerror="${script}"><svg onload="${script}"></svg>
<meta http-equiv="refresh" content="0;url=https://evil.example/"><iframe src="https://evil.example/"></iframe>
<link rel="stylesheet" href="https://evil.example/x.css"><a href="javascript:${script}">press</a>
<form action="https://evil.example/"><button>submit</button></form>`,
      text: '</pre><script>alert(1)</script>',
      headers: [],
      tags: {},
    });
    const elsewhere = await visit({}, async (page) => {
      const said: string[] = [];
      page.on('dialog', (dialog) => {
        said.push(dialog.message());
        void dialog.dismiss();
      });
      for (const address of [`/mails/${id}`, `/mails/${id}?view=text`, `/mails/${id}/html`]) {
        await page.goto(here.shop.url + address);
        const inside = address.endsWith('html') ? page.locator('body') : page.frameLocator('iframe').locator('body');
        if (!address.includes('text')) {
          await inside.getByText('press').click();
          await inside.getByText('submit').click();
          expect(await inside.textContent()).toContain('Innocent');
        }
        expect(page.url()).toBe(here.shop.url + address);
      }
      expect(said).toEqual([]);
    });
    expect(elsewhere).toEqual([]);
  });
});
