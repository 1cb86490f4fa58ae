import { kindOf } from '#shared/store/keys.ts';
import { toMillis } from '#shared/time/instant.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { erasedAt, type People } from './people.ts';

/** By which the clocks of machines may differ. */
const SKEW = 2000;

/**
 * Who is erased stays erased: no row is left under any contact that they were, and of who is not seen again no row says a
 * word but the hashes of their identities.
 */
export function checkErasures(world: World, ledger: Ledger, people: People): void {
  if (ledger.erased.size === 0 && ledger.buried.size === 0) return;
  // What has expired goes by itself.
  const rows = [...world.table.all()].filter((row) => world.table.read(row) !== undefined);
  for (const row of rows) {
    const contact = row.pk.startsWith('C#') ? row.pk.slice('C#'.length) : undefined;
    if (contact !== undefined && ledger.erased.has(contact))
      ledger.broken('who is erased stays erased', `${kindOf(row)} ${row.sk} of ${contact} is left`);
  }
  const texts = rows.filter((row) => kindOf(row) !== 'version').map((row) => ({ row, text: JSON.stringify(row) }));
  for (const person of new Set([...ledger.events.values()].map(({ identities }) => people.of(identities) ?? ''))) {
    const names = people.namesOf(person);
    const erased = erasedAt(names, ledger);
    if (erased === undefined) continue;
    const isBack = [...ledger.events.values()].some(
      ({ identities, at }) => people.of(identities) === person && toMillis(at) > toMillis(erased) - SKEW,
    );
    if (isBack) continue;
    // Another address of theirs may have been somebody else's until then.
    for (const name of names.filter((one) => one.startsWith('email') && erasedAt([one], ledger) !== undefined)) {
      const found = texts.find(({ text }) => text.includes(name.slice('email '.length)));
      if (found) ledger.broken('who is erased stays erased', `${name} stands in ${kindOf(found.row)} ${found.row.pk}`);
    }
  }
}
