import type { Identities } from '#shared/event/event.ts';
import { amounts, sumOf } from '#shared/source/amounts.ts';
import { type Fact, isToldAlready } from '#shared/source/fact.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { whoIs } from '#shared/source/who.ts';
import type { Instant } from '#shared/time/instant.ts';
import { withoutEntities } from './entities.ts';
import { consentsIn, traitsOf } from './said.ts';
import { type Item, metaOf, type Order } from './schema.ts';

const ACCEPTED = new Set(['processing', 'on-hold', 'completed']);
const NOT_YET = new Set(['pending', 'failed', 'checkout-draft', 'auto-draft', 'draft', 'trash']);

/** An order that the shop has accepted; of one that has ended, or stands as a plugin calls it, one that was paid. */
const isPurchase = ({ status, date_paid_gmt }: Order): boolean =>
  ACCEPTED.has(status) || (!NOT_YET.has(status) && date_paid_gmt !== undefined);

const ITEMS_AT_MOST = 500;
const LONGEST_TITLE = 300;

/** What one piece costs is a division there, with as many digits as there is room for. */
const rounded = (price: number | undefined): number | undefined =>
  price === undefined ? undefined : Math.round(price * 1e6) / 1e6;

const itemsOf = (items: readonly Item[]) =>
  items.slice(0, ITEMS_AT_MOST).map(({ product_id, variation_id, sku, name, quantity, price, image }) =>
    known({
      productId: product_id,
      variantId: variation_id,
      sku,
      title: name === undefined ? undefined : withoutEntities(name).slice(0, LONGEST_TITLE),
      quantity,
      price: rounded(price),
      image: image?.src,
    }),
  );

function subtotalOf({ line_items }: Order): string | undefined {
  const prices = line_items.map(({ subtotal }) => subtotal).filter((price) => price !== undefined);
  return prices.length === line_items.length ? sumOf(prices) : undefined;
}

const couponsOf = ({ coupon_lines }: Order): string[] | undefined => {
  const codes = coupon_lines.map(({ code }) => code).filter((code) => code !== undefined);
  return codes.length > 0 ? codes : undefined;
};

/** Of one that was paid more than a month after it was placed, when it was paid: only then it was a purchase. */
const boughtAt = ({ date_created_gmt: created, date_paid_gmt: paid }: Order): Instant =>
  paid !== undefined && isToldAlready(created, paid) ? paid : created;

/** A guest has no account that would tell who they are: the order does. */
function purchase(order: Order, identities: Identities, shop: string): Fact {
  const { id, billing, shipping } = order;
  const at = boughtAt(order);
  const consents = identities.email === undefined ? [] : consentsIn(order.meta_data, at);
  return {
    id: factId('woocommerce', shop, 'order', id, 'purchase'),
    type: 'purchase',
    at,
    identities,
    traits: traitsOf({ first: billing?.first_name, last: billing?.last_name }, billing),
    ...(consents.length > 0 && { consents }),
    data: {
      orderId: id,
      ...amounts(order.currency, {
        total: order.total,
        subtotal: subtotalOf(order),
        discount: order.discount_total,
        tax: order.total_tax,
        shipping: order.shipping_total,
      }),
      ...known({
        number: order.number,
        coupons: couponsOf(order),
        country: shipping?.country ?? billing?.country,
        city: shipping?.city ?? billing?.city,
      }),
      items: itemsOf(order.line_items),
    },
  };
}

/** What happened to an order after it was placed. When it was cancelled or paid back, WooCommerce does not say: as of the change; their receipts stay. */
function later(order: Order, identities: Identities, shop: string): Fact[] {
  const { id: orderId, number, currency } = order;
  const told = (type: string, at: Instant, ids: readonly string[], data: Fact['data']): Fact => ({
    id: factId('woocommerce', shop, ...ids),
    type,
    at,
    identities,
    data: { orderId, ...data },
  });
  const changed = order.date_modified_gmt ?? order.date_created_gmt;
  const sent = order.date_completed_gmt;
  const total = { ...amounts(currency, { total: order.total }), ...known({ number }) };
  return [
    ...(sent === undefined ? [] : [told('order.fulfilled', sent, ['order', orderId, 'fulfilled'], known({ number }))]),
    ...(order.status === 'cancelled' ? [told('order.cancelled', changed, ['order', orderId, 'cancelled'], total)] : []),
    ...order.refunds.flatMap(({ id: refundId, total: paid }) => {
      const amount = paid?.replace('-', '');
      if (amount === undefined || Number(amount) === 0) return [];
      const data = { refundId, ...amounts(currency, { amount }) };
      return [told('order.refunded', changed, ['refund', refundId, 'refunded'], data)];
    }),
  ];
}

/**
 * All that an order tells, as it stands; without what was told a month before this change. Undefined when it names nobody.
 */
export function orderFacts(order: Order, shop: string): Fact[] | undefined {
  const identities = whoIs({
    externalId: order.customer_id,
    email: order.billing?.email,
    phone: order.billing?.phone,
    anonymousId: metaOf(order.meta_data, '_tropa_id'),
  });
  if (identities === undefined) return undefined;
  const all = [...(isPurchase(order) ? [purchase(order, identities, shop)] : []), ...later(order, identities, shop)];
  return all.filter(({ at }) => !isToldAlready(at, order.date_modified_gmt));
}
