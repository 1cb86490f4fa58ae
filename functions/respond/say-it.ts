import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import type { Clock } from '#shared/ports.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { putSaid } from '#shared/store/said.ts';
import type { Table } from '#shared/store/table.ts';

const ATTEMPTS = 8;

type SayDeps = KeepDeps & { readonly table: Table; readonly clock: Clock };

/** What a contact has said on one of these pages. */
export type Said = Omit<Event, 'source' | 'contact' | 'identities'>;

/**
 * To everybody, over the bus; and at once to the next page that this contact opens, and to whoever is about to write to
 * them. Returns the event that it is. Throws Conflict when other writers of the contact were faster too often.
 */
export async function sayIt(said: Said, contact: string, deps: SayDeps): Promise<Event> {
  const event: Event = { ...said, source: 'tropa', contact, identities: {} };
  await keepEvents([event], deps);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const profile = await loadProfile(deps.table, contact);
    // Erased meanwhile: nobody is written to.
    if (!profile) return event;
    try {
      await deps.table.transact(putSaid(event, profile));
      return event;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await deps.clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`contact ${contact} met other writers ${ATTEMPTS} times`);
}
