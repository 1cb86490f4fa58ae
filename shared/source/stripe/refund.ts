import type { Identities } from '#shared/event/event.ts';
import { isToldAlready } from '#shared/source/fact.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { money } from './money.ts';
import { orderIdOf, stripeIdentities } from './person.ts';
import type { Charge, Refund, StripeEvent } from './schema.ts';
import type { StripeFact } from './told.ts';

const DONE = 'succeeded';

/** A refund is known by its number, whatever tells of it, and happened when it was made. */
const refunded = (refund: Refund, identities: Identities, order: string | undefined) => ({
  id: factId('stripe', 'refund', refund.id, 'refunded'),
  type: 'order.refunded',
  at: refund.created,
  identities,
  data: {
    ...known({ orderId: order, paymentId: refund.payment_intent, refundId: refund.id, reason: refund.reason }),
    ...money(refund.currency, { amount: refund.amount }),
  },
});

/** A refund by itself: it says of whom only where the shop has written so into its metadata. */
export function refundOf(refund: Refund, { created }: StripeEvent): StripeFact {
  if (refund.status !== DONE) return { ignored: 'the money is not back yet' };
  if (isToldAlready(refund.created, created)) return { ignored: 'it was told when it happened' };
  const { metadata, payment_intent, charge } = refund;
  const identities = stripeIdentities({ metadata });
  return identities ? refunded(refund, identities, orderIdOf(metadata, payment_intent, charge)) : 'nobody';
}

/**
 * Refunds of a charge: those that it lists, as older versions of Stripe's interface do; else the one that has made its sum
 * of refunds what it is.
 */
export function refundsOf(charge: Charge, event: StripeEvent): StripeFact {
  const { metadata, billing_details: billing, receipt_email } = charge;
  const identities = stripeIdentities({ metadata, emails: [billing?.email, receipt_email], phone: billing?.phone });
  if (!identities) return 'nobody';
  const order = orderIdOf(metadata, charge.payment_intent, charge.id);
  const listed = charge.refunds?.data ?? [];
  if (listed.length === 0) return lastRefund(charge, event, identities, order);
  const told = listed.filter(({ status, created }) => status === DONE && !isToldAlready(created, event.created));
  return told.map((refund) => refunded(refund, identities, order));
}

function lastRefund(
  { id, amount_refunded: sum, currency, payment_intent }: Charge,
  { created, data }: StripeEvent,
  identities: Identities,
  order: string | undefined,
): StripeFact {
  if (sum === undefined) return { ignored: 'it says no amount' };
  const before = data.previous_attributes?.amount_refunded ?? 0n;
  return {
    id: factId('stripe', 'charge', id, 'refunded', String(sum)),
    type: 'order.refunded',
    at: created,
    identities,
    data: {
      ...known({ orderId: order, paymentId: payment_intent }),
      ...money(currency, { amount: sum - before }),
    },
  };
}
