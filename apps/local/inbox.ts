import type { DatabaseSync } from 'node:sqlite';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { BusEntry, Mail, Mailer } from '#shared/ports.ts';
import { linksOf } from '#shared/template/link-names.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { ACTS, type Act, Answers } from './answers.ts';
import type { LocalBus } from './bus.ts';
import type { VirtualClock } from './clock.ts';
import { type MailEntry, Mails } from './mails.ts';
import { APPLES_PROXY, type Link, type Program, type SesKind, SOME_BROWSER, sesEntry } from './ses-events.ts';

export type EngagementKind = 'Open' | 'Click' | 'Bounce' | 'Complaint' | Program;
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

/** All links of a mail but those of its own: the way out, the preferences, the view in the browser. */
export const clickable = (mail: Mail | undefined): readonly Link[] =>
  linksOf(mail?.html ?? '').filter(({ href }) => !/\/[upv]\/[^/]+$/.test(href));

/** So soon after a mail was sent a gateway follows its links. */
const SCANS_AFTER = 500;
const DELIVERED: Engagement = [{ after: 2000, kind: 'Delivery' }];
/** A mail to the shop's own people, whom nobody plays: a report to an author, a call to a colleague, or a test. */
export const isReport = ({ tags }: Pick<Mail, 'tags'>): boolean => tags['report'] !== undefined;
export const isCall = ({ tags }: Pick<Mail, 'tags'>): boolean => tags['call'] !== undefined;
export const isTest = ({ tags }: Pick<Mail, 'tags'>): boolean => tags['test'] !== undefined;
export const isOwn = (mail: Pick<Mail, 'tags'>): boolean => isReport(mail) || isCall(mail) || isTest(mail);
const isAct = (kind: SesKind | Program | Act): kind is Act => ACTS.some((act) => act === kind);

/**
 * The mailbox that stands where SES stands: it takes every mail, keeps it to be read, and tells the default bus what
 * becomes of it in SES's own words.
 */
export class Inbox implements Mailer {
  readonly mails: Mails;
  readonly #options: InboxOptions;
  readonly #transactions: Transactions;
  readonly #answers: Answers;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#transactions = new Transactions(options.db);
    this.mails = new Mails(options.db, options.keep);
    this.#answers = new Answers(options.db);
    this.resume();
  }

  async send(mail: Mail): Promise<{ id: string }> {
    const { clock, count, engage } = this.#options;
    count(1);
    // At once: a mail that is taken has its answers, even if the process is killed here.
    return this.#transactions.join(() => {
      const id = this.mails.add(mail, clock.now());
      this.#later(id, [{ after: 0, kind: 'Send' }, ...((isOwn(mail) ? undefined : engage?.(mail)) ?? DELIVERED)]);
      return { id };
    });
  }

  /** Arms what had been promised before a restart. */
  resume(): void {
    for (const { n, due } of this.#answers.open()) this.#arm(n, due);
  }

  /** What a person does with a mail in the inbox page. False when there is no such mail. */
  async act(id: string, kind: EngagementKind, link?: string): Promise<boolean> {
    return this.#tell(id, kind, link);
  }

  #later(id: string, answers: readonly { after: number; kind: SesKind | Program | Act }[]): void {
    const { clock } = this.#options;
    for (const { after, kind } of answers) {
      const due = clock.millis() + after;
      this.#arm(this.#answers.promise({ mail: id, due, kind }), due);
    }
  }

  #arm(n: number, due: number): void {
    this.#options.clock.atMillis(due, () => void this.#options.clock.run(() => this.#answer(n)));
  }

  async #answer(n: number): Promise<void> {
    const answer = this.#answers.find(n);
    if (!answer) return;
    const { mail, kind } = answer;
    if (isAct(kind)) await this.#act(mail, kind);
    else await this.#tell(mail, kind);
    this.#answers.keep(n);
  }

  async #act(id: string, act: Act): Promise<void> {
    const found = this.mails.find(id);
    if (found) await this.#options.act?.(act, found.entry);
  }

  /** A click is on the link that is named or addressed so, or else on the first. */
  async #tell(id: string, kind: SesKind | Program, named?: string): Promise<boolean> {
    const mail = this.mails.entry(id);
    if (mail) await this.#options.bus.put(this.#wordsOf(mail, kind, named));
    return mail !== undefined;
  }

  #wordsOf(mail: MailEntry, kind: SesKind | Program, named: string | undefined): BusEntry[] {
    const now = this.#options.clock.now();
    if (kind === 'ProxyOpen') return [sesEntry(mail, 'Open', now, { userAgent: APPLES_PROXY })];
    const links = kind === 'Click' || kind === 'Scan' ? clickable(this.mails.find(mail.id)?.mail) : [];
    if (kind !== 'Scan')
      return [
        sesEntry(mail, kind, now, { link: links.find(({ name, href }) => named === (name ?? href)) ?? links[0] }),
      ];
    // A gateway looks through a mail before it hands it on, whenever somebody presses the button.
    const arrives = plusMillis(mail.at, SCANS_AFTER);
    const followed = links.length > 0 ? links : [undefined];
    return followed.map((link, i) =>
      sesEntry(mail, 'Click', plusMillis(arrives, i * 100), { link, userAgent: SOME_BROWSER }),
    );
  }
}
