import type { Fact } from '#shared/source/fact.ts';
import { factId, mark } from '#shared/source/fact-id.ts';
import { whoIs } from '#shared/source/who.ts';
import { consentsIn, traitsOf } from './said.ts';
import type { Customer } from './schema.ts';

function contentOf(customer: Customer) {
  const { id, email, billing, meta_data } = customer;
  const name = {
    first: customer.first_name ?? billing?.first_name,
    last: customer.last_name ?? billing?.last_name,
  };
  // When the box was ticked, nobody has noted: a yes of unknown age is no newer than the customer.
  const consents = consentsIn(meta_data, customer.date_created_gmt);
  return {
    identities: whoIs({ externalId: id, email: email ?? billing?.email, phone: billing?.phone }) ?? {},
    traits: traitsOf(name, billing),
    ...(consents.length > 0 && { consents }),
  };
}

/** With all that is known by then, so that a journey that greets may ask for consent. */
export const registration = (customer: Customer, shop: string): Fact => ({
  id: factId('woocommerce', shop, 'customer', customer.id, 'registration'),
  type: 'registration',
  at: customer.date_created_gmt,
  ...contentOf(customer),
  data: {},
});

/** The customer as of their last change. */
export function customerUpdated(customer: Customer, shop: string): Fact {
  const at = customer.date_modified_gmt ?? customer.date_created_gmt;
  const content = contentOf(customer);
  const id = factId('woocommerce', shop, 'customer', customer.id, 'updated', mark(content), at);
  return { id, type: 'customer.updated', at, ...content, data: {} };
}
