import type { IdentityKind } from '#shared/event/event.ts';
import type { IdentityRef } from './identity.ts';
import type { Profile } from './profile.ts';

/** What names a person with more right than each kind does. A browser or a device names nobody: several may use it. */
const STRONGER: { readonly [K in IdentityKind]: readonly ('externalId' | 'email' | 'phone')[] } = {
  externalId: [],
  email: ['externalId'],
  phone: ['externalId', 'email'],
  anonymousId: ['externalId', 'email', 'phone'],
  device: ['externalId', 'email', 'phone'],
};

/**
 * Whether an event is of the contact who has its identity `found`. Not when both event and contact are also named by
 * something stronger: it would have found them if it were the same. So two external ids never meet in one contact, and
 * who logs in at a browser takes over its nameless visitor, but never somebody else who has left an address there.
 */
export function isTheirs(
  owner: Pick<Profile, 'identities'>,
  found: IdentityKind,
  named: readonly Pick<IdentityRef, 'kind'>[],
): boolean {
  const stronger = STRONGER[found];
  const isNamed = named.some(({ kind }) => stronger.some((one) => one === kind));
  return !isNamed || stronger.every((kind) => owner.identities[kind] === undefined);
}

/**
 * Whether the event says that another owner is the same person: it can be of both, and what the one is named by does not
 * tell them apart from the other. An event never names two of a kind, so that two customer numbers cannot meet here.
 */
export function isSame(
  owner: Pick<Profile, 'identities'>,
  other: Pick<Profile, 'identities'>,
  found: IdentityKind,
  named: readonly IdentityRef[],
): boolean {
  const kinds = KINDS.filter((kind) => owner.identities[kind] !== undefined).map((kind) => ({ kind }));
  return isTheirs(other, found, [...named, ...kinds]);
}

const KINDS = ['externalId', 'email', 'phone'] as const;
