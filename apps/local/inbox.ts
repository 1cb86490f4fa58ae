import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { Mail, Mailer } from '#shared/ports.ts';
import type { LocalBus } from './bus.ts';
import type { VirtualClock } from './clock.ts';
import { type MailEntry, Mails } from './mails.ts';
import { SES_KINDS, type SesKind, sesEntry } from './ses-events.ts';

export type EngagementKind = 'Open' | 'Click' | 'Bounce' | 'Complaint';
/** What follows a mail outside of the mailbox: its reader unsubscribes, or buys. */
export const ACTS = ['unsubscribe', 'purchase'] as const;
export type Act = (typeof ACTS)[number];
/** How somebody answers a mail: what, and how long after it was sent. Without any it is delivered and stays unread. */
export type Engagement = readonly { readonly after: number; readonly kind: EngagementKind | 'Delivery' | Act }[];

export type InboxOptions = {
  readonly db: DatabaseSync;
  readonly clock: VirtualClock;
  readonly bus: LocalBus;
  readonly count: (mails: number) => void;
  readonly engage?: (mail: Mail) => Engagement;
  /** Does what follows a mail outside of the mailbox. */
  readonly act?: (act: Act, mail: MailEntry) => Promise<void>;
  /** Mails kept whole; of older ones the list entry stays. */
  readonly keep: number;
};

const DELIVERED: Engagement = [{ after: 2000, kind: 'Delivery' }];
const kindSchema = z.enum([...SES_KINDS, ...ACTS]);
const isAct = (kind: SesKind | Act): kind is Act => kind === 'unsubscribe' || kind === 'purchase';

/**
 * The mailbox that stands where SES stands: it takes every mail, keeps it to be read, and tells the default bus what
 * becomes of it in SES's own words.
 */
export class Inbox implements Mailer {
  readonly mails: Mails;
  readonly #options: InboxOptions;
  readonly #transactions: Transactions;
  readonly #promise: StatementSync;
  readonly #promised: StatementSync;
  readonly #kept: StatementSync;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#transactions = new Transactions(options.db);
    this.mails = new Mails(options.db, options.keep);
    options.db.exec(`
      CREATE TABLE IF NOT EXISTS mail_answers (
        n INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL, due INTEGER NOT NULL, kind TEXT NOT NULL
      ) STRICT;
    `);
    this.#promise = options.db.prepare('INSERT INTO mail_answers (mail, due, kind) VALUES (?, ?, ?)');
    this.#promised = options.db.prepare('SELECT mail, kind FROM mail_answers WHERE n = ?');
    this.#kept = options.db.prepare('DELETE FROM mail_answers WHERE n = ?');
    this.resume();
  }

  async send(mail: Mail): Promise<{ id: string }> {
    const { clock, count, engage } = this.#options;
    count(1);
    // At once: a mail that is taken has its answers, even if the process is killed here.
    return this.#transactions.run(() => {
      const id = this.mails.add(mail, clock.now());
      this.#later(id, [{ after: 0, kind: 'Send' }, ...(engage?.(mail) ?? DELIVERED)]);
      return { id };
    });
  }

  /** Arms what had been promised before a restart. */
  resume(): void {
    for (const row of this.#options.db.prepare('SELECT n, due FROM mail_answers').all())
      this.#arm(Number(row['n']), Number(row['due']));
  }

  /** What a person does with a mail in the inbox page. False when there is no such mail. */
  async act(id: string, kind: EngagementKind): Promise<boolean> {
    return this.#tell(id, kind);
  }

  #later(id: string, answers: readonly { after: number; kind: SesKind | Act }[]): void {
    const { clock } = this.#options;
    for (const { after, kind } of answers) {
      const due = clock.millis() + after;
      this.#arm(Number(this.#promise.run(id, due, kind).lastInsertRowid), due);
    }
  }

  #arm(n: number, due: number): void {
    this.#options.clock.atMillis(due, () => void this.#options.clock.run(() => this.#answer(n)));
  }

  async #answer(n: number): Promise<void> {
    const row = this.#promised.get(n);
    if (!row) return;
    const kind = kindSchema.parse(row['kind']);
    if (isAct(kind)) await this.#act(String(row['mail']), kind);
    else await this.#tell(String(row['mail']), kind);
    this.#kept.run(n);
  }

  async #act(id: string, act: Act): Promise<void> {
    const found = this.mails.find(id);
    if (found) await this.#options.act?.(act, found.entry);
  }

  async #tell(id: string, kind: SesKind): Promise<boolean> {
    const mail = this.mails.entry(id);
    if (mail) await this.#options.bus.put([sesEntry(mail, kind, this.#options.clock.now())]);
    return mail !== undefined;
  }
}
