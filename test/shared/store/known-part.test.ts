import { expect, it } from 'vitest';
import * as z from 'zod';
import { loadStoredSettings } from '#shared/store/journeys.ts';
import { settingsKey } from '#shared/store/keys.ts';
import { knownPart } from '#shared/store/known-part.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag } from '#test/build/journey.ts';

const schema = z.strictObject({
  shop: z.strictObject({ name: z.string() }),
  quiet: z.array(z.strictObject({ from: z.string() })),
});
const known = { shop: { name: 'Birch' }, quiet: [{ from: '21:00' }, { from: '23:00' }] };

it('leaves out what a later version has stored, wherever it stands', () => {
  const stored = {
    ...known,
    new: 1,
    shop: { ...known.shop, alike: 'x' },
    quiet: [known.quiet[0], { from: '23:00', on: 5 }],
  };
  expect(knownPart(schema, stored)).toEqual(known);
});

it('takes nothing that is wrong in another way', () => {
  expect(() => knownPart(schema, { ...known, new: 1, shop: { name: 4 } })).toThrow(z.ZodError);
  expect(() => knownPart(schema, { quiet: [] })).toThrow(z.ZodError);
});

it('lets a shop go on whose settings a later version has published', async () => {
  const shop = await HandShop.open([journey({ steps: [tag('entered')] })]);
  const row = await shop.table.get(settingsKey);
  const settings = JSON.parse(String(row?.['settings']));
  const later = { ...settings, quotas: {}, shop: { ...settings.shop, planet: 'Mars' } };
  await shop.table.write({ kind: 'put', row: { ...settingsKey, ...row, settings: JSON.stringify(later) } });
  shop.deps.published.refresh();
  expect(await shop.enrol(event('cart.updated'))).toBe('recorded');
  await shop.leg().run();
  expect((await shop.contact()).tags).toEqual(['entered']);
  expect((await loadStoredSettings(shop.table))?.settings.shop).toEqual(settings.shop);
});
