import type { Locator, Page } from 'playwright-core';

/** How somebody gets to something on a page, and presses it. */
export type Hand = (page: Page, what: Locator) => Promise<void>;

export const mouse: Hand = (_, what) => what.click();

/** Goes there by the tab key alone, as far as it takes, and by the arrows within a group of radios. */
const keyboard: Hand = async (page, what) => {
  const isRadio = (await what.getAttribute('type')) === 'radio';
  const goal = isRadio ? page.locator('input[type=radio]:focus') : what.and(page.locator(':focus'));
  for (let presses = 0; (await goal.count()) === 0; presses += 1) {
    if (presses > 100) throw new Error(`the tab key does not reach ${what}`);
    await page.keyboard.press('Tab');
  }
  if (isRadio) for (let i = 0; i < 10 && !(await what.isChecked()); i += 1) await page.keyboard.press('ArrowDown');
  else if ((await what.getAttribute('type')) === 'checkbox') await page.keyboard.press('Space');
  else await page.keyboard.press('Enter');
};

export const HANDS = [
  ['mouse', mouse],
  ['keyboard', keyboard],
] as const;
