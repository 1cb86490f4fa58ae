import type { Account } from '#shared/sending/flow.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What the use cases ask of the world. Adapters implement these; tests and the laptop bring their own. */

export interface Clock {
  now(): Instant;
  /** Resolves not before so many milliseconds have passed on this clock. */
  sleep(milliseconds: number): Promise<void>;
}

/** One entry of an EventBridge bus. `detail` is the event itself. */
export type BusEntry = { readonly source: string; readonly detailType: string; readonly detail: object };

export interface Bus {
  /** Positions of the entries that the bus did not take; empty when it took all. Throws when it took none. */
  put(entries: readonly BusEntry[]): Promise<readonly number[]>;
}

export interface Queue {
  /** Sends bodies as JSON, in batches as the queue wants them. Throws when one was not taken; some may have been by then. */
  send(bodies: readonly object[], options?: { delaySeconds?: number }): Promise<void>;
}

/** The state machine. Every call may be repeated. */
export interface Executions {
  /** `exists`: one of that name has run or runs with another input, and this call did nothing. */
  start(name: string, input: object): Promise<'started' | 'exists'>;
  /**
   * Ends the pause that holds this token. `timed-out`: the pause has ended already (a time-out or a newer attempt).
   * `unknown`: no such token any more (the execution ended), or it never was one.
   */
  succeed(token: string, output: object): Promise<'done' | 'timed-out' | 'unknown'>;
  fail(token: string, error: string, cause: string): Promise<'done' | 'timed-out' | 'unknown'>;
}

export type Mail = {
  readonly from: string;
  readonly to: string;
  readonly replyTo?: string;
  readonly subject: string;
  /** Without it the mail is plain text. */
  readonly html?: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Names and values of A-Z, a-z, 0-9, _ and - only, 256 characters at most. */
  readonly tags: Readonly<Record<string, string>>;
};

export interface Mailer {
  /**
   * One attempt. Returns the provider's id of the mail. Throws MailRejected, MailDeferred (both: not taken) or
   * MailAmbiguous (nobody knows).
   */
  send(mail: Mail): Promise<{ readonly id: string }>;
}

export interface MailAccount {
  /** What the provider says that the account may send now. */
  ask(): Promise<Account>;
}

export type StoredObject = {
  readonly body: string;
  readonly versionId?: string;
  /** Changes with the content: for who replaces it only if nobody else has. */
  readonly tag?: string;
};

export interface Bucket {
  get(key: string, versionId?: string): Promise<StoredObject | undefined>;
  put(key: string, body: string, contentType: string): Promise<void>;
  list(prefix: string): Promise<readonly string[]>;
}

export interface Secrets {
  /**
   * All values that are valid now: the current one first, then the one it replaces while a rotation lasts. Throws NoSecret
   * when there is none of that name.
   */
  get(name: string): Promise<readonly string[]>;
}

/** Never a name, an address or a payload: ids, counts and reasons only. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  error(message: string, fields: Readonly<Record<string, string | number | boolean>>, cause?: unknown): void;
}

export interface Metrics {
  count(name: string, value?: number, dimensions?: Readonly<Record<string, string>>): void;
}

/** What another system says to one attempt, or why there was none. */
export type Reply =
  | {
      readonly status: number;
      /** Empty where it was not asked for. */
      readonly body: string;
      /** Seconds after which the system wants to be asked again. */
      readonly retryAfter?: number | undefined;
    }
  /**
   * `forbidden`: the address lies in no public network. `too-large`: it said yes, with more than anybody reads.
   */
  | { readonly failed: 'timed-out' | 'unreachable' | 'forbidden' | 'too-large' };

export interface Web {
  /** One attempt, which follows no redirect. `reads`: whether the body of the reply is wanted. Never throws. */
  post(
    url: string,
    request: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly reads: boolean },
  ): Promise<Reply>;
}

/** What another system has to say, or why nobody knows. */
export type Reading =
  | { readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly failed: 'timed-out' | 'unreachable' | 'forbidden' | 'too-large' };

export interface Reader {
  /** One question, which follows no redirect. Names of headers are in lower case; only a yes has a body. Never throws. */
  get(url: string, headers: Readonly<Record<string, string>>): Promise<Reading>;
}
