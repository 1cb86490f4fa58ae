import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import { loadListed } from '#shared/store/profiles.ts';
import type { IndexEntry, Table } from '#shared/store/table.ts';

const PAGE = 100;

/**
 * Every passage that is inside, found by looking at each contact: exact, and one read a contact and a passage. `journey`: only
 * those of this one. `seen` is told how many contacts have been looked at.
 */
export async function* everyPassage(
  table: Table,
  {
    journey,
    seen = () => {},
  }: { readonly journey?: string | undefined; readonly seen?: (contacts: number) => void } = {},
): AsyncGenerator<Enrolment> {
  let looked = 0;
  for (let shard = 0; shard < DIRECTORY_SHARDS; shard += 1) {
    for await (const profiles of pagesOf(shard, table)) {
      yield* await passagesOf(profiles, journey, table);
      looked += profiles.length;
      seen(looked);
    }
  }
}

async function* pagesOf(shard: number, table: Table): AsyncGenerator<Profile[]> {
  let after: IndexEntry | undefined;
  do {
    const page: IndexEntry[] = await table.queryIndex({
      index: 'directory',
      pk: dirShard(shard),
      limit: PAGE,
      ...(after && { after }),
    });
    const contacts = page.flatMap((entry) => contactOf(entry) ?? []);
    const profiles = await Promise.all(contacts.map((contact) => loadListed(table, contact)));
    yield profiles.flatMap((profile) => profile ?? []);
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after);
}

async function passagesOf(
  profiles: readonly Profile[],
  journey: string | undefined,
  table: Table,
): Promise<Enrolment[]> {
  const refs = profiles
    .flatMap(({ contact, inside }) => Object.keys(inside).map((name) => refOfName(contact, name)))
    .filter((ref) => journey === undefined || ref.journey === journey);
  return refs.length === 0 ? [] : loadEnrolments(table, refs);
}
