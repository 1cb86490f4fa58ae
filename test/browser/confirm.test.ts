import { describe, expect, it } from 'vitest';
import { DOUBLE, mailLink } from '#test/apps/local/shop.ts';
import { HANDS } from './hands.ts';
import { FOCUS, PALE } from './in-page.ts';
import { registrations, shopHere } from './shop-here.ts';

/** What the pages say, as a person reads it. */
const LANGUAGES = {
  en: { topic: 'News', yes: 'Yes, write to me', thanks: 'Thank you, you are subscribed' },
  pl: { topic: 'Nowości', yes: 'Tak, piszcie do mnie', thanks: 'Dziękujemy, subskrypcja działa' },
  ru: { topic: 'Новости', yes: 'Да, пишите мне', thanks: 'Спасибо, подписка оформлена' },
} as const;
const CASES = Object.entries(LANGUAGES);
const WAYS = ['mouse', 'keyboard', 'light', 'dark'] as const;

const here = shopHere(registrations(WAYS, Object.keys(LANGUAGES)), { files: DOUBLE });

describe.each(HANDS)('without JavaScript, by %s', (way, hand) => {
  it.each(CASES)('in %s somebody reads what they signed up for and confirms it', async (lang, words) => {
    const context = await here.browser.newContext({ javaScriptEnabled: false });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const path = mailLink(here.shop, `${way}-${lang}`, 'c');
    const heading = page.getByRole('heading', { level: 1 });
    await page.goto(here.shop.url + path);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await page.getByRole('listitem').allTextContents()).toEqual([words.topic]);
    // Whoever only looks has confirmed nothing.
    await page.reload();
    await hand(page, page.getByRole('button', { name: words.yes }));
    await page.getByRole('status').waitFor();
    expect(await heading.textContent()).toBe(words.thanks);
    await page.goto(here.shop.url + path);
    expect(await page.getByRole('button').count()).toBe(0);
    await context.close();
  });
});

describe.each(['light', 'dark'] as const)('in %s, 320 pixels wide', (colorScheme) => {
  it.each(CASES)('the page in %s can be read and reached by everybody', async (lang, words) => {
    const page = await here.browser.newPage({ colorScheme, viewport: { width: 320, height: 640 } });
    const check = async () => {
      expect(await page.evaluate(PALE)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(await page.evaluate('document.title')).toContain('Corner Shop');
    };
    const path = mailLink(here.shop, `${colorScheme}-${lang}`, 'c');
    await page.goto(here.shop.url + path);
    await check();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUS)).toBe(true);
    await page.getByRole('button', { name: words.yes }).click();
    await page.getByRole('status').waitFor();
    await check();
    await page.goto(here.shop.url + path);
    await check();
    await page.close();
  });
});
