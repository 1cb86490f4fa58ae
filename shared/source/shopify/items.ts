import { known } from '#shared/source/known.ts';
import type { Item } from './schema.ts';

/** More than any order has; the bound keeps an event below what a row holds. */
const ITEMS_AT_MOST = 500;

export const itemsOf = (items: readonly Item[]) =>
  items.slice(0, ITEMS_AT_MOST).map(({ product_id, variant_id, sku, title, quantity, price, vendor }) =>
    known({
      productId: product_id,
      variantId: variant_id,
      sku,
      title,
      quantity,
      price: price === undefined ? undefined : Number(price),
      vendor,
    }),
  );
