import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { Mail } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';

/** A mail as the list shows it. `n` counts from 1 in the order of sending. */
export type MailEntry = {
  readonly n: number;
  readonly id: string;
  readonly at: Instant;
  readonly to: string;
  readonly subject: string;
  readonly journey: string;
  readonly step: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type MailFilter = {
  readonly journey?: string | undefined;
  /** Part of the address, in either case of letters. */
  readonly to?: string | undefined;
};

/** Mails newest first, and from where the pages before and after go on; undefined where there is none. */
export type MailPage = {
  readonly entries: readonly MailEntry[];
  readonly newerThan: number | undefined;
  readonly olderThan: number | undefined;
};

const rowSchema = z.object({
  n: z.int(),
  id: z.string(),
  at: z.string(),
  to_address: z.string(),
  subject: z.string(),
  journey: z.string(),
  step: z.string(),
  tags: z.string(),
});
const tagsSchema = z.record(z.string(), z.string());
const mailSchema = z.object({
  from: z.string(),
  to: z.string(),
  replyTo: z.string().exactOptional(),
  subject: z.string(),
  html: z.string().exactOptional(),
  text: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  tags: tagsSchema,
});

const ENTRY = 'n, id, at, to_address, subject, journey, step, tags';
const MATCHES =
  '(:journey IS NULL OR journey = :journey) AND (:to IS NULL OR instr(lower(to_address), lower(:to)) > 0)';

/** Every mail that was handed over, and the newest of them whole. Written once the transaction is committed. */
export class Mails {
  readonly #db: DatabaseSync;
  readonly #keep: number;
  readonly #transactions: Transactions;
  readonly #insert: StatementSync;
  readonly #forget: StatementSync;
  readonly #entry: StatementSync;
  readonly #find: StatementSync;
  /** Those that are not in the file yet. */
  #held = new Map<string, { readonly entry: MailEntry; readonly mail: Mail }>();
  #stored: number;
  #forgotten = 0;

  /** `keep`: mails kept whole; of older ones the entry stays. */
  constructor(db: DatabaseSync, keep: number) {
    this.#db = db;
    this.#keep = keep;
    db.exec(`
      CREATE TABLE IF NOT EXISTS mails (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, to_address TEXT NOT NULL,
        subject TEXT NOT NULL, journey TEXT NOT NULL, step TEXT NOT NULL, tags TEXT NOT NULL, mail TEXT
      ) STRICT;
    `);
    this.#transactions = new Transactions(db);
    this.#insert = db.prepare(`INSERT INTO mails (${ENTRY}, mail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#forget = db.prepare('UPDATE mails SET mail = NULL WHERE n > ? AND n <= ? AND mail IS NOT NULL');
    this.#entry = db.prepare(`SELECT ${ENTRY} FROM mails WHERE id = ?`);
    this.#find = db.prepare(`SELECT ${ENTRY}, mail FROM mails WHERE id = ?`);
    this.#stored = this.#count();
    this.#transactions.watch({
      begun: () => {},
      flush: () => this.#flush(),
      rolledBack: () => {
        this.#held = new Map();
        this.#stored = this.#count();
      },
    });
  }

  /** Returns the id that the mail has from now on. */
  add(mail: Mail, at: Instant): string {
    this.#stored += 1;
    const n = this.#stored;
    const id = `local-${String(n).padStart(9, '0')}`;
    const { to, subject, tags } = mail;
    const { journey = '', step = '' } = tags;
    const entry = { n, id, at, to, subject, journey, step, tags };
    this.#transactions.join(() => this.#held.set(id, { entry, mail }));
    return id;
  }

  entry(id: string): MailEntry | undefined {
    const held = this.#held.get(id);
    if (held) return held.entry;
    const row = this.#entry.get(id);
    return row && entryOf(row);
  }

  /** A mail and, where it is still kept, what was handed over. */
  find(id: string): { readonly entry: MailEntry; readonly mail: Mail | undefined } | undefined {
    const held = this.#held.get(id);
    if (held) return held;
    const row = this.#find.get(id);
    if (!row) return undefined;
    const whole = row['mail'];
    return { entry: entryOf(row), mail: typeof whole === 'string' ? mailSchema.parse(JSON.parse(whole)) : undefined };
  }

  #count(): number {
    return Number(this.#db.prepare('SELECT coalesce(max(n), 0) AS n FROM mails').get()?.['n'] ?? 0);
  }

  #flush(): void {
    const last = this.#stored - this.#keep;
    for (const { entry, mail } of this.#held.values()) {
      const { n, id, at, to, subject, journey, step, tags } = entry;
      const whole = n > last ? JSON.stringify(mail) : null;
      this.#insert.run(n, id, at, to, subject, journey, step, JSON.stringify(tags), whole);
    }
    this.#held = new Map();
    if (last > this.#forgotten) this.#forget.run(this.#forgotten, last);
    this.#forgotten = Math.max(this.#forgotten, last);
  }

  /** At most `limit` mails: the newest, those before a number, or those next after it. */
  page(
    filter: MailFilter,
    limit: number,
    from: { before?: number | undefined; after?: number | undefined } = {},
  ): MailPage {
    this.#flush();
    const up = from.after !== undefined;
    const rows = this.#db
      .prepare(
        `SELECT ${ENTRY} FROM mails WHERE n ${up ? '>' : '<'} :bound AND ${MATCHES}
         ORDER BY n ${up ? 'ASC' : 'DESC'} LIMIT :limit`,
      )
      .all({ ...bound(filter), bound: from.after ?? from.before ?? Number.MAX_SAFE_INTEGER, limit });
    const found = rows.map(entryOf);
    const entries = up ? found.reverse() : found;
    return {
      entries,
      newerThan: this.#beyond(filter, '>', entries.at(0)),
      olderThan: this.#beyond(filter, '<', entries.at(-1)),
    };
  }

  total(filter: MailFilter = {}): number {
    this.#flush();
    const row = this.#db.prepare(`SELECT count(*) AS n FROM mails WHERE ${MATCHES}`).get(bound(filter));
    return Number(row?.['n'] ?? 0);
  }

  /** Journeys that have sent a mail, by name. */
  journeys(): readonly string[] {
    this.#flush();
    const rows = this.#db.prepare("SELECT DISTINCT journey FROM mails WHERE journey <> '' ORDER BY journey").all();
    return rows.map((row) => String(row['journey']));
  }

  #beyond(filter: MailFilter, side: '<' | '>', edge: MailEntry | undefined): number | undefined {
    if (!edge) return undefined;
    const sql = `SELECT 1 FROM mails WHERE n ${side} :bound AND ${MATCHES} LIMIT 1`;
    return this.#db.prepare(sql).get({ ...bound(filter), bound: edge.n }) ? edge.n : undefined;
  }
}

const bound = ({ journey, to }: MailFilter) => ({ journey: journey ?? null, to: to ?? null });

function entryOf(row: Record<string, SQLOutputValue>): MailEntry {
  const { to_address: to, tags, ...rest } = rowSchema.parse(row);
  return { ...rest, to, tags: tagsSchema.parse(JSON.parse(tags)) };
}
