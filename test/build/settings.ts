import type * as z from 'zod';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';

type Given = Omit<z.input<typeof settingsSchema>, 'shop'> & { shop?: Partial<z.input<typeof settingsSchema>['shop']> };

/** Settings of a small shop in Warsaw with one marketing and one transactional topic, with what the test says of them. */
export const settings = (given: Given = {}): Settings =>
  settingsSchema.parse({
    topics: { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } },
    ...given,
    shop: { name: 'Corner Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR', ...given.shop },
  });
