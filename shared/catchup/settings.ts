import * as z from 'zod';
import { instantSchema } from '#shared/time/instant.ts';

/** The shops that are asked for what their webhooks have missed, as the stage's settings name them. */

/** Where the first sweep begins. @default a day before it runs */
const since = instantSchema.optional();

/** The address that Shopify has given a shop. */
export const shopifyShopSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/,
    'the address that Shopify has given the shop: mystore.myshopify.com',
  );

const url = z
  .url({ protocol: /^https$/, error: 'the address of the shop, with https://' })
  .refine((text) => !/[?#@]/.test(text), 'the address of the shop, and nothing behind it')
  .transform((text) => text.replace(/\/+$/, ''));

export const storefrontsSchema = z.strictObject({
  shopify: z.strictObject({ shop: shopifyShopSchema, since }).optional(),
  woocommerce: z.strictObject({ url, since }).optional(),
});
export type Storefronts = z.output<typeof storefrontsSchema>;
export type StorefrontName = keyof Storefronts;

export const STOREFRONT_NAMES = storefrontsSchema.keyof().options;

/** The name of the secret that a storefront is asked with; `prefix` is what those of the sources begin with. */
export const tokenOf = (prefix: string, name: StorefrontName): string => `${prefix}${name}-api`;
