import { contactOf, DIRECTORY_SHARDS, DUE_SHARDS, dirShard, dueShard } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Row, Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** How far a walk through an index is. */
type Part = { readonly part: number; readonly parts: number };

const PAGE = 100;

async function* pagesOf(range: Omit<IndexRange, 'limit' | 'after'>, table: Table): AsyncGenerator<IndexEntry[]> {
  let after: IndexEntry | undefined;
  do {
    const page: IndexEntry[] = await table.queryIndex({ ...range, limit: PAGE, ...(after && { after }) });
    yield page;
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after);
}

/** All rows that are due by then, page by page. */
export async function* dueOf(by: Instant, table: Table): AsyncGenerator<Part & { readonly rows: readonly Row[] }> {
  for (let part = 0; part < DUE_SHARDS; part += 1) {
    for await (const page of pagesOf({ index: 'due', pk: dueShard(part), to: by }, table)) {
      const rows = (await table.batchGet(page)).filter((row) => row !== undefined);
      yield { rows, part, parts: DUE_SHARDS };
    }
  }
}

/** All contacts, page by page. */
export async function* contactsOf(table: Table): AsyncGenerator<Part & { readonly contacts: readonly string[] }> {
  for (let part = 0; part < DIRECTORY_SHARDS; part += 1) {
    for await (const page of pagesOf({ index: 'directory', pk: dirShard(part) }, table))
      yield { contacts: page.flatMap((entry) => contactOf(entry) ?? []), part, parts: DIRECTORY_SHARDS };
  }
}
