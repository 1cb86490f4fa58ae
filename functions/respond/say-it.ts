import { fold } from '#shared/contact/fold.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { loadProfile, partsOf } from '#shared/store/profiles.ts';
import { loadSaid, putSaid } from '#shared/store/said.ts';
import type { Table } from '#shared/store/table.ts';

/**
 * The contact as they have made themselves: what they said on a page a moment ago holds for them, though it may not have
 * been recorded yet. What has been is folded once more, which changes nothing.
 */
export async function asTheySaid(table: Table, contact: string, settings: Settings): Promise<Profile | undefined> {
  const profile = await loadProfile(table, contact);
  return profile && withSaid(profile, await loadSaid(table, partsOf(profile)), settings);
}

export const withSaid = (profile: Profile, events: readonly Event[], settings: Settings): Profile =>
  events.reduce((so, event) => fold(so, event, so.contact, settings).profile, profile);

/** To everybody, over the bus; and to the next page that this contact opens. */
export async function sayIt(event: Event, contact: string, deps: KeepDeps & { readonly table: Table }): Promise<void> {
  await keepEvents([event], deps);
  await deps.table.write(putSaid(event, contact));
}
