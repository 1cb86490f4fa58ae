import { describe, expect, it } from 'vitest';
import { purchase, registration } from '#test/apps/local/shop.ts';
import { PALE } from './in-page.ts';
import { shopHere } from './shop-here.ts';

const EVENTS = [registration('ann'), registration('a'.repeat(60)), purchase('ann'), registration('bob')];
const here = shopHere(EVENTS, {
  async then({ runtime }) {
    for (const [i, kind] of (['Open', 'Click', 'Bounce'] as const).entries())
      await runtime.inbox.act(`local-00000000${i + 1}`, kind);
    await runtime.drive('2026-03-02T10:10:00.000Z');
  },
});

const PAGES = [
  '/',
  '/?to=nobody',
  '/mails/local-000000001?done=Open',
  '/mails/local-000000002?view=text',
  '/mails/local-000000003?view=headers',
  '/mails/local-000000003?view=source',
  '/mails/local-000000004',
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each(PAGES)('%s has enough contrast', async (path) => {
    const page = await here.browser.newPage({ colorScheme });
    await page.goto(here.shop.url + path);
    expect(await page.evaluate(PALE)).toEqual([]);
    await page.close();
  });
});

it('is light in light and dark in dark', async () => {
  const grounds: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await here.browser.newPage({ colorScheme });
    await page.goto(here.shop.url);
    grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    await page.close();
  }
  expect(grounds).toEqual(['rgb(247, 246, 243)', 'rgb(23, 25, 22)']);
});

it.each(PAGES)('%s fits a phone', async (path) => {
  const page = await here.browser.newPage({ viewport: { width: 360, height: 740 } });
  await page.goto(here.shop.url + path);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.close();
});

const CONTROLS = ['link', 'button', 'searchbox', 'combobox', 'DisclosureTriangle', 'Iframe'];

it.each(PAGES)('%s has a name for every control, and a heading', async (path) => {
  const page = await here.browser.newPage();
  await page.goto(here.shop.url + path);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const named = nodes.map(({ role, name }) => [String(role?.value), String(name?.value ?? '')] as const);
  const controls = named.filter(([role]) => CONTROLS.includes(role));
  expect(controls.length).toBeGreaterThan(3);
  expect(controls.filter(([, name]) => name === '')).toEqual([]);
  expect(named.find(([role]) => role === 'heading')?.[1]).not.toBe('');
  await page.close();
});

it.each(PAGES)('%s shows where the focus is', async (path) => {
  const page = await here.browser.newPage();
  await page.goto(here.shop.url + path);
  // From here on the browser takes it that somebody uses the keyboard.
  await page.keyboard.press('Tab');
  for (const control of await page.locator('a, button:enabled, input:not([type=hidden]), select, summary').all()) {
    await control.focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
  }
  await page.close();
});
