import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { type IdentityRef, identitiesOf, surely } from '#shared/contact/identity.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isSame, isTheirs } from '#shared/contact/whose.ts';
import { contactId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';

const TABLES = `
  DROP TABLE IF EXISTS temp.owners;
  DROP TABLE IF EXISTS temp.contacts;
  CREATE TEMP TABLE owners (hash TEXT PRIMARY KEY, contact INTEGER) WITHOUT ROWID;
  CREATE TEMP TABLE contacts (contact INTEGER PRIMARY KEY, id TEXT, named INTEGER, root INTEGER);
  CREATE INDEX temp.merged ON contacts (root) WHERE root <> contact;`;

/** What names a person, as bits: all that has to be known of a contact to say whose an event is. */
const BITS = { externalId: 1, email: 2, phone: 4 } as const;
const STRONG = ['externalId', 'email', 'phone'] as const;

const ownerSchema = z.object({ contact: z.int(), id: z.string(), named: z.int() });
/** `contact`: a number, 1 for the first that came. `id`: what the contact is called in a shop that hears these events. */
export type Owner = z.infer<typeof ownerSchema>;

/** Whose events are, as `enrol` decides it, for more contacts than memory holds. Events come in order of time. */
export class Owners {
  readonly #find: StatementSync;
  readonly #claim: StatementSync;
  readonly #add: StatementSync;
  readonly #name: StatementSync;
  readonly #merge: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(TABLES);
    this.#find = db.prepare(
      `SELECT r.contact, r.id, r.named FROM temp.owners JOIN temp.contacts c USING (contact)
       JOIN temp.contacts r ON r.contact = c.root WHERE hash = ?`,
    );
    this.#claim = db.prepare('INSERT OR IGNORE INTO temp.owners VALUES (?, ?)');
    this.#add = db.prepare(
      `INSERT INTO temp.contacts
       SELECT coalesce(max(contact), 0) + 1, ?, 0, coalesce(max(contact), 0) + 1 FROM temp.contacts`,
    );
    this.#count = db.prepare('SELECT count(*) AS n FROM temp.contacts WHERE root = contact');
    this.#merge = db.prepare(
      'UPDATE temp.contacts SET root = :into WHERE contact = :from OR (root = :from AND root <> contact)',
    );
    this.#name = db.prepare('UPDATE temp.contacts SET named = ? WHERE contact = ?');
  }

  of(event: Event): Owner {
    const named = identitiesOf(surely(event));
    const known = named.map(({ hash }) => this.#ownerOf(hash));
    const found = known.find((one, i) => one && isTheirs(profileOf(one), named[i]?.kind ?? 'device', named));
    const owner = found ? this.#joined(found, known, named) : this.#make(event);
    for (const { hash } of named.filter((_, i) => known[i] === undefined)) this.#claim.run(hash, owner.contact);
    const bits = STRONG.reduce((sum, kind) => sum | (event.identities[kind] === undefined ? 0 : BITS[kind]), 0);
    if ((owner.named | bits) !== owner.named) this.#name.run(owner.named | bits, owner.contact);
    return owner;
  }

  /** The oldest of those who turn out to be one: all that the others have done is theirs. */
  #joined(found: Owner, known: readonly (Owner | undefined)[], named: readonly IdentityRef[]): Owner {
    let owner = found;
    for (const [i, other] of known.entries()) {
      const kind = named[i]?.kind;
      if (!other || !kind || other.contact === owner.contact || other.contact === found.contact) continue;
      if (!isSame(profileOf(owner), profileOf(other), kind, named)) continue;
      const [into, from] = owner.contact < other.contact ? [owner, other] : [other, owner];
      this.#merge.run({ into: into.contact, from: from.contact });
      owner = { ...into, named: into.named | from.named };
      this.#name.run(owner.named, owner.contact);
    }
    return owner;
  }

  /** How many contacts there are. */
  count(): number {
    return z.object({ n: z.int() }).parse(this.#count.get()).n;
  }

  #ownerOf(hash: string): Owner | undefined {
    const row = this.#find.get(hash);
    return row && ownerSchema.parse(row);
  }

  #make(event: Event): Owner {
    const id = contactId(event.id);
    return { contact: Number(this.#add.run(id).lastInsertRowid), id, named: 0 };
  }
}

const profileOf = ({ named }: Owner): Pick<Profile, 'identities'> => ({
  identities: Object.fromEntries(STRONG.flatMap((kind) => (named & BITS[kind] ? [[kind, 'known']] : []))),
});
