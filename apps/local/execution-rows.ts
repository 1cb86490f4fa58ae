import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';

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

/** What it takes to go on from a row. */
const placeSchema = rowSchema.pick({
  state: true,
  attempt: true,
  started: true,
  entered: true,
  input: true,
  data: true,
  retries: true,
});
export type Place = z.infer<typeof placeSchema> & { readonly name: string };

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

/** Executions in SQLite, times in milliseconds since 1970. Every move is one conditional statement and raises the attempt. */
export class ExecutionRows {
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #enter: StatementSync;
  readonly #wait: StatementSync;
  readonly #settle: StatementSync;
  readonly #close: StatementSync;
  readonly #open: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(SCHEMA);
    this.#insert = db.prepare(
      `INSERT INTO executions VALUES (?1, 'RUNNING', 'ready', ?2, 0, ?3, ?3, NULL, ?4, ?4, '[]', NULL) ON CONFLICT DO NOTHING`,
    );
    this.#get = db.prepare('SELECT * FROM executions WHERE name = ?');
    this.#enter = db.prepare(
      `UPDATE executions SET attempt = attempt + 1, state = ?, phase = ?, entered = ?, due = ?, data = ?, retries = ?, outcome = NULL
       WHERE name = ? AND attempt = ?`,
    );
    this.#wait = db.prepare(`UPDATE executions SET phase = 'waiting' WHERE name = ? AND attempt = ?`);
    this.#settle = db.prepare(
      `UPDATE executions SET attempt = attempt + 1, phase = 'settled', due = NULL, outcome = ?
       WHERE name = ? AND attempt = ? AND phase <> 'closed' RETURNING state, attempt, started, entered, input, data, retries`,
    );
    this.#close = db.prepare(
      `UPDATE executions SET attempt = attempt + 1, phase = 'closed', state = ?, status = ?, due = NULL, input = NULL, data = NULL, retries = NULL, outcome = NULL
       WHERE name = ? AND attempt = ?`,
    );
    this.#open = db.prepare(`SELECT * FROM executions WHERE phase <> 'closed' ORDER BY started, name`);
  }

  /** False where the name is taken. */
  insert(name: string, state: string, now: number, input: string): boolean {
    return this.#insert.run(name, state, now, input).changes === 1;
  }

  get(name: string): ExecutionRow | undefined {
    const row = this.#get.get(name);
    return row && rowSchema.parse(row);
  }

  enter({ name, attempt }: From, { state, phase, entered, due, data, retries }: Entry): boolean {
    return (
      this.#enter.run(state, phase, entered, due ?? null, data, JSON.stringify(retries), name, attempt).changes === 1
    );
  }

  /** The call of a task with a token has returned. Does not raise the attempt: the token stays good. */
  wait({ name, attempt }: From): boolean {
    return this.#wait.run(name, attempt).changes === 1;
  }

  /** Gives a task its outcome. Undefined when it had one already. */
  settle({ name, attempt }: From, outcome: string): Place | undefined {
    const row = this.#settle.get(outcome, name, attempt);
    return row && { name, ...placeSchema.parse(row) };
  }

  /** Keeps the name, which stays taken, and drops the payload. */
  close({ name, attempt }: From, state: string, status: 'SUCCEEDED' | 'FAILED'): boolean {
    return this.#close.run(state, status, name, attempt).changes === 1;
  }

  open(): ExecutionRow[] {
    return this.#open.all().map((row) => rowSchema.parse(row));
  }
}
