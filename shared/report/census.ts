import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import { loadListed } from '#shared/store/profiles.ts';
import type { IndexEntry, Table } from '#shared/store/table.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';

/** Who stands at a step of a version now. */
export type Standing = {
  readonly journey: string;
  readonly version: number;
  /** `''` before the first turn. */
  readonly step: string;
  readonly contacts: number;
  /** Since when the one who has stood here longest does. */
  readonly since: Instant;
};

const PAGE = 100;

/**
 * Where everybody is: counted by looking at each contact, so it is exact and takes one read a contact. `seen` is told how
 * many contacts have been looked at.
 */
export async function census(table: Table, seen: (contacts: number) => void = () => {}): Promise<Standing[]> {
  const standings = new Map<string, Standing>();
  let looked = 0;
  for (let shard = 0; shard < DIRECTORY_SHARDS; shard += 1) {
    for await (const profiles of pagesOf(shard, table)) {
      for (const passage of await passagesOf(profiles, table)) count(standings, passage);
      looked += profiles.length;
      seen(looked);
    }
  }
  return [...standings.values()].sort(inOrder);
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

async function passagesOf(profiles: readonly Profile[], table: Table): Promise<Enrolment[]> {
  const refs = profiles.flatMap(({ contact, inside }) => Object.keys(inside).map((name) => refOfName(contact, name)));
  return refs.length === 0 ? [] : loadEnrolments(table, refs);
}

function count(standings: Map<string, Standing>, { journey, version, cursor, entered }: Enrolment): void {
  const step = cursor?.step ?? '';
  const began = cursor?.began ?? entered;
  const name = JSON.stringify([journey, version, step]);
  const { contacts = 0, since = began } = standings.get(name) ?? {};
  standings.set(name, { journey, version, step, contacts: contacts + 1, since: earlierOf(since, began) });
}

const inOrder = (a: Standing, b: Standing): number =>
  a.journey === b.journey ? b.version - a.version || (a.step < b.step ? -1 : 1) : a.journey < b.journey ? -1 : 1;
