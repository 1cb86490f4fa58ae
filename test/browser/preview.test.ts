import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preview } from '#shared/diagram/picture.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { example, exampleKeys } from '#test/build/examples.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { HOSTILE } from '#test/build/random-text.ts';
import { openBrowser } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const hostile = journey({
  name: HOSTILE.join(' ').slice(0, 200),
  steps: HOSTILE.map((text, i) => ({
    ...{ type: 'split', id: `test-${i}`, name: text, note: text },
    arms: [
      { name: text.slice(0, 60), weight: 50, steps: [send(`hello-${i}`, { name: text })] },
      { name: 'none', weight: 50, steps: [wait(`day-${i}`)] },
    ],
  })),
});
const JOURNEYS: (readonly [string, Journey])[] = [
  ...exampleKeys('journeys').map(
    (key) => [key, journeySchema.parse(parseJsonc(example(key)).value)] satisfies [string, Journey],
  ),
  ['hostile names', hostile],
];

/** Texts that run over the edges of their box. Runs in the page. */
const OVER = `[...document.querySelectorAll('g[role] text')].filter((text) => {
  const box = text.parentNode.querySelector('.shape').getBBox();
  const { x, y, width, height } = text.getBBox();
  return x < box.x || x + width > box.x + box.width || y < box.y - 1 || y + height > box.y + box.height + 1;
}).map((text) => text.textContent)`;

/** What a machine without the usual fonts falls back to. */
const WIDE = `text:not(.id) { font-family: 'DejaVu Sans', Verdana, sans-serif !important }`;

/** Whether it is drawn dark on light, by the pixels' colours as the browser computes them. */
const COLOURS = `['.page', 'text.title'].map((name) => getComputedStyle(document.querySelector(name)).fill)`;

describe.each(JOURNEYS)('the picture of %s', (_, written) => {
  it.each([390, 1200])(
    'has every text within its box at %i pixels, in the usual fonts and in a wide one',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      await page.setContent(preview(written, { hello: { sent: 12_345, clicked: 67 } }, width).svg);
      expect(await page.evaluate(OVER)).toEqual([]);
      await page.addStyleTag({ content: WIDE });
      expect(await page.evaluate(OVER)).toEqual([]);
      await page.close();
    },
  );
});

describe('a picture by itself', () => {
  it('is dark where the reader wants it dark', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      const page = await browser.newPage({ colorScheme });
      await page.setContent(preview(hostile).svg);
      const found = await page.evaluate(COLOURS);
      await page.close();
      return found;
    };
    expect(await colours('light')).toEqual(['rgb(255, 255, 255)', 'rgb(27, 31, 36)']);
    expect(await colours('dark')).toEqual(['rgb(20, 23, 28)', 'rgb(232, 234, 237)']);
  });

  it('is a valid document that runs nothing and asks for nothing', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(preview(hostile).svg)}`;
    await page.goto(url);
    expect(await page.evaluate('document.documentElement.tagName')).toBe('svg');
    expect(await page.evaluate(`document.querySelectorAll('parsererror, script').length`)).toBe(0);
    expect(asked.filter((one) => one !== url)).toEqual([]);
    await page.close();
  });
});
