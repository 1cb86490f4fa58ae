import type { ListedAddress, SuppressRuns } from '#apps/cli/commands/suppress.ts';
import { withTarget } from '#apps/cli/target/open.ts';
import { normalise } from '#shared/contact/identity.ts';
import { identityKey } from '#shared/store/keys.ts';
import { emailHash, loadProfile, ownerOf } from '#shared/store/profiles.ts';
import { type Listed, lift, loadLifted, loadSuppression, suppress, suppressions } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';

const hashOf = (address: string): string => emailHash(normalise('email', address));

/** `by` names who runs the command. */
export const suppressRuns = (by: () => string): SuppressRuns => ({
  add: (target, address, note) =>
    withTarget(target, async ({ table, clock }) => {
      const hash = hashOf(address);
      const before = await loadSuppression(table, 'email', hash);
      if (!before) await table.write(suppress('email', hash, 'manual', clock.now(), { by: by(), note }));
      return before;
    }),
  remove: (target, address, { reason, complaint }) =>
    withTarget(target, async ({ table, clock }) => {
      const hash = hashOf(address);
      const known = await loadSuppression(table, 'email', hash);
      if (!known) return undefined;
      if ((known.reason === 'complained' || known.complained !== undefined) && !complaint) return 'complained';
      await table.transact(lift('email', hash, known, { at: clock.now(), by: by(), note: reason }));
      return known;
    }),
  show: (target, address) =>
    withTarget(target, async ({ table }) => {
      const hash = hashOf(address);
      const [suppressed, allowed] = await Promise.all([
        loadSuppression(table, 'email', hash),
        loadLifted(table, 'email', hash),
      ]);
      return { suppressed, allowed };
    }),
  list: (target, each) =>
    withTarget(target, async ({ table }) => {
      for await (const one of suppressions(table)) each(await named(one, table));
    }),
});

/** The address itself stands with the contact who has it, and nowhere else. */
async function named(one: Listed, table: Table): Promise<ListedAddress> {
  const owner = ownerOf(await table.get(identityKey(one.kind, one.hash)));
  const profile = owner === undefined ? undefined : await loadProfile(table, owner);
  const address = profile?.identities.email;
  return { ...one, ...(address !== undefined && emailHash(address) === one.hash && { address }) };
}
