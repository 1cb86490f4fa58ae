import type { Storefront } from './feed.ts';
import type { Storefronts } from './settings.ts';
import { shopifyStorefront } from './shopify.ts';
import { woocommerceStorefront } from './woocommerce.ts';

/** Whom the settings name. */
export const storefrontsOf = ({ shopify, woocommerce }: Storefronts): Storefront[] => [
  ...(shopify ? [shopifyStorefront(shopify.shop, shopify.since)] : []),
  ...(woocommerce ? [woocommerceStorefront(woocommerce.url, woocommerce.since)] : []),
];
