import { type IdentityRef, identitiesOf, surely } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isSame, isTheirs } from '#shared/contact/whose.ts';
import { contactId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';
import { isBuried, loadProfile, ownerOf } from '#shared/store/profiles.ts';
import type { Row, Table } from '#shared/store/table.ts';

/** An identity, and the contact whom its row names. */
export type Owned = { readonly identity: IdentityRef; readonly owner: string };

export type Whose = {
  readonly contact: string;
  readonly profile: Profile | undefined;
  /** Identities that nobody has yet: they become this contact's. */
  readonly unclaimed: readonly IdentityRef[];
  /** Identities of contacts who were merged into this one, and are still named by the rows. */
  readonly outdated: readonly Owned[];
  /** Other contacts who have one of its identities, and can be the same person. */
  readonly same: readonly Profile[];
};

/**
 * Whose event this is: of the first of its identities' owners that it can be of, else of a new contact. `rows` are those
 * of the identities that the event names surely. Undefined for an event of somebody who has been erased since.
 */
export async function whose(
  event: Event,
  rows: readonly (Row | undefined)[],
  table: Table,
): Promise<Whose | undefined> {
  if (event.contact !== undefined) {
    const profile = await loadProfile(table, event.contact);
    // Tropa names by it whom it knows already: there is nothing to claim.
    return profile && { contact: profile.contact, profile, unclaimed: [], outdated: [], same: [] };
  }
  const named = identitiesOf(surely(event));
  const owners = rows.map(ownerOf);
  const unclaimed = named.filter((_, i) => owners[i] === undefined && !isBuried(rows[i], event.at));
  const owned = named.flatMap((identity, i) => {
    const owner = owners[i];
    return owner === undefined ? [] : [{ identity, owner }];
  });
  const profiles = new Profiles(table);
  for (const { identity, owner } of owned) {
    const profile = await profiles.of(owner);
    if (!profile) return { contact: owner, profile, unclaimed, outdated: [], same: [] };
    if (!isTheirs(profile, identity.kind, named)) continue;
    return { contact: profile.contact, profile, unclaimed, ...(await others(profile, owned, named, profiles)) };
  }
  // What somebody did before they were erased makes nobody known.
  if (rows.some((row) => isBuried(row, event.at))) return undefined;
  return { contact: contactId(event.id), profile: undefined, unclaimed, outdated: [], same: [] };
}

/** Who was erased and comes again has agreed to nothing: what was said before it, as a list may still have it, is left out. */
export function sinceErased(event: Event, rows: readonly (Row | undefined)[]): Event {
  const { consents, ...rest } = event;
  const kept = consents?.filter(({ state, at }) => state !== 'granted' || !rows.some((row) => isBuried(row, at)));
  return kept === undefined || kept.length === consents?.length ? event : { ...rest, consents: kept };
}

/** Each contact is read once. */
class Profiles {
  readonly #table: Table;
  readonly #known = new Map<string, Profile | undefined>();

  constructor(table: Table) {
    this.#table = table;
  }

  async of(contact: string): Promise<Profile | undefined> {
    if (!this.#known.has(contact)) this.#known.set(contact, await loadProfile(this.#table, contact));
    return this.#known.get(contact);
  }
}

/** What the event says of the other owners: those who were this contact already, and those who turn out to be. */
async function others(
  profile: Profile,
  owned: readonly Owned[],
  named: readonly IdentityRef[],
  profiles: Profiles,
): Promise<Pick<Whose, 'outdated' | 'same'>> {
  const outdated: Owned[] = [];
  const same = new Map<string, Profile>();
  for (const one of owned.filter(({ owner }) => owner !== profile.contact)) {
    const other = await profiles.of(one.owner);
    if (other?.contact === profile.contact) outdated.push(one);
    else if (other && isSame(profile, other, one.identity.kind, named)) same.set(other.contact, other);
  }
  return { outdated, same: [...same.values()] };
}
