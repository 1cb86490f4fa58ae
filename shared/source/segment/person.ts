import type { Identities } from '#shared/event/event.ts';
import { whoIs } from '#shared/source/who.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Message } from './schema.ts';

type Fields = { readonly [name: string]: Json };

/** An id or an address as text; numbers are ids of some systems. */
const asText = (value: Json | undefined): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;

/** Further words on who it was, of events that are about this person. */
type More = { readonly email?: string | undefined; readonly phone?: string | undefined };

/** Who a message is about. A user id that is an address reaches them, too. */
export function identitiesOf(message: Message, more: More = {}): Identities | undefined {
  const traits = message.context?.traits ?? {};
  const { userId, anonymousId } = message;
  const addressOf = (kind: 'email' | 'phone'): string | undefined =>
    asText(message.traits[kind]) ?? asText(traits[kind]) ?? more[kind];
  const email = addressOf('email') ?? (userId?.includes('@') ? userId : undefined);
  return whoIs({ externalId: userId, anonymousId, email, phone: addressOf('phone') });
}

/** What Segment calls some traits, and what they are called here. An address is no trait, and `createdAt` is derived. */
const NAMES: Readonly<Record<string, string>> = {
  firstName: 'name.first',
  first_name: 'name.first',
  lastName: 'name.last',
  last_name: 'name.last',
  name: 'name.full',
  timezone: 'timeZone',
};
const NO_TRAITS = ['id', 'email', 'phone', 'createdAt', 'created_at', 'address', 'consents'];
const LONGEST_NAME = 100;

/** Traits of an `identify`: those of the message, on top of the ones that RudderStack puts into its context. */
export function traitsOf({ traits: said, context }: Message): Fields {
  const all: Fields = { ...context?.traits, ...said };
  const own = Object.entries(all)
    .filter(([name]) => !NO_TRAITS.includes(name))
    .map(([name, value]) => [NAMES[name] ?? name, value] as const);
  const place = isObject(all['address']) ? all['address'] : {};
  const { locale, timezone } = context ?? {};
  const traits = {
    ...(locale !== undefined && { locale }),
    ...(timezone !== undefined && { timeZone: timezone }),
    ...(place['country'] !== undefined && { 'location.country': place['country'] }),
    ...(place['city'] !== undefined && { 'location.city': place['city'] }),
    ...Object.fromEntries(own),
  };
  return Object.fromEntries(Object.entries(traits).filter(([name]) => name.length <= LONGEST_NAME));
}

/**
 * `consents` of an identify's traits, or of a track's properties, in Tropa's own words (docs/events.md). Segment has none.
 * Each says when it was given: traits are sent again and again, and a yes must not outlive the no that came after it.
 */
export function consentsOf(fields: Fields): Readonly<Record<string, unknown>> {
  const { consents } = fields;
  if (!Array.isArray(consents)) return {};
  return { consents: consents.map((word) => (isObject(word) ? { source: 'segment', wording: '', ...word } : word)) };
}

/** RudderStack's merge names ids of one person by their kinds. */
const MERGED: Readonly<Record<string, 'externalId' | 'email' | 'phone' | 'anonymousId'>> = {
  user_id: 'externalId',
  userId: 'externalId',
  email: 'email',
  phone: 'phone',
  anonymous_id: 'anonymousId',
  anonymousId: 'anonymousId',
};

/** Two names of one person: the one from before is taken for that of a visitor. */
export function joinedIdentities({ type, userId, previousId, anonymousId, mergeProperties }: Message) {
  if (type !== 'merge') return whoIs({ externalId: userId, anonymousId: previousId ?? anonymousId });
  const named = mergeProperties.flatMap(({ type: kind, value }) => {
    const is = MERGED[kind];
    return is === undefined ? [] : [[is, value] as const];
  });
  return whoIs({ externalId: userId, anonymousId, ...Object.fromEntries(named) });
}

export const atOf = (message: Message, batchSentAt?: Instant): Instant | undefined =>
  message.timestamp ?? message.originalTimestamp ?? message.sentAt ?? message.receivedAt ?? batchSentAt;
