import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Which of so many shards a text belongs to: spreads what would else crowd into one partition. */
export function shardOf(text: string, shards: number): number {
  // Derived ids are hashes already: their first digits are as good as hashing them again.
  const known = /^[0-9a-f]{32}$/.test(text) ? Number.parseInt(text.slice(0, 8), 16) : undefined;
  const number = known ?? new DataView(sha256(utf8ToBytes(text)).buffer).getUint32(0);
  return number % shards;
}
