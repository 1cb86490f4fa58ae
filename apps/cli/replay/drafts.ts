import { basename } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { introduce } from '#apps/cli/replay/introduce.ts';
import type { Derived, Subject } from '#apps/cli/replay/source.ts';
import { COLUMNS, type Staging, stagedRowSchema } from '#apps/cli/replay/staging.ts';
import { type Event, eventSchema } from '#shared/event/event.ts';

const INSERT =
  'INSERT INTO temp.drafts (id, at, place, type, event) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';

/** Takes in what a source made of its rows: events that hold water, and rows that go aside. */
export class Drafts<R extends Subject> {
  /** Rows that went into events. */
  used = 0;
  readonly #staging: Staging<R>;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  /** The contact whose first event has been taken. */
  #introduced: string | undefined;

  constructor(staging: Staging<R>) {
    this.#staging = staging;
    this.#insert = staging.db.prepare(INSERT);
    this.#find = staging.db.prepare(`SELECT ${COLUMNS} FROM temp.staged WHERE place = ?`);
  }

  take(contact: string, derived: Derived): void {
    if ('reject' in derived) this.#reject(derived.rows, derived.reject);
    else this.#takeEvent(contact, derived.event, derived.place, derived.uses);
  }

  #takeEvent(contact: string, event: Event, place: number, uses: readonly number[]): void {
    const { source, topics } = this.#staging;
    const whole = this.#introduced === contact ? event : introduce(event, contact, source, topics);
    const checked = eventSchema.safeParse(whole);
    if (!checked.success) this.#reject(uses, 'bad-event');
    // An id that another contact's rows have taken would be lost as a repetition later on.
    else if (!this.#keep(checked.data, place)) this.#reject(uses, 'key-is-taken');
    else {
      this.#introduced = contact;
      this.used += uses.length;
    }
  }

  #keep(event: Event, place: number): boolean {
    return this.#insert.run(event.id, event.at, place, event.type, JSON.stringify(event)).changes === 1;
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
