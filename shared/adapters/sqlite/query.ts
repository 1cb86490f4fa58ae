import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexRange, Range } from '#shared/store/table.ts';

/** The least text greater than all that begin with the prefix, by code point; undefined where there is none. */
function textAfter(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    // Surrogates are no characters: U+E000 follows U+D7FF.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

/** A statement and what is bound to it. */
type Bound = { readonly sql: string; readonly values: readonly (string | number)[] };

/** `nowSeconds` leaves out what has expired. The limit counts what is left. */
export function rangeSql({ pk, prefix, from, to, reverse, limit }: Range, nowSeconds: number): Bound {
  if (prefix !== undefined && (from !== undefined || to !== undefined))
    throw new Error('a range by prefix has no other bounds');
  const upper = prefix === undefined ? to : textAfter(prefix);
  const below = prefix === undefined ? '<=' : '<';
  return {
    sql: `SELECT id, sk, body, size FROM rows WHERE pk = ? AND sk >= ? ${upper === undefined ? '' : `AND sk ${below} ?`}
      AND (expires IS NULL OR expires > ?) ORDER BY sk ${reverse ? 'DESC' : 'ASC'} LIMIT ?`,
    // A negative limit is none to SQLite.
    values: [pk, prefix ?? from ?? '', ...(upper === undefined ? [] : [upper]), nowSeconds, limit ?? -1],
  };
}

/** Entries of expired rows come too, until the rows are deleted: an index knows the keys only. */
export function indexSql({ index, pk, to, after, limit }: IndexRange): Bound {
  const { partition, sort, order } = index === 'due' ? DUE : DIRECTORY;
  const start = after === undefined ? [] : index === 'due' ? [after.sort, after.pk, after.sk] : [after.pk, after.sk];
  return {
    sql: `SELECT pk, sk, ${sort} AS sort FROM rows WHERE ${partition} = ? AND ${sort} IS NOT NULL
      ${to === undefined ? '' : `AND ${sort} <= ?`}
      ${after === undefined ? '' : `AND (${order}) > (${start.map(() => '?').join(', ')})`}
      ORDER BY ${order} LIMIT ?`,
    values: [pk, ...(to === undefined ? [] : [to]), ...start, limit],
  };
}

const DUE = { partition: 'duePk', sort: 'due', order: 'due, pk, sk' };
const DIRECTORY = { partition: 'dirPk', sort: 'pk', order: 'pk, sk' };

/** The shards that have an entry in the due index, found by hopping from one to the next. */
export const SHARDS_DUE = `
  WITH RECURSIVE shard (pk) AS (
    SELECT min(duePk) FROM rows WHERE duePk IS NOT NULL AND due IS NOT NULL
    UNION ALL
    SELECT (SELECT min(duePk) FROM rows WHERE duePk > shard.pk AND due IS NOT NULL) FROM shard WHERE shard.pk IS NOT NULL
  )
  SELECT pk FROM shard WHERE pk IS NOT NULL`;

const FIRST_OF_SHARD = 'SELECT due FROM rows WHERE duePk = ? AND due IS NOT NULL';

/** The smallest `due` of a shard, and that of its rows that have not expired. */
export const FIRST_DUE = `
  SELECT (${FIRST_OF_SHARD} ORDER BY due LIMIT 1) AS first,
    (${FIRST_OF_SHARD} AND (expires IS NULL OR expires > ?) ORDER BY due LIMIT 1) AS alive`;

/** Statements by their text, each prepared once. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  of(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}
