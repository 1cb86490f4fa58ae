import type { Identities } from '#shared/event/event.ts';
import { amounts, sumOf } from '#shared/source/amounts.ts';
import { type Fact, isToldAlready } from '#shared/source/fact.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { whoIs } from '#shared/source/who.ts';
import { customerUpdated } from './customer.ts';
import { fulfillmentFacts } from './fulfillment.ts';
import { itemsOf } from './items.ts';
import { anonymousIn, numberOf, type Order, type Refund } from './schema.ts';

/** The address that the order was placed with. Not the customer's, which may be another by now. */
const emailOf = ({ email, contact_email }: Order): string | undefined => email ?? contact_email;

const buyer = (order: Order): Identities | undefined =>
  whoIs({
    externalId: order.customer && numberOf(order.customer),
    email: emailOf(order),
    phone: order.phone,
    anonymousId: anonymousIn(order.note_attributes),
  });

const shippingOf = ({ total_shipping_price_set, shipping_lines }: Order): string | undefined =>
  total_shipping_price_set?.shop_money?.amount ??
  sumOf(shipping_lines.map(({ price }) => price).filter((price) => price !== undefined));

const couponsOf = ({ discount_codes }: Order): string[] | undefined => {
  const codes = discount_codes.map(({ code }) => code).filter((code) => code !== undefined);
  return codes.length > 0 ? codes : undefined;
};

type Frame = { readonly identities: Identities; readonly test?: true };

/** A purchase that was brought in from another system long afterwards is history. */
function purchase(order: Order, { identities, test }: Frame, shop: string): Fact {
  const at = order.processed_at ?? order.created_at;
  const place = order.shipping_address ?? order.billing_address;
  return {
    id: factId('shopify', shop, 'order', numberOf(order), 'purchase'),
    type: 'purchase',
    at,
    identities,
    ...(isToldAlready(at, order.created_at) && { historic: true }),
    ...(test && { test }),
    data: {
      orderId: numberOf(order),
      ...amounts(order.currency, {
        total: order.total_price,
        subtotal: order.subtotal_price,
        discount: order.total_discounts,
        tax: order.total_tax,
        shipping: shippingOf(order),
      }),
      ...known({
        number: order.name,
        coupons: couponsOf(order),
        cartId: order.cart_token,
        checkoutId: order.checkout_token,
        country: place?.country_code,
        city: place?.city,
        test,
      }),
      items: itemsOf(order.line_items),
    },
  };
}

const cancelled = (order: Order, at: string, frame: Frame, shop: string): Fact => ({
  id: factId('shopify', shop, 'order', numberOf(order), 'cancelled'),
  type: 'order.cancelled',
  at,
  ...frame,
  data: {
    orderId: numberOf(order),
    ...amounts(order.currency, { total: order.total_price }),
    ...known({ number: order.name, reason: order.cancel_reason, test: frame.test }),
  },
});

/** Nothing of what gave no money back. */
function refunded(refund: Refund, order: Order, frame: Frame, shop: string): Fact[] {
  const paid = refund.transactions.filter(
    ({ kind, status }) => kind === 'refund' && status !== 'failure' && status !== 'error',
  );
  const amount = sumOf(paid.map((one) => one.amount).filter((one) => one !== undefined));
  const at = refund.processed_at ?? refund.created_at;
  if (at === undefined || amount === undefined || Number(amount) === 0) return [];
  const id = factId('shopify', shop, 'refund', refund.id, 'refunded');
  const currency = paid[0]?.currency ?? order.currency;
  const test = known({ test: frame.test });
  const data = { orderId: numberOf(order), refundId: refund.id, ...amounts(currency, { amount }), ...test };
  return [{ id, type: 'order.refunded', at, ...frame, data }];
}

/** Whoever is named in what the warehouse sends: the address. So both tellers of one parcel name the same. */
const receiver = (order: Order, identities: Identities): Identities => whoIs({ email: emailOf(order) }) ?? identities;

/**
 * All that an order tells, as it stands: the purchase, the customer as of their last change, parcels, its cancellation,
 * refunds; without what was told a month before this change. Undefined when it names nobody.
 */
export function orderFacts(order: Order, shop: string): Fact[] | undefined {
  const identities = buyer(order);
  if (identities === undefined) return undefined;
  const changed = order.updated_at;
  const frame: Frame = { identities, ...(order.test === true && { test: true }) };
  const parcelOf = () => ({ orderId: numberOf(order), number: order.name, identities: receiver(order, identities) });
  const sincePlaced = [
    ...(order.customer ? customerUpdated(order.customer, shop) : []),
    ...order.fulfillments.flatMap((one) => fulfillmentFacts(one, parcelOf(), shop)),
    ...(order.cancelled_at ? [cancelled(order, order.cancelled_at, frame, shop)] : []),
    ...order.refunds.flatMap((one) => refunded(one, order, frame, shop)),
  ];
  return [
    ...(isToldAlready(order.created_at, changed) ? [] : [purchase(order, frame, shop)]),
    ...sincePlaced.filter(({ at }) => !isToldAlready(at, changed)),
  ];
}
