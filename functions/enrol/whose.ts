import { type IdentityRef, identitiesOf } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isTheirs } from '#shared/contact/whose.ts';
import { contactId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';
import { loadProfile, ownerOf } from '#shared/store/profiles.ts';
import type { Row, Table } from '#shared/store/table.ts';

export type Whose = {
  readonly contact: string;
  readonly profile: Profile | undefined;
  /** Identities that nobody has yet: they become this contact's. */
  readonly unclaimed: readonly IdentityRef[];
};

/**
 * Whose event this is: of the first of its identities' owners that it can be of, else of a new contact. `rows` are those
 * of `identitiesOf` the event. Undefined for an event of somebody who has been erased since.
 */
export async function whose(
  event: Event,
  rows: readonly (Row | undefined)[],
  table: Table,
): Promise<Whose | undefined> {
  if (event.contact !== undefined) {
    const profile = await loadProfile(table, event.contact);
    // Tropa names by it whom it knows already: there is nothing to claim.
    return profile && { contact: profile.contact, profile, unclaimed: [] };
  }
  const named = identitiesOf(event.identities);
  const owners = rows.map(ownerOf);
  const unclaimed = named.filter((_, i) => owners[i] === undefined);
  for (const [i, { kind }] of named.entries()) {
    const owner = owners[i];
    if (owner === undefined) continue;
    const profile = await loadProfile(table, owner);
    if (!profile || isTheirs(profile, kind, named)) return { contact: profile?.contact ?? owner, profile, unclaimed };
  }
  return { contact: contactId(event.id), profile: undefined, unclaimed };
}
