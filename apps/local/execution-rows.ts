import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';

/**
 * `ready`: to enter `state`, which it has not done. `invoking`: a task has been called. `waiting`: the call returned,
 * the token has not been answered. `retrying`, `sleeping`: until `due`. `settled`: the task has its `outcome`, and the
 * next state has not been entered.
 */
const PHASES = ['ready', 'invoking', 'waiting', 'retrying', 'sleeping', 'settled', 'closed'] as const;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS executions (
    name TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    started INTEGER NOT NULL,
    entered INTEGER NOT NULL,
    due INTEGER,
    input TEXT,
    data TEXT,
    retries TEXT,
    outcome TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS executions_due ON executions (due, name) WHERE due IS NOT NULL;
`;

const rowSchema = z.object({
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED']),
  phase: z.enum(PHASES),
  state: z.string(),
  attempt: z.int(),
  started: z.int(),
  entered: z.int(),
  due: z.int().nullable(),
  input: z.string().nullable(),
  data: z.string().nullable(),
  retries: z.string().nullable(),
  outcome: z.string().nullable(),
});
export type ExecutionRow = z.infer<typeof rowSchema>;

const timeoutSchema = z.object({ name: z.string(), attempt: z.int(), due: z.int() });
/** An attempt that ends by itself at a moment unless something else ends it before. */
export type Timeout = Readonly<z.infer<typeof timeoutSchema>>;
/** Where a time-out stands among all. */
export type Turn = Pick<Timeout, 'due' | 'name'>;

/** What it takes to go on from a row. */
export type Place = Pick<
  ExecutionRow,
  'name' | 'state' | 'attempt' | 'started' | 'entered' | 'input' | 'data' | 'retries'
>;

/** What moves an execution names the attempt that it moves from; whoever comes second moves nothing. */
export type From = { readonly name: string; readonly attempt: number };
export type Entry = {
  readonly state: string;
  readonly phase: 'invoking' | 'sleeping' | 'retrying';
  readonly entered: number;
  readonly due: number | undefined;
  readonly data: string;
  readonly retries: readonly number[];
};

/**
 * Executions in SQLite, times in milliseconds since 1970. Every move is conditional and raises the attempt. An execution
 * that moves several times before the transaction is committed is written once.
 */
export class ExecutionRows {
  readonly #transactions: Transactions;
  readonly #write: StatementSync;
  readonly #get: StatementSync;
  readonly #countOpen: StatementSync;
  readonly #moving: StatementSync;
  readonly #timeouts: StatementSync;
  /** As they are now, where the file does not have it so. */
  #held = new Map<string, ExecutionRow>();

  constructor(db: DatabaseSync) {
    db.exec(SCHEMA);
    this.#transactions = new Transactions(db);
    this.#write = db.prepare('INSERT OR REPLACE INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#get = db.prepare('SELECT * FROM executions WHERE name = ?');
    this.#countOpen = db.prepare(`SELECT count(*) AS n FROM executions WHERE phase <> 'closed'`);
    this.#moving = db.prepare(
      `SELECT * FROM executions WHERE phase NOT IN ('closed', 'waiting') ORDER BY started, name`,
    );
    this.#timeouts = db.prepare(
      `SELECT name, attempt, due FROM executions
       WHERE due IS NOT NULL AND (due, name) > (?, ?) AND phase IN ('invoking', 'waiting') ORDER BY due, name LIMIT ?`,
    );
    this.#transactions.watch({
      begun: () => {},
      flush: () => this.#flush(),
      rolledBack: () => {
        this.#held = new Map();
      },
    });
  }

  /** False where the name is taken. */
  insert(name: string, state: string, now: number, input: string): boolean {
    if (this.get(name)) return false;
    const times = { started: now, entered: now, due: null };
    const data = { input, data: input, retries: '[]', outcome: null };
    this.#hold({ name, status: 'RUNNING', phase: 'ready', state, attempt: 0, ...times, ...data });
    return true;
  }

  get(name: string): ExecutionRow | undefined {
    const held = this.#held.get(name);
    if (held) return held;
    const row = this.#get.get(name);
    return row && rowSchema.parse(row);
  }

  enter(from: From, { due, retries, ...entry }: Entry): boolean {
    return this.#move(from, { ...entry, due: due ?? null, retries: JSON.stringify(retries), outcome: null });
  }

  /** The call of a task with a token has returned. Does not raise the attempt: the token stays good. */
  wait(from: From): boolean {
    const row = this.#at(from);
    if (row) this.#hold({ ...row, phase: 'waiting' });
    return row !== undefined;
  }

  /** Gives a task its outcome. Undefined when it had one already. */
  settle(from: From, outcome: string): Place | undefined {
    const row = this.#at(from);
    if (!row || row.phase === 'closed') return undefined;
    return this.#hold({ ...row, attempt: row.attempt + 1, phase: 'settled', due: null, outcome });
  }

  /** Keeps the name, which stays taken, and drops the payload. */
  close(from: From, state: string, status: 'SUCCEEDED' | 'FAILED'): boolean {
    const dropped = { due: null, input: null, data: null, retries: null, outcome: null };
    return this.#move(from, { phase: 'closed', state, status, ...dropped });
  }

  countOpen(): number {
    this.#transactions.join(() => this.#flush());
    return z.object({ n: z.int() }).parse(this.#countOpen.get()).n;
  }

  /** Those that are not closed and do not wait for an answer alone. */
  moving(): ExecutionRow[] {
    this.#transactions.join(() => this.#flush());
    return this.#moving.all().map((row) => rowSchema.parse(row));
  }

  /** At most so many attempts of tasks that end by themselves, in the order in which they do. */
  timeouts(behind: Turn, limit: number): Timeout[] {
    this.#transactions.join(() => this.#flush());
    return this.#timeouts.all(behind.due, behind.name, limit).map((row) => timeoutSchema.parse(row));
  }

  #at({ name, attempt }: From): ExecutionRow | undefined {
    const row = this.get(name);
    return row?.attempt === attempt ? row : undefined;
  }

  #move(from: From, change: Partial<ExecutionRow>): boolean {
    const row = this.#at(from);
    if (row) this.#hold({ ...row, ...change, attempt: row.attempt + 1 });
    return row !== undefined;
  }

  #hold(row: ExecutionRow): ExecutionRow {
    this.#transactions.join(() => this.#held.set(row.name, row));
    return row;
  }

  #flush(): void {
    for (const one of this.#held.values()) {
      const { name, status, phase, state, attempt, started, entered, due, input, data, retries, outcome } = one;
      this.#write.run(name, status, phase, state, attempt, started, entered, due, input, data, retries, outcome);
    }
    this.#held = new Map();
  }
}
