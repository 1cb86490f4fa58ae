import { expect, it } from 'vitest';
import { openOwnShop } from '#apps/local/own-shop.ts';

it('begins at the time of the machine, which its storefront and its own browser have, too', async () => {
  const began = Date.now();
  const { runtime } = await openOwnShop(
    { data: undefined, publicUrl: 'http://127.0.0.1:4400', published: () => {}, journeys: undefined },
    { show: () => {}, stop: () => {} },
  );
  const now = runtime.clock.millis();
  runtime.close();
  expect(now).toBeGreaterThanOrEqual(began);
  expect(now).toBeLessThanOrEqual(Date.now());
});
