import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable, type SqliteTableOptions } from '#shared/adapters/sqlite/table.ts';
import type { Row, Table, Write } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/** A clock that stands still until it is moved. */
export class StillClock {
  time: Instant;

  constructor(time: Instant = '2026-03-02T09:00:00.000Z') {
    this.time = time;
  }

  now = (): Instant => this.time;

  pass(milliseconds: number): void {
    this.time = plusMillis(this.time, milliseconds);
  }

  /** Sleeping moves the clock instead of waiting. */
  async sleep(milliseconds: number): Promise<void> {
    this.pass(milliseconds);
  }
}

/** A table in memory with a clock of its own, for tests that need rows and no file. */
export function memoryTable(options: { clock?: StillClock } & Pick<SqliteTableOptions, 'onUse'> = {}): {
  table: SqliteTable;
  clock: StillClock;
  /** Everything that lies in it, whatever its key. */
  scan: () => Row[];
} {
  const { clock = new StillClock(), ...rest } = options;
  const db = openDatabase(':memory:');
  const scan = () =>
    db
      .prepare('SELECT pk, sk, body FROM rows ORDER BY pk, sk')
      .all()
      .map(({ pk, sk, body }) => ({ ...JSON.parse(String(body)), pk: String(pk), sk: String(sk) }));
  return { table: new SqliteTable(db, { ...rest, now: clock.now }), clock, scan };
}

/** The table, as somebody sees it before whose writes others come: `act` is told of each, and what it throws is the answer. */
export const meanwhile = (table: Table, act: (writes: readonly Write[]) => void | Promise<void>): Table => ({
  get: (key, options) => table.get(key, options),
  batchGet: (keys) => table.batchGet(keys),
  query: (range) => table.query(range),
  queryIndex: (range) => table.queryIndex(range),
  write: async (write) => {
    await act([write]);
    return table.write(write);
  },
  transact: async (writes) => {
    await act(writes);
    return table.transact(writes);
  },
});
