import { identityHash } from '#shared/enrolment/ids.ts';
import { IDENTITY_KINDS, type Identities, type IdentityKind } from '#shared/event/event.ts';

/** One spelling for one address: what differs only in case or blanks is the same person. */
export function normalise(kind: IdentityKind, value: string): string {
  const trimmed = value.trim();
  if (kind === 'email') return trimmed.toLowerCase();
  if (kind === 'phone') return trimmed.replace(/[^\d+]/g, '');
  return trimmed;
}

type NamedIdentity = { readonly kind: IdentityKind; readonly value: string };
export type IdentityRef = NamedIdentity & { readonly hash: string };

/** The identities that an event names, normalised, in the order in which they decide whose event it is. */
export const namedIn = (identities: Identities): NamedIdentity[] =>
  IDENTITY_KINDS.flatMap((kind) => {
    const given = identities[kind];
    return given === undefined ? [] : [{ kind, value: normalise(kind, given) }];
  });

/** What nobody else has done in a person's name: it was paid for, or a password was known. */
const CERTAIN = new Set(['purchase', 'login', 'registration']);
/** What a shop ties to a customer by an address that somebody has typed, or merely keeps for a browser. */
const TYPED = /^(cart|checkout)[._-]/;

/**
 * Who it was, as an event says for sure. At a form or a checkout anybody may type any address: such an event does not say
 * that the browser is the person's. Whoever is at that browser could otherwise speak for them, with a key that is public.
 */
export function surely({ type, identities }: { readonly type: string; readonly identities: Identities }): Identities {
  const { anonymousId, ...person } = identities;
  const isNamed = person.externalId !== undefined || person.email !== undefined || person.phone !== undefined;
  if (anonymousId === undefined || !isNamed || CERTAIN.has(type)) return identities;
  return person.externalId !== undefined && !TYPED.test(type) ? identities : person;
}

/** The same, as keys have them. */
export const identitiesOf = (identities: Identities): IdentityRef[] =>
  namedIn(identities).map(({ kind, value }) => ({ kind, value, hash: identityHash(kind, value) }));

/** How a profile names an identity that is tied to it. */
export const idOf = ({ kind, hash }: Pick<IdentityRef, 'kind' | 'hash'>): string => `${kind}#${hash}`;
