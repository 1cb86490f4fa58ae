import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOUBLE, mailLink, openShop, registration, type Shop } from '#test/apps/local/shop.ts';
import { openBrowser } from './chromium.ts';
import { PALE } from './pale.ts';

/** What the pages say, as a person reads it. */
const LANGUAGES = {
  en: { topic: 'News', yes: 'Yes, write to me', thanks: 'Thank you, you are subscribed' },
  pl: { topic: 'Nowości', yes: 'Tak, piszcie do mnie', thanks: 'Dziękujemy, subskrypcja działa' },
  ru: { topic: 'Новости', yes: 'Да, пишите мне', thanks: 'Спасибо, подписка оформлена' },
} as const;
const CASES = Object.entries(LANGUAGES);
const WAYS = ['mouse', 'keyboard', 'light', 'dark'] as const;

let shop: Shop;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
  shop = await openShop(DOUBLE);
  const events = WAYS.flatMap((way) =>
    CASES.map(([locale]) => {
      const person = registration(`${way}-${locale}`);
      return { ...person, traits: { ...person.traits, locale } };
    }),
  );
  await shop.post({ events });
  await shop.runtime.drive('2026-03-02T10:05:00.000Z');
  shop.release();
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

const mouse = (_: Page, what: Locator): Promise<void> => what.click();
const keyboard = async (page: Page, what: Locator): Promise<void> => {
  const goal = what.and(page.locator(':focus'));
  for (let presses = 0; (await goal.count()) === 0; presses += 1) {
    if (presses > 20) throw new Error(`the tab key does not reach ${what}`);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
};

describe.each([
  ['mouse', mouse],
  ['keyboard', keyboard],
] as const)('without JavaScript, by %s', (way, hand) => {
  it.each(CASES)('in %s somebody reads what they signed up for and confirms it', async (lang, words) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const path = mailLink(shop, `${way}-${lang}`, 'c');
    const heading = page.getByRole('heading', { level: 1 });
    await page.goto(shop.url + path);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await page.getByRole('listitem').allTextContents()).toEqual([words.topic]);
    // Whoever only looks has confirmed nothing.
    await page.reload();
    await hand(page, page.getByRole('button', { name: words.yes }));
    await page.getByRole('status').waitFor();
    expect(await heading.textContent()).toBe(words.thanks);
    await page.goto(shop.url + path);
    expect(await page.getByRole('button').count()).toBe(0);
    await context.close();
  });
});

/** Runs in the page. */
const FOCUS = `(() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && document.activeElement !== document.body; })()`;

describe.each(['light', 'dark'] as const)('in %s, 320 pixels wide', (colorScheme) => {
  it.each(CASES)('the page in %s can be read and reached by everybody', async (lang, words) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 320, height: 640 } });
    const check = async () => {
      expect(await page.evaluate(PALE)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(await page.evaluate('document.title')).toContain('Corner Shop');
    };
    const path = mailLink(shop, `${colorScheme}-${lang}`, 'c');
    await page.goto(shop.url + path);
    await check();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUS)).toBe(true);
    await page.getByRole('button', { name: words.yes }).click();
    await page.getByRole('status').waitFor();
    await check();
    await page.goto(shop.url + path);
    await check();
    await page.close();
  });
});
