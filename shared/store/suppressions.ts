import type { Instant } from '#shared/time/instant.ts';
import { identityKey, suppressionKey } from './keys.ts';
import { ownerOf } from './profiles.ts';
import type { Table, Write } from './table.ts';

/** Nothing is sent to this address any more. The first reason stays. */
export const suppress = (kind: string, hash: string, reason: string, at: Instant): Write => ({
  kind: 'update',
  key: suppressionKey(kind, hash),
  change: {
    setIfAbsent: [
      [['v'], 1],
      [['reason'], reason],
      [['at'], at],
    ],
  },
});

/** Holds a decision to the address's not being suppressed. */
export const checkNotSuppressed = (kind: string, hash: string): Write => ({
  kind: 'check',
  key: suppressionKey(kind, hash),
  if: { absent: true },
});

export const isSuppressed = async (table: Table, kind: string, hash: string): Promise<boolean> =>
  (await table.get(suppressionKey(kind, hash))) !== undefined;

/** What stands against writing to an address: whether it is suppressed, and who has it. */
export async function askAddress(
  table: Table,
  kind: string,
  hash: string,
): Promise<{ suppressed: boolean; owner: string | undefined }> {
  const [suppression, identity] = await table.batchGet([suppressionKey(kind, hash), identityKey(kind, hash)]);
  return { suppressed: suppression !== undefined, owner: ownerOf(identity) };
}
