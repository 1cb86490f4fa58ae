import type { Identities } from '#shared/event/event.ts';
import { whoIs } from '#shared/source/who.ts';

type Metadata = Readonly<Record<string, string | undefined>>;

type Named = {
  readonly metadata: Metadata;
  readonly reference?: string | undefined;
  readonly emails?: readonly (string | undefined)[];
  readonly phone?: string | undefined;
};

/**
 * Who it was, by the shop's own number. Stripe's customers are none: one person can be several, and where a storefront has
 * a number of its own, a second would keep its customers apart for ever. Undefined when nobody is named.
 */
export function stripeIdentities({ metadata, reference, emails = [], phone }: Named): Identities | undefined {
  const own = metadata['externalId'] ?? metadata['customer_id'] ?? metadata['user_id'] ?? reference;
  return whoIs({
    externalId: own,
    email: emails.find((email) => email !== undefined),
    phone,
    anonymousId: metadata['_tropa_id'],
  });
}

/** The shop's number of an order, where the shop has written it there; else what Stripe knows the payment by. */
export const orderIdOf = (metadata: Metadata, ...others: readonly (string | undefined)[]): string | undefined =>
  [metadata['order_id'], metadata['orderId'], ...others].find((id) => id !== undefined);

/** Stripe's own number of a customer, to be found again. */
export const customerTrait = (customer: string | undefined) =>
  customer === undefined ? {} : { traits: { 'stripe.customer': customer } };
