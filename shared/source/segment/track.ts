import { ownOf } from '#shared/own-of.ts';
import { known } from '#shared/source/known.ts';
import type { Json } from '#shared/store/table.ts';
import { slugOf, typeOfName } from './event-type.ts';
import { type Message, type Order, orderSchema } from './schema.ts';
import { cancelData, cartData, checkoutData, productData, purchaseData, refundData } from './shop.ts';

type Fields = { readonly [name: string]: Json };

/** What a track call tells. `known`: parts of the id of a fact that several calls may tell of; else the call is the fact. */
type Tracked = {
  readonly type: string;
  readonly data: Fields;
  readonly known?: readonly string[];
  readonly traits?: Fields;
  /** Whether an address among the properties is that of this person, and not of a friend or a colleague. */
  readonly isAboutThem?: boolean;
};

type Tell = (order: Order, message: Message) => Tracked | undefined;

const ofOrder =
  (type: string, what: string, dataOf: (order: Order) => Fields): Tell =>
  (order) => ({
    type,
    data: dataOf(order),
    ...(order.order_id !== undefined && { known: ['order', order.order_id, what] }),
    isAboutThem: true,
  });

/** Refunds of one order can be several, and only some shops number them. */
const refunded: Tell = (order) => ({
  type: 'order.refunded',
  data: refundData(order),
  ...(order.refund_id !== undefined && { known: ['refund', order.refund_id, 'refunded'] }),
  isAboutThem: true,
});

const cart =
  (change?: 'added' | 'removed'): Tell =>
  (order) =>
    order.cart_id !== undefined || order.products ? { type: 'cart.updated', data: cartData(order, change) } : undefined;

const registration: Tell = ({ first_name, last_name }, { userId }) => ({
  type: 'registration',
  data: {},
  traits: known({ 'name.first': first_name, 'name.last': last_name }),
  ...(userId !== undefined && { known: ['user', userId, 'registration'] }),
  isAboutThem: true,
});

const purchase = ofOrder('purchase', 'purchase', purchaseData);
const viewed: Tell = (order) => ({ type: 'product.viewed', data: productData(order) });

/** By slug: the names of the e-commerce specification, its version 1, and Tropa's own words. */
const KNOWN: Readonly<Record<string, Tell>> = {
  'order-completed': purchase,
  'completed-order': purchase,
  purchase,
  'order-refunded': refunded,
  'order.refunded': refunded,
  'order-cancelled': ofOrder('order.cancelled', 'cancelled', cancelData),
  'order.cancelled': ofOrder('order.cancelled', 'cancelled', cancelData),
  'checkout-started': (order) => ({ type: 'checkout.started', data: checkoutData(order), isAboutThem: true }),
  'checkout.started': (order) => ({ type: 'checkout.started', data: checkoutData(order), isAboutThem: true }),
  'product-viewed': viewed,
  'viewed-product': viewed,
  'product.viewed': viewed,
  'product-added': cart('added'),
  'added-product': cart('added'),
  'product-removed': cart('removed'),
  'removed-product': cart('removed'),
  'cart-viewed': cart(),
  'cart.updated': cart(),
  'signed-up': registration,
  'account-created': registration,
  registration,
};

/** What a call of this name tells; one that no table has is an event of its own type, with its properties as they are. */
export function tracked(name: string, message: Message): Tracked & { readonly order?: Order } {
  const read = orderSchema.safeParse(message.properties);
  const told = read.success ? ownOf(KNOWN, slugOf(name))?.(read.data, message) : undefined;
  if (told && read.success) return { ...told, order: read.data };
  const { consents: _, ...data } = message.properties;
  return { type: typeOfName(name), data };
}
