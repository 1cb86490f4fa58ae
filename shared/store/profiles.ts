import type { IdentityRef } from '#shared/contact/identity.ts';
import { type Profile, profileSchema } from '#shared/contact/profile.ts';
import { identityHash } from '#shared/enrolment/ids.ts';
import type { Instant } from '#shared/time/instant.ts';
import { DIRECTORY_SHARDS, dirShard, formerKey, identityKey, profileKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import { shardOf } from './shards.ts';
import type { Row, Table, Write } from './table.ts';

type UpdateWrite = Extract<Write, { kind: 'update' }>;

/** Throws when the row is not one that this version can read. */
export const readProfile = readOnce((row): Profile => profileSchema.parse(row));

/** The profile, following the trail of a merge to whoever survived it. Undefined for an unknown contact. */
export async function loadProfile(table: Table, contact: string): Promise<Profile | undefined> {
  const row = await table.get(profileKey(contact));
  const profile = row && readProfile(row);
  return profile?.mergedInto === undefined ? profile : loadProfile(table, profile.mergedInto);
}

/** The profile of a contact that the directory lists, whose index may be stale: undefined for who was merged since. */
export async function loadListed(table: Table, contact: string): Promise<Profile | undefined> {
  const row = await table.get(profileKey(contact));
  const profile = row && readProfile(row);
  return profile?.mergedInto === undefined ? profile : undefined;
}

/** The contacts under whose keys a person's rows lie: their own first, then those that were merged into it. */
export const partsOf = ({ contact, aka }: Pick<Profile, 'contact' | 'aka'>): readonly [string, ...string[]] => [
  contact,
  ...aka,
];

/** Writes a profile on condition that nobody has written it since: `rev` of the one before, absent for a new contact. */
export const putProfile = (profile: Profile, before: Profile | undefined): Write => ({
  kind: 'put',
  row: rowOf(
    profileKey(profile.contact),
    profile,
    // Who was merged is in no audience.
    profile.mergedInto === undefined ? { dirPk: dirShard(shardOf(profile.contact, DIRECTORY_SHARDS)) } : {},
  ),
  if: before ? { equals: { rev: before.rev } } : { absent: true },
});

/** Holds a decision to the profile it was made from, where the profile itself does not change. */
export const checkProfile = (profile: Profile): Write => ({
  kind: 'check',
  key: profileKey(profile.contact),
  if: { equals: { rev: profile.rev } },
});

export const identityKeyOf = ({ kind, hash }: Pick<IdentityRef, 'kind' | 'hash'>) => identityKey(kind, hash);

const tie = (identity: IdentityRef, contact: string): Pick<UpdateWrite, 'kind' | 'key' | 'change'> => ({
  kind: 'update',
  key: identityKeyOf(identity),
  change: {
    set: [
      [['v'], 1],
      [['contact'], contact],
    ],
  },
});

/** Ties an identity to a contact, if nobody has it; that whoever had it has been erased stays on it. */
export const claimIdentity = (identity: IdentityRef, contact: string): UpdateWrite => ({
  ...tie(identity, contact),
  if: { missing: ['contact'] },
});

/** Leaves of an identity that somebody had it who has been erased, so that what is older makes nobody known. */
export const buryIdentity = (identity: Pick<IdentityRef, 'kind' | 'hash'>, owner: string, at: Instant): Write => ({
  kind: 'put',
  row: { ...identityKeyOf(identity), v: 1, erased: at },
  if: { equals: { contact: owner } },
});

/** Whether what happened then was of somebody who has been erased since, as an identity's row says. */
export const isBuried = (row: Row | undefined, at: Instant): boolean => {
  const erased = row?.['erased'];
  return typeof erased === 'string' && at <= erased;
};

/** Ties an identity of a contact who was merged to whom they are now. */
export const moveIdentity = (identity: IdentityRef, from: string, to: string): UpdateWrite => ({
  ...tie(identity, to),
  if: { equals: { contact: from } },
});

/** Notes a merged contact for which `aka` has no room, for who has to find everything. */
export const noteFormer = (contact: string, other: string): Write => ({
  kind: 'put',
  row: { ...formerKey(contact, other), v: 1, contact: other },
});

/** Who has an identity, as its row says; undefined when nobody has it. */
export const ownerOf = (row: Row | undefined): string | undefined => {
  const contact = row?.['contact'];
  return typeof contact === 'string' ? contact : undefined;
};

/** Where a suppression of this e-mail address lies. */
export const emailHash = (address: string): string => identityHash('email', address);
