import type { Consent } from '#shared/event/event.ts';
import type { Fact } from '#shared/source/fact.ts';
import { factId, mark } from '#shared/source/fact-id.ts';
import { known } from '#shared/source/known.ts';
import { whoIs } from '#shared/source/who.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type Customer, numberOf, type Word } from './schema.ts';

const STATES: Readonly<Record<string, Consent['state']>> = {
  subscribed: 'granted',
  unsubscribed: 'denied',
  redacted: 'denied',
};

/** `since`: the earliest that a yes without a time can be of. A no without one is of `until`: of two, the stricter. */
type Times = { readonly since: Instant | undefined; readonly until: Instant | undefined };

/** What somebody has said to marketing on a channel; nothing where it is neither a yes nor a no. */
export function consentOf(channel: 'email' | 'sms', word: Word | undefined, { since, until }: Times): Consent[] {
  const state = STATES[word?.state?.toLowerCase() ?? ''];
  const at = word?.consent_updated_at ?? (state === 'granted' ? since : until);
  if (word === undefined || state === undefined || at === undefined) return [];
  const level = word.opt_in_level === undefined ? '' : `, ${word.opt_in_level.slice(0, 100)}`;
  return [{ channel, topic: 'marketing', state, at, source: 'shopify', wording: `Shopify: ${word.state}${level}` }];
}

const TAGS_AT_MOST = 50;

const tagsOf = (tags: string | undefined): string[] | undefined =>
  tags
    ?.split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
    .slice(0, TAGS_AT_MOST);

const traitsOf = (customer: Customer) =>
  known({
    'name.first': customer.first_name,
    'name.last': customer.last_name,
    locale: customer.locale,
    'location.country': customer.default_address?.country_code,
    'location.city': customer.default_address?.city,
    'shopify.tags': tagsOf(customer.tags),
  });

function saidBy(customer: Customer) {
  const times = { since: customer.created_at, until: customer.updated_at ?? customer.created_at };
  const consents = [
    ...consentOf('email', customer.email_marketing_consent, times),
    ...consentOf('sms', customer.sms_marketing_consent, times),
  ];
  return { traits: traitsOf(customer), ...(consents.length > 0 && { consents }) };
}

const identitiesOf = (customer: Customer) =>
  whoIs({ externalId: numberOf(customer), email: customer.email, phone: customer.phone }) ?? {};

/** The customer as of their last change, whichever delivery shows them. */
export function customerUpdated(customer: Customer, shop: string): Fact[] {
  const { updated_at: at } = customer;
  if (at === undefined) return [];
  const content = { identities: identitiesOf(customer), ...saidBy(customer) };
  const id = factId('shopify', shop, 'customer', numberOf(customer), 'updated', mark(content), at);
  return [{ id, type: 'customer.updated', at, ...content, data: {} }];
}

/** With all that is known by then, so that a journey that greets may ask for consent. */
export function registration(customer: Customer, shop: string): Fact[] {
  const { created_at: at } = customer;
  if (at === undefined) return [];
  const id = factId('shopify', shop, 'customer', numberOf(customer), 'registration');
  return [{ id, type: 'registration', at, identities: identitiesOf(customer), ...saidBy(customer), data: {} }];
}

type Spoken = {
  readonly customer: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
};

/** A word on marketing that comes by itself. Nothing where it is neither a yes nor a no, or nobody is named. */
export function consentUpdated(consents: readonly Consent[], { customer, email, phone }: Spoken, shop: string): Fact[] {
  const identities = whoIs({ externalId: customer, email, phone });
  return consents.flatMap((consent) => {
    if (identities === undefined) return [];
    const { channel, at } = consent;
    const id = factId('shopify', shop, 'customer', customer ?? 'none', channel, mark({ identities, ...consent }), at);
    return [{ id, type: 'customer.updated', at, identities, consents: [consent], data: {} }];
  });
}
