import type { Identities } from '#shared/event/event.ts';
import { amounts, sumOf, timesOf } from '#shared/source/amounts.ts';
import type { Fact } from '#shared/source/fact.ts';
import { factId, mark } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { whoIs } from '#shared/source/who.ts';
import { itemsOf } from './items.ts';
import { anonymousIn, type Cart, type Checkout, type Item, numberOf } from './schema.ts';

const pieces = (items: readonly Item[]): number => items.reduce((sum, { quantity = 1 }) => sum + quantity, 0);

const priceOf = ({ line_price, price, quantity = 1 }: Item): string | undefined =>
  line_price ?? (price !== undefined && Number.isInteger(quantity) ? timesOf(price, quantity) : undefined);

/** Of an empty cart, nothing; of one with a price that nobody knows, undefined. */
function totalOf(items: readonly Item[]): string | undefined {
  const prices = items.map(priceOf);
  return prices.length === 0
    ? '0.00'
    : sumOf(prices.some((p) => p === undefined) ? [] : prices.filter((p) => p !== undefined));
}

type State = { readonly identities: Identities; readonly data: Fact['data'] };

const updated = (kind: string, token: string, at: string, state: State, shop: string): Fact => ({
  id: factId('shopify', shop, kind, token, 'cart', mark(state), at),
  type: 'cart.updated',
  at,
  ...state,
});

/** Undefined when it names nobody. */
function checkoutState(checkout: Checkout): State | undefined {
  const { token, cart_token, customer, line_items } = checkout;
  const identities = whoIs({
    externalId: customer && numberOf(customer),
    email: checkout.email,
    phone: checkout.phone,
    anonymousId: anonymousIn(checkout.note_attributes),
  });
  if (identities === undefined) return undefined;
  const data = {
    cartId: cart_token ?? token,
    checkoutId: token,
    ...amounts(checkout.currency, { total: checkout.total_price, subtotal: checkout.subtotal_price }),
    ...known({ url: checkout.abandoned_checkout_url }),
    items: itemsOf(line_items),
    itemCount: pieces(line_items),
  };
  return { identities, data };
}

/** The cart as a checkout shows it. Undefined when it names nobody. */
export function checkoutUpdated(checkout: Checkout, shop: string): Fact[] | undefined {
  const state = checkoutState(checkout);
  return state && [updated('checkout', checkout.token, checkout.updated_at, state, shop)];
}

/** That somebody has gone to the checkout, with what they had then; only the delivery of its beginning knows that. */
export function checkoutStarted(checkout: Checkout, shop: string): Fact[] {
  const state = checkoutState(checkout);
  if (state === undefined) return [];
  const id = factId('shopify', shop, 'checkout', checkout.token, 'started');
  return [{ id, type: 'checkout.started', at: checkout.created_at ?? checkout.updated_at, ...state }];
}

/** A cart that says whose it is, by the number of their browser mostly. Undefined when it names nobody. */
export function cartUpdated(cart: Cart, shop: string): Fact[] | undefined {
  const { customer, line_items: items } = cart;
  const token = cart.token ?? cart.id;
  const identities = whoIs({
    externalId: customer && numberOf(customer),
    email: cart.email,
    phone: cart.phone,
    anonymousId: anonymousIn([...cart.attributes, ...cart.note_attributes]),
  });
  if (token === undefined || identities === undefined) return undefined;
  const total = totalOf(items);
  const currency = cart.currency ?? items.map(({ price_set }) => price_set?.shop_money?.currency_code).find(Boolean);
  const data = {
    cartId: token,
    ...amounts(currency, { total, subtotal: total }),
    items: itemsOf(items),
    itemCount: pieces(items),
  };
  return [updated('cart', token, cart.updated_at, { identities, data }, shop)];
}
