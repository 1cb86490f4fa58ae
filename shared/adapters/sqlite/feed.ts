import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Key, Row } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';

/** One change of one row, as a DynamoDB stream tells it. A missing image: the row was not there before, or is not now. */
export type FeedEntry = {
  /** Grows with each entry and is never used again, also after a trim. */
  readonly sequence: number;
  readonly at: Instant;
  readonly key: Key;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** The row left because it had expired, not because somebody deleted it. */
  readonly expired: boolean;
};

/** Rows whose keys begin so are told of. */
export type KeyPrefix = {
  readonly pk: string;
  readonly sk: string;
  /** Attributes that the reader looks at; images have no others. Without it they have all. */
  readonly sees?: readonly string[];
};

type Images = { readonly before: Row | undefined; readonly after: Row | undefined; readonly expired: boolean };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS feed (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    before TEXT,
    after TEXT,
    expired INTEGER NOT NULL
  ) STRICT;
`;

/**
 * The change feed that stands for DynamoDB streams on the laptop. Entries are appended in the transaction of the change
 * itself, so that a killed process neither loses nor invents one.
 */
export class SqliteFeed {
  readonly #prefixes: readonly KeyPrefix[];
  readonly #append: StatementSync;
  readonly #read: StatementSync;
  readonly #trim: StatementSync;
  #told = 0;

  constructor(db: DatabaseSync, prefixes: readonly KeyPrefix[]) {
    db.exec(SCHEMA);
    this.#prefixes = prefixes;
    this.#append = db.prepare('INSERT INTO feed (at, pk, sk, before, after, expired) VALUES (?, ?, ?, ?, ?, ?)');
    this.#read = db.prepare('SELECT * FROM feed WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#trim = db.prepare('DELETE FROM feed WHERE sequence <= ?');
  }

  /** Called by the table inside its transaction, when a row has changed. What the reader would see no change in is left out. */
  append(key: Key, at: Instant, { before, after, expired }: Images): void {
    const prefix = this.#prefixes.find((p) => key.pk.startsWith(p.pk) && key.sk.startsWith(p.sk));
    if (!prefix) return;
    this.#told += 1;
    const [was, is] = [textOf(before, prefix.sees), textOf(after, prefix.sees)];
    if (was !== is) this.#append.run(at, key.pk, key.sk, was, is, expired ? 1 : 0);
  }

  /** Changes told of by this process since it was last asked, those that were left out too: a stream would carry them. */
  takeTold(): number {
    const told = this.#told;
    this.#told = 0;
    return told;
  }

  /** The oldest entries after this sequence number (0: from the start), in order. */
  read(after: number, limit: number): FeedEntry[] {
    return this.#read.all(after, limit).map((found) => {
      const key = { pk: String(found['pk']), sk: String(found['sk']) };
      return {
        sequence: Number(found['sequence']),
        at: String(found['at']),
        key,
        before: image(key, found['before']),
        after: image(key, found['after']),
        expired: found['expired'] === 1,
      };
    });
  }

  /** Forgets the entries up to this sequence number, itself included. */
  trim(upTo: number): void {
    this.#trim.run(upTo);
  }
}

/** The row without its key, or what is seen of it. */
function textOf(row: Row | undefined, sees: readonly string[] | undefined): string | null {
  if (!row) return null;
  if (sees) return JSON.stringify(Object.fromEntries(sees.map((name) => [name, row[name]])));
  const { pk: _, sk: __, ...rest } = row;
  return JSON.stringify(rest);
}

const image = (key: Key, body: unknown): Row | undefined =>
  typeof body === 'string' ? { ...key, ...JSON.parse(body) } : undefined;
