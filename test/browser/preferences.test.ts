import { describe, expect, it } from 'vitest';
import { mailLink } from '#test/apps/local/shop.ts';
import { HANDS } from './hands.ts';
import { FOCUS, PALE } from './in-page.ts';
import { registrations, shopHere } from './shop-here.ts';

/** What the pages say, as a person reads it. */
const LANGUAGES = {
  en: {
    unsubscribe: 'Unsubscribe',
    manage: 'Choose what you get, and how often',
    topic: 'News',
    save: 'Save',
    weekly: 'At most once a week',
    pause: 'Pause for 30 days',
    resume: 'End the pause',
    off: 'Unsubscribe from everything',
  },
  pl: {
    unsubscribe: 'Wypisz mnie',
    manage: 'Wybierz, o czym i jak często mamy pisać',
    topic: 'Nowości',
    save: 'Zapisz',
    weekly: 'Najwyżej raz w tygodniu',
    pause: 'Wstrzymaj na 30 dni',
    resume: 'Zakończ przerwę',
    off: 'Wypisz mnie ze wszystkiego',
  },
  ru: {
    unsubscribe: 'Отписаться',
    manage: 'Выбрать, о чём и как часто вам писать',
    topic: 'Новости',
    save: 'Сохранить',
    weekly: 'Не чаще раза в неделю',
    pause: 'Приостановить на 30 дней',
    resume: 'Завершить перерыв',
    off: 'Отписаться от всего',
  },
} as const;
const CASES = Object.entries(LANGUAGES);

const here = shopHere(registrations(['mouse', 'keyboard', 'look'], Object.keys(LANGUAGES)));

describe.each(HANDS)('without JavaScript, by %s', (name, hand) => {
  it.each(CASES)(
    'in %s somebody unsubscribes, comes back, chooses, pauses, and ends all of it',
    async (lang, words) => {
      const context = await here.browser.newContext({ javaScriptEnabled: false });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      const button = (text: string) => page.getByRole('button', { name: text, exact: true });
      const topic = page.getByRole('checkbox', { name: words.topic, exact: true });
      const weekly = page.getByRole('radio', { name: words.weekly });
      const reader = `${name}-${lang}`;
      await page.goto(here.shop.url + mailLink(here.shop, reader, 'u'));
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
      await hand(page, button(words.unsubscribe));
      await page.getByRole('status').waitFor();
      await hand(page, page.getByRole('link', { name: words.manage }));
      expect(await topic.isChecked()).toBe(false);
      await hand(page, topic);
      await hand(page, weekly);
      await hand(page, button(words.save));
      await page.getByRole('status').waitFor();
      expect([await topic.isChecked(), await weekly.isChecked()]).toEqual([true, true]);
      await hand(page, button(words.pause));
      await button(words.resume).waitFor();
      // The page as it is opened anew says the same.
      await page.goto(here.shop.url + mailLink(here.shop, reader, 'p'));
      expect([await topic.isChecked(), await weekly.isChecked()]).toEqual([true, true]);
      await hand(page, button(words.resume));
      await button(words.pause).waitFor();
      await hand(page, button(words.off));
      await page.getByRole('status').waitFor();
      expect(await topic.isChecked()).toBe(false);
      expect(await button(words.off).count()).toBe(0);
      await context.close();
    },
  );
});

/** What somebody who cannot see, or cannot point, would miss. Runs in the page. */
const MISSING = `[
  ...[...document.querySelectorAll('input:not([type=hidden]), select')].filter((e) => !e.labels?.[0]?.textContent.trim()),
  ...[...document.querySelectorAll('fieldset')].filter((e) => !e.querySelector('legend')?.textContent.trim()),
  ...[...document.querySelectorAll('button, a')].filter((e) => !e.textContent.trim()),
  ...[...document.querySelectorAll('input[type=radio], input[type=checkbox]')].filter((e) => !e.closest('fieldset')),
  ...(document.querySelectorAll('h1').length === 1 && document.querySelectorAll('main').length === 1 ? [] : [document.body]),
].map((e) => e.outerHTML)`;

describe.each(['light', 'dark'] as const)('in %s, 320 pixels wide', (colorScheme) => {
  it.each(CASES)('the pages in %s can be read, named and reached by everybody', async (lang, words) => {
    const page = await here.browser.newPage({ colorScheme, viewport: { width: 320, height: 640 } });
    const check = async () => {
      expect(await page.evaluate(PALE)).toEqual([]);
      expect(await page.evaluate(MISSING)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(await page.evaluate('document.title')).toContain('Corner Shop');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(FOCUS)).toBe(true);
    };
    await page.goto(here.shop.url + mailLink(here.shop, `look-${lang}`, 'u'));
    await check();
    await page.getByRole('button', { name: words.unsubscribe, exact: true }).click();
    await page.getByRole('status').waitFor();
    await check();
    await page.goto(here.shop.url + mailLink(here.shop, `look-${lang}`, 'p'));
    await check();
    await page.getByRole('button', { name: words.save, exact: true }).click();
    await page.getByRole('status').waitFor();
    await check();
    await page.close();
  });
});
