import type { Consent } from '#shared/event/event.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import type { Json } from '#shared/store/table.ts';
import { amountText, money } from './money.ts';
import { customerTrait, orderIdOf, stripeIdentities } from './person.ts';
import type { Line, Session, StripeEvent } from './schema.ts';
import type { StripeFact } from './told.ts';

const PAID = ['paid', 'no_payment_required'];

const itemOf = ({ description, quantity, price }: Line, currency: string | undefined) => {
  const unit = price?.unit_amount;
  return known({
    productId: price?.product,
    title: description,
    quantity,
    price: unit === undefined || currency === undefined ? undefined : Number(amountText(unit, currency)),
  });
};

/** Stripe asks for one yes, to promotions by e-mail. It is as old as the session: whatever is said later stands. */
function consentsOf({ consent, created }: Session): readonly Consent[] | undefined {
  const state = { opt_in: 'granted', opt_out: 'denied' } as const;
  const promotions = consent?.promotions;
  if (promotions !== 'opt_in' && promotions !== 'opt_out') return undefined;
  const wording = 'promotions, at the checkout';
  return [{ channel: 'email', topic: 'marketing', state: state[promotions], at: created, source: 'stripe', wording }];
}

function dataOf(session: Session): { readonly [name: string]: Json } {
  const { currency, total_details: details, customer_details: customer, metadata, line_items: lines } = session;
  return {
    ...known({
      orderId: orderIdOf(metadata, session.payment_intent, session.id),
      paymentId: session.payment_intent,
      checkoutId: session.id,
      cartId: metadata['cart_id'],
    }),
    ...money(currency, {
      total: session.amount_total,
      subtotal: session.amount_subtotal,
      discount: details?.amount_discount,
      tax: details?.amount_tax,
      shipping: details?.amount_shipping,
    }),
    ...known({
      items: lines?.data.map((line) => itemOf(line, currency)),
      country: customer?.address?.country,
      city: customer?.address?.city,
    }),
  };
}

/**
 * A session that is paid, or had nothing to pay, is a purchase, at the moment when Stripe knew it: of a bank transfer that
 * may be days after the checkout. One session is one purchase.
 */
export function purchase(session: Session, { created }: StripeEvent): StripeFact {
  if (session.mode === 'setup') return { ignored: 'a session that sells nothing' };
  if (!PAID.includes(session.payment_status ?? '')) return { ignored: 'it is not paid yet' };
  const { customer_details: customer, metadata } = session;
  const identities = stripeIdentities({
    metadata,
    // In the address of a Payment Link anybody can write whatever number they like.
    reference: session.payment_link === null ? session.client_reference_id : undefined,
    emails: [customer?.email, session.customer_email],
    phone: customer?.phone,
  });
  if (!identities) return 'nobody';
  const consents = consentsOf(session);
  return {
    id: factId('stripe', 'checkout', session.id, 'purchase'),
    type: 'purchase',
    at: created,
    identities,
    ...customerTrait(session.customer),
    ...(consents && { consents: [...consents] }),
    data: dataOf(session),
  };
}
