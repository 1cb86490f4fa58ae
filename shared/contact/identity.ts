import { identityHash } from '#shared/enrolment/ids.ts';
import { IDENTITY_KINDS, type Identities, type IdentityKind } from '#shared/event/event.ts';

/** One spelling for one address: what differs only in case or blanks is the same person. */
export function normalise(kind: IdentityKind, value: string): string {
  const trimmed = value.trim();
  if (kind === 'email') return trimmed.toLowerCase();
  if (kind === 'phone') return trimmed.replace(/[^\d+]/g, '');
  return trimmed;
}

export type IdentityRef = { readonly kind: IdentityKind; readonly value: string; readonly hash: string };

/** The identities that an event names, normalised, in the order in which they decide whose event it is. */
export const identitiesOf = (identities: Identities): IdentityRef[] =>
  IDENTITY_KINDS.flatMap((kind) => {
    const given = identities[kind];
    if (given === undefined) return [];
    const value = normalise(kind, given);
    return [{ kind, value, hash: identityHash(kind, value) }];
  });
