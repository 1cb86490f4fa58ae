import { identitiesOf } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Identities } from '#shared/event/event.ts';
import { identityKeyOf, loadProfile } from '#shared/store/profiles.ts';
import type { HandShop } from './hand-shop.ts';

/** The contact who has the first of these identities. */
export async function contactOf(shop: HandShop, identities: Identities): Promise<Profile> {
  const [identity] = identitiesOf(identities);
  const row = identity && (await shop.table.get(identityKeyOf(identity)));
  const profile = row && (await loadProfile(shop.table, String(row['contact'])));
  if (!profile) throw new Error(`${JSON.stringify(identities)} is nobody's`);
  return profile;
}
