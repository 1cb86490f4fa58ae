import { kindOf } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { erasedAt, type People } from './people.ts';

/** Clocks of the machine that erases and of the shop differ: what is told in the very moment may go with the rest. */
const CLOCKS = 2000;

/** An event counts once: whatever the shop has told of lies in one place, and nothing else does. */
export function checkEvents(world: World, ledger: Ledger, people: People): void {
  const places = new Map<string, number>();
  for (const row of world.table.all()) {
    const kind = kindOf(row);
    if (kind !== 'event' && kind !== 'parked') continue;
    const event = kind === 'event' ? row['id'] : (row['event'] as { id: string }).id;
    places.set(String(event), (places.get(String(event)) ?? 0) + 1);
  }
  for (const { id, identities, at } of ledger.events.values()) {
    if (places.has(id)) continue;
    // What somebody did before they were erased has gone with them, or is dropped when it comes.
    const erased = erasedAt(people.namesOf(people.of(identities) ?? ''), ledger);
    if (erased === undefined || at > plusMillis(erased, CLOCKS)) ledger.broken('no event is lost', `${id} is nowhere`);
  }
  for (const [id, n] of places) if (n > 1) ledger.broken('an event counts once', `${id} lies in ${n} places`);
}
