import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Json, Key, Row } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { sameJson } from './apply.ts';
import { Transactions } from './transactions.ts';

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
 * The change feed that stands for DynamoDB streams on the laptop. Entries are part of the transaction of the change, so
 * that a killed process neither loses nor invents one. What is trimmed before the transaction is committed never reaches
 * the file; its numbers are used up all the same.
 */
export class SqliteFeed {
  readonly #prefixes: readonly KeyPrefix[];
  readonly #append: StatementSync;
  readonly #read: StatementSync;
  readonly #trim: StatementSync;
  readonly #lastGiven: StatementSync;
  readonly #useUp: StatementSync;
  /** Entries that are not in the file yet. */
  #held: FeedEntry[] = [];
  /** Whether the file may have entries. */
  #inFile = true;
  #last = 0;
  #lastInFile = 0;
  #told = 0;

  constructor(db: DatabaseSync, prefixes: readonly KeyPrefix[]) {
    db.exec(SCHEMA);
    this.#prefixes = prefixes;
    this.#append = db.prepare(
      'INSERT INTO feed (sequence, at, pk, sk, before, after, expired) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#read = db.prepare('SELECT * FROM feed WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#trim = db.prepare('DELETE FROM feed WHERE sequence <= ?');
    this.#lastGiven = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'feed'");
    this.#useUp = db.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'feed'");
    // So that there is a row to update.
    if (this.#lastGiven.get() === undefined) db.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('feed', 0)");
    new Transactions(db).watch({
      begun: () => this.#begin(),
      flush: () => this.#flush(),
      rolledBack: () => this.#begin(),
    });
    this.#begin();
  }

  /** Called by the table inside its transaction, when a row has changed. What the reader would see no change in is left out. */
  append(key: Key, at: Instant, { before, after, expired }: Images): void {
    const prefix = this.#prefixes.find((p) => key.pk.startsWith(p.pk) && key.sk.startsWith(p.sk));
    if (!prefix) return;
    this.#told += 1;
    const [was, is] = [seen(before, prefix.sees), seen(after, prefix.sees)];
    if (sameJson(was, is)) return;
    this.#last += 1;
    const { pk, sk } = key;
    this.#held.push({ sequence: this.#last, at, key: { pk, sk }, before: was, after: is, expired });
  }

  /** Changes told of by this process since it was last asked, those that were left out too: a stream would carry them. */
  takeTold(): number {
    const told = this.#told;
    this.#told = 0;
    return told;
  }

  /** The oldest entries after this sequence number (0: from the start), in order. */
  read(after: number, limit: number): FeedEntry[] {
    const stored = this.#inFile ? this.#read.all(after, limit).map(entryOf) : [];
    if (after === 0 && stored.length === 0) this.#inFile = false;
    const held = this.#held.filter(({ sequence }) => sequence > after);
    return [...stored, ...held.slice(0, limit - stored.length)];
  }

  /** Forgets the entries up to this sequence number, itself included. */
  trim(upTo: number): void {
    if (this.#inFile) this.#trim.run(upTo);
    this.#held = this.#held.filter(({ sequence }) => sequence > upTo);
  }

  /** Another process may have written since. */
  #begin(): void {
    this.#held = [];
    this.#inFile = true;
    this.#last = Number(this.#lastGiven.get()?.['seq'] ?? 0);
    this.#lastInFile = this.#last;
  }

  #flush(): void {
    for (const { sequence, at, key, before, after, expired } of this.#held)
      this.#append.run(sequence, at, key.pk, key.sk, textOf(before), textOf(after), expired ? 1 : 0);
    if (this.#held.length > 0) this.#inFile = true;
    else if (this.#last > this.#lastInFile) this.#useUp.run(this.#last);
    this.#held = [];
    this.#lastInFile = this.#last;
  }
}

/** The row, or what is seen of it. */
function seen(row: Row | undefined, sees: readonly string[] | undefined): Row | undefined {
  if (!row || !sees) return row;
  const image: Key & { [name: string]: Json } = { pk: row.pk, sk: row.sk };
  for (const name of sees) {
    const value = row[name];
    if (value !== undefined) image[name] = value;
  }
  return image;
}

function textOf(row: Row | undefined): string | null {
  if (!row) return null;
  const { pk: _, sk: __, ...rest } = row;
  return JSON.stringify(rest);
}

function entryOf(found: Readonly<Record<string, unknown>>): FeedEntry {
  const key = { pk: String(found['pk']), sk: String(found['sk']) };
  return {
    sequence: Number(found['sequence']),
    at: String(found['at']),
    key,
    before: image(key, found['before']),
    after: image(key, found['after']),
    expired: found['expired'] === 1,
  };
}

const image = (key: Key, body: unknown): Row | undefined =>
  typeof body === 'string' ? { ...key, ...JSON.parse(body) } : undefined;
