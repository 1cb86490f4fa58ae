import type { Fact } from '#shared/source/fact.ts';
import { factId } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { stripeIdentities } from './person.ts';
import type { Customer, StripeEvent } from './schema.ts';
import type { StripeFact } from './told.ts';

const traitsOf = ({ id, name, address, preferred_locales: [locale] }: Customer) =>
  known({
    'stripe.customer': id,
    'name.full': name,
    locale,
    'location.country': address?.country,
    'location.city': address?.city,
  });

const whose = ({ metadata, email, phone }: Customer) => stripeIdentities({ metadata, emails: [email], phone });

/** Stripe makes a customer at the first checkout, or the shop does so at the registration. */
export function registration(customer: Customer, { created }: StripeEvent): StripeFact {
  const identities = whose(customer);
  if (!identities) return 'nobody';
  return {
    id: factId('stripe', 'customer', customer.id, 'registration'),
    type: 'registration',
    at: customer.created ?? created,
    identities,
    traits: traitsOf(customer),
    data: {},
  };
}

/** Times of Stripe's have whole seconds, in which two changes fit: so a change is known by the event that tells of it. */
const changed = (customer: Customer, event: StripeEvent, type: string, traits: Fact['traits']): StripeFact => {
  const identities = whose(customer);
  if (!identities) return 'nobody';
  return { id: factId('stripe', 'event', event.id), type, at: event.created, identities, traits, data: {} };
};

export const customerUpdated = (customer: Customer, event: StripeEvent): StripeFact =>
  changed(customer, event, 'customer.updated', traitsOf(customer));

/** Nobody is forgotten by it: that is asked for elsewhere. */
export const customerDeleted = (customer: Customer, event: StripeEvent): StripeFact =>
  changed(customer, event, 'customer.deleted', { 'stripe.customer': null });
