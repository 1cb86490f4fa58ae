import type { ContactRequest, RunContact } from '#apps/cli/commands/contact.ts';
import { findContact } from '#apps/cli/find-contact.ts';
import { lookWhereItRuns, shownOf } from '#apps/cli/look.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { copyOf } from '#functions/privacy/copy.ts';
import { erase } from '#functions/privacy/erase.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { loadProfile } from '#shared/store/profiles.ts';

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
  show: async ({ contact, target }) => {
    const looked = await lookWhereItRuns(contact, undefined, target);
    if ('look' in looked) return looked.look?.shown;
    return withPerson({ contact, target: looked.elsewhere }, (profile, opened) =>
      shownOf(profile, { ...opened, now: opened.clock.now() }),
    );
  },
  copy: (request) =>
    withPerson(request, async (profile, { table, clock }) => (await copyOf(profile, clock.now(), table)).text),
  // Executions find out when their pauses end.
  erase: (request) =>
    withPerson(request, (profile, { table, clock }) => erase(profile.contact, { table, clock, hint: async () => {} })),
};
