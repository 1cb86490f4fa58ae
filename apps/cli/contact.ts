import type { ContactRequest, RunContact } from '#apps/cli/commands/contact.ts';
import { findContact } from '#apps/cli/find-contact.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { copyOf } from '#functions/privacy/copy.ts';
import { erase } from '#functions/privacy/erase.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { habitsOf, sayBestHour } from '#shared/sending/best-hour.ts';
import { queryEvents } from '#shared/store/events.ts';
import { messageRange } from '#shared/store/keys.ts';
import { loadProfile, partsOf } from '#shared/store/profiles.ts';

const EVENTS_SHOWN = 15;

async function withPerson<T>(
  { contact, target }: ContactRequest,
  work: (profile: Profile, opened: OpenTarget) => Promise<T>,
): Promise<T | undefined> {
  return withTarget(target, async (opened) => {
    const profile = await loadProfile(opened.table, await findContact(contact, opened.table));
    return profile && work(profile, opened);
  });
}

export const runContact: RunContact = {
  show: (request) =>
    withPerson(request, async (profile, { table, published }) => {
      const parts = partsOf(profile);
      const events = await queryEvents(table, parts, { types: 'any', limit: EVENTS_SHOWN });
      const messages = await Promise.all(parts.map((contact) => table.query(messageRange(contact))));
      const settings = await published.settings();
      const zone = zoneOf(profile, settings);
      return {
        zone,
        bestHour: sayBestHour(habitsOf(profile, zone, settings)),
        profile,
        events: events.map(({ type, at }) => ({ type, at })),
        messages: messages.flat().length,
      };
    }),
  copy: (request) =>
    withPerson(request, async (profile, { table, clock }) => (await copyOf(profile, clock.now(), table)).text),
  // Executions find out when their pauses end.
  erase: (request) =>
    withPerson(request, (profile, { table, clock }) => erase(profile.contact, { table, clock, hint: async () => {} })),
};
