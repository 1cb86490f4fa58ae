/**
 * Errors that cross a wall. Their names are public: the state machine's `ErrorEquals`, dead-letter reasons and alarms
 * match on them, and a test holds them to this file.
 */

/** A row was not as the writer had read it. Read again, decide again. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  /** Positions of the writes whose condition failed; `[0]` for a single write. */
  readonly failed: readonly number[];
  /** What stands in place of each failed write, in the order of `failed`; undefined where nothing does. */
  readonly old: readonly (Readonly<Record<string, unknown>> | undefined)[];

  constructor(
    failed: readonly number[],
    old: readonly (Readonly<Record<string, unknown>> | undefined)[],
    cause?: unknown,
  ) {
    super(`a condition failed on write ${failed.join(', ')}`, { cause });
    this.failed = failed;
    this.old = old;
  }
}

/** Two transactions met, or the table is throttled. The same call may be made again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A service takes no more for now, after further attempts too. What was asked of it may be asked again later. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
}

/** Input that no retry can mend: it goes to the dead-letter queue or the parked rows with this reason. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';
  /** A word for counting, such as `bad-event` or `unknown-version`. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Why a message could not be worked off, as dead letters tell it: a word that can be counted, then the sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unprocessable) return `${error.reason}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The provider said no to this mail and will say no again; `code` is its own word. */
export class MailRejected extends Error {
  override readonly name = 'MailRejected';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The provider took nothing and said so (throttled, paused, over quota): the same mail may be tried later. */
export class MailDeferred extends Error {
  override readonly name = 'MailDeferred';
  readonly code: string;
  /** What it says of all mail: too fast, the day's quota is reached, nothing is taken of this account. */
  readonly about: 'rate' | 'quota' | 'account' | undefined;

  constructor(
    code: string,
    message: string,
    { about, ...options }: ErrorOptions & { about?: MailDeferred['about'] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.about = about;
  }
}

/** Nobody knows whether the provider took the mail: the connection broke after the request had left. */
export class MailAmbiguous extends Error {
  override readonly name = 'MailAmbiguous';
}

/** There is no secret of that name. */
export class NoSecret extends Error {
  override readonly name = 'NoSecret';
}

/** What pause answers its token with when nothing is left to do; the state machine catches it and succeeds. */
export const FINISHED = 'Finished';
