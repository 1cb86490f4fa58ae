import type { Profile } from '#shared/contact/profile.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import { loadListed } from '#shared/store/profiles.ts';
import { shardOf } from '#shared/store/shards.ts';
import type { IndexEntry, Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** Steps over so many shards, so that those of one day lie apart; prime to their number, so that all are reached. */
const STRIDE = 97;
/** Shards that are asked at a time. */
const AT_ONCE = 16;
const PAGE = 100;

/**
 * Some contacts of the directory, by chance and the same for a whole day: contacts lie in the shard of their hash, and the
 * day says with which shard it begins. `contacts`: how many there are, as the counters know it; `most`: how many are wanted.
 */
export async function* sampled(
  table: Table,
  { contacts, most, now }: { readonly contacts: number; readonly most: number; readonly now: Instant },
): AsyncGenerator<readonly Profile[]> {
  const first = shardOf(now.slice(0, 10), DIRECTORY_SHARDS);
  const each = Math.max(1, Math.ceil(contacts / DIRECTORY_SHARDS));
  let left = contacts === 0 ? 0 : most;
  for (let asked = 0; asked < DIRECTORY_SHARDS && left > 0; ) {
    // No more than will do, as far as anybody can tell.
    const wanted = Math.min(AT_ONCE, DIRECTORY_SHARDS - asked, Math.ceil(left / each));
    const shards = Array.from({ length: wanted }, (_, i) => (first + (asked + i) * STRIDE) % DIRECTORY_SHARDS);
    for await (const page of pagesOf(table, shards)) {
      const some = page.slice(0, left);
      left -= some.length;
      if (some.length > 0) yield some;
      if (left === 0) return;
    }
    asked += wanted;
  }
}

/** The shards' first pages together, and then those shards that have more. */
async function* pagesOf(table: Table, shards: readonly number[]): AsyncGenerator<Profile[]> {
  const ask = async (shard: number, after: IndexEntry | undefined) => {
    const page = await table.queryIndex({
      index: 'directory',
      pk: dirShard(shard),
      limit: PAGE,
      ...(after && { after }),
    });
    const profiles = await Promise.all(page.map((entry) => loadListed(table, contactOf(entry) ?? '')));
    return { shard, profiles, last: page.length === PAGE ? page.at(-1) : undefined };
  };
  let found = await Promise.all(shards.map((shard) => ask(shard, undefined)));
  while (found.length > 0) {
    yield found.flatMap(({ profiles }) => profiles.flatMap((profile) => profile ?? []));
    const more = found.filter(({ last }) => last !== undefined);
    found = await Promise.all(more.map(({ shard, last }) => ask(shard, last)));
  }
}
