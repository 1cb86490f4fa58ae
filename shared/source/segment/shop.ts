import { amounts, sumOf, timesOf } from '#shared/source/amounts.ts';
import { known } from '#shared/source/known.ts';
import type { Json } from '#shared/store/table.ts';
import type { Order, Product } from './schema.ts';

type Fields = { readonly [name: string]: Json };

/** Segment's e-commerce events, version 2, in Tropa's words (https://segment.com/docs/connections/spec/ecommerce/v2). */

const unitPrice = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const productOf = (product: Product): Fields =>
  known({
    productId: product.product_id,
    variantId: product.variant_id,
    sku: product.sku,
    title: product.name,
    category: product.category,
    vendor: product.brand,
    url: product.url,
    image: product.image_url,
  });

const itemOf = (product: Product): Fields => ({
  ...productOf(product),
  ...known({ quantity: product.quantity, price: unitPrice(product.price) }),
});

function itemsOf(products: readonly Product[] | undefined): Fields {
  if (!products) return {};
  const itemCount = products.reduce((sum, { quantity }) => sum + (quantity ?? 1), 0);
  return { items: products.map(itemOf), itemCount };
}

/** The sum of the items, where each has a price and a whole quantity. */
function sumOfItems(products: readonly Product[] | undefined): string | undefined {
  if (!products) return undefined;
  if (products.length === 0) return '0';
  const lines = products.map(({ price, quantity = 1 }) =>
    price !== undefined && Number.isSafeInteger(quantity) ? timesOf(price, quantity) : undefined,
  );
  const whole = lines.filter((line) => line !== undefined);
  return whole.length === lines.length ? sumOf(whole) : undefined;
}

const couponsOf = ({ coupon, products }: Order): Fields => {
  const coupons = [...new Set([coupon, ...(products ?? []).map((one) => one.coupon)])].filter(
    (one) => one !== undefined,
  );
  return coupons.length === 0 ? {} : { coupons };
};

const totalOf = ({ total, revenue, value }: Order): string | undefined => total ?? revenue ?? value;

/** `revenue` is what is left without tax and shipping: better than nothing where the total is not said. */
export function purchaseData(order: Order): Fields {
  const { currency, subtotal, discount, tax, shipping } = order;
  const { items } = itemsOf(order.products);
  return {
    ...known({ orderId: order.order_id, cartId: order.cart_id, checkoutId: order.checkout_id }),
    ...amounts(currency?.toUpperCase(), { total: totalOf(order), subtotal, discount, tax, shipping }),
    ...known({ items }),
    ...couponsOf(order),
  };
}

/** What lies in the cart, where the event says it; else what was put in or taken out. */
export function cartData(order: Order, change: 'added' | 'removed' | undefined): Fields {
  const { products, currency } = order;
  const cart = known({ cartId: order.cart_id });
  if (!products)
    return { ...cart, ...(change && { [change]: itemOf(order), ...known({ currency: currency?.toUpperCase() }) }) };
  const total = totalOf(order) ?? sumOfItems(products);
  return { ...cart, ...amounts(currency?.toUpperCase(), { total, subtotal: order.subtotal }), ...itemsOf(products) };
}

export function checkoutData(order: Order): Fields {
  const { products, currency, subtotal, discount, tax, shipping } = order;
  const total = totalOf(order) ?? sumOfItems(products);
  return {
    ...known({ checkoutId: order.checkout_id, cartId: order.cart_id, orderId: order.order_id }),
    ...amounts(currency?.toUpperCase(), { total, subtotal, discount, tax, shipping }),
    ...itemsOf(products),
    ...couponsOf(order),
  };
}

export const productData = (order: Order): Fields => ({
  ...productOf(order),
  ...amounts(order.currency?.toUpperCase(), { price: order.price }),
});

/** A refund of the whole order may come without an amount. */
export const refundData = (order: Order): Fields => ({
  ...known({ orderId: order.order_id, refundId: order.refund_id }),
  ...amounts(order.currency?.toUpperCase(), { amount: totalOf(order) }),
});

export const cancelData = (order: Order): Fields => ({
  ...known({ orderId: order.order_id, reason: order.reason }),
  ...amounts(order.currency?.toUpperCase(), { total: totalOf(order) }),
});
