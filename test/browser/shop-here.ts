import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openShop, registration, type Shop } from '#test/apps/local/shop.ts';
import { openBrowser } from './chromium.ts';

type Here = { readonly browser: Browser; readonly shop: Shop };

/**
 * A browser, and a served shop with these files to which these events came five minutes ago, for the tests of a file. `then`:
 * what happens besides; without it the clock goes on by itself.
 */
export function shopHere(
  events: readonly object[],
  {
    files,
    then = async (shop) => shop.release(),
  }: { files?: Parameters<typeof openShop>[0]; then?: (shop: Shop) => Promise<void> } = {},
): Here {
  const here: { browser?: Browser; shop?: Shop } = {};
  beforeAll(async () => {
    here.browser = await openBrowser();
    const shop = await openShop(files);
    here.shop = shop;
    await shop.post({ events });
    await shop.runtime.drive('2026-03-02T10:05:00.000Z');
    await then(shop);
  });
  afterAll(async () => {
    await here.browser?.close();
    await here.shop?.close();
  });
  return here as Here;
}

/** Somebody for each way and language, by the name `way-language`, registers and reads it. */
export const registrations = (ways: readonly string[], languages: readonly string[]) =>
  ways.flatMap((way) =>
    languages.map((locale) => {
      const person = registration(`${way}-${locale}`);
      return { ...person, traits: { ...person.traits, locale } };
    }),
  );
