import { basename } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { introduce } from '#apps/cli/replay/introduce.ts';
import type { Derived, Subject } from '#apps/cli/replay/source.ts';
import { COLUMNS, type Staging, stagedRowSchema } from '#apps/cli/replay/staging.ts';
import { type Event, eventSchema } from '#shared/event/event.ts';

type Taken = Extract<Derived, { readonly event: Event }>;

const INSERT =
  'INSERT INTO temp.drafts (id, at, place, type, event) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';

/** Takes in what a source made of its rows: events that hold water, and rows that go aside. */
export class Drafts<R extends Subject> {
  /** Rows that went into events. */
  used = 0;
  readonly #staging: Staging<R>;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #isTaken: StatementSync;
  /** The contact whose first event has been taken. */
  #introduced: string | undefined;
  /** The contact for whom it has been told what went before. */
  #preceded: string | undefined;

  constructor(staging: Staging<R>) {
    this.#staging = staging;
    this.#insert = staging.db.prepare(INSERT);
    this.#find = staging.db.prepare(`SELECT ${COLUMNS} FROM temp.staged WHERE place = ?`);
    this.#isTaken = staging.db.prepare('SELECT 1 FROM temp.drafts WHERE id = ?');
  }

  take(contact: string, derived: Derived): void {
    if ('reject' in derived) this.#reject(derived.rows, derived.reject);
    else {
      const refused = this.#takeEvent(contact, derived);
      if (refused === undefined) this.used += derived.uses.length;
      else this.#reject(derived.uses, refused);
    }
  }

  /** Why the event is not kept; undefined when it is. */
  #takeEvent(contact: string, { event, place, before }: Taken): string | undefined {
    const whole = this.#whole(contact, event);
    if (!whole) return 'bad-event';
    const first = this.#preceded === contact ? undefined : before;
    const follows = first !== undefined && this.#precede(contact, event.id, first, place);
    // What goes before has introduced the contact, so this event need not.
    const kept = this.#keep(contact, follows ? (this.#whole(contact, event) ?? whole) : whole, place);
    // An id that another contact's rows have taken would be lost as a repetition later on.
    return kept ? undefined : 'key-is-taken';
  }

  /** Keeps what goes before an event, unless the event itself is not kept. */
  #precede(contact: string, id: string, before: () => Event, place: number): boolean {
    if (this.#isTaken.get(id)) return false;
    this.#preceded = contact;
    const whole = this.#whole(contact, before());
    return whole !== undefined && this.#keep(contact, whole, place);
  }

  /** The event as it is to be kept; undefined when it does not hold water. */
  #whole(contact: string, event: Event): Event | undefined {
    const { source, topics } = this.#staging;
    const whole = this.#introduced === contact ? event : introduce(event, contact, source, topics);
    return eventSchema.safeParse(whole).data;
  }

  #keep(contact: string, event: Event, place: number): boolean {
    const kept = this.#insert.run(event.id, event.at, place, event.type, JSON.stringify(event)).changes === 1;
    if (kept) this.#introduced = contact;
    return kept;
  }

  #reject(places: readonly number[], reason: string): void {
    for (const place of places) {
      const row = stagedRowSchema.parse(this.#find.get(place));
      const reader = this.#staging.readers[row.input];
      if (!reader) throw new RangeError(`no input ${row.input}`);
      const file = basename(reader.input.file);
      this.#staging.rejected.add({ file, row: row.number, reason, raw: reader.rawOf(row.cells) });
    }
  }
}
