import { describeFault } from '#shared/adapters/aws/fault.ts';
import type {
  Bucket,
  Bus,
  BusEntry,
  Executions,
  Log,
  Mail,
  Mailer,
  Metrics,
  Queue,
  Reply,
  Web,
} from '#shared/ports.ts';

/** A queue that keeps what it gets until somebody takes it. */
export class CollectingQueue implements Queue {
  bodies: object[] = [];

  async send(bodies: readonly object[]): Promise<void> {
    this.bodies.push(...bodies.map((body) => JSON.parse(JSON.stringify(body))));
  }

  /** What lies there; it is empty afterwards. */
  take(): object[] {
    return this.bodies.splice(0);
  }
}

export class CollectingBus implements Bus {
  entries: BusEntry[] = [];

  async put(entries: readonly BusEntry[]): Promise<readonly number[]> {
    this.entries.push(...entries);
    return [];
  }
}

/** Step Functions as far as its callers can see it: names that are taken, tokens that live until they are answered. */
export class HandExecutions implements Executions {
  readonly running = new Map<string, { input: string; open: boolean }>();
  readonly started: { name: string; input: object }[] = [];
  readonly answers: { token: string; answer: 'succeeded' | 'failed' }[] = [];
  readonly #tokens = new Map<string, 'waiting' | 'ended' | 'gone'>();
  #count = 0;

  start = async (name: string, input: object): Promise<'started' | 'exists'> => {
    const known = this.running.get(name);
    if (known) return known.open && known.input === JSON.stringify(input) ? 'started' : 'exists';
    this.running.set(name, { input: JSON.stringify(input), open: true });
    this.started.push({ name, input });
    return 'started';
  };

  /** The token of a pause that begins now. */
  newToken(): string {
    this.#count += 1;
    const token = `token-${this.#count}`;
    this.#tokens.set(token, 'waiting');
    return token;
  }

  /** A time-out, or a retry of the pause: this token counts no more. False when it had been answered already. */
  endToken(token: string): boolean {
    if (this.#tokens.get(token) !== 'waiting') return false;
    this.#tokens.set(token, 'ended');
    return true;
  }

  /** The execution is gone, and its tokens with it. */
  abort(name: string): void {
    const execution = this.running.get(name);
    if (execution) execution.open = false;
    for (const token of this.#tokens.keys()) this.#tokens.set(token, 'gone');
  }

  isWaiting(token: string): boolean {
    return this.#tokens.get(token) === 'waiting';
  }

  succeed = async (token: string): Promise<'done' | 'timed-out' | 'unknown'> => this.#answer(token, 'succeeded');
  fail = async (token: string): Promise<'done' | 'timed-out' | 'unknown'> => this.#answer(token, 'failed');

  #answer(token: string, answer: 'succeeded' | 'failed'): 'done' | 'timed-out' | 'unknown' {
    const state = this.#tokens.get(token);
    if (state === undefined || state === 'gone') return 'unknown';
    if (state === 'ended') return 'timed-out';
    this.#tokens.set(token, 'ended');
    this.answers.push({ token, answer });
    return 'done';
  }
}

/** A provider that takes every mail, unless the test has it throw. */
export class RecordingMailer implements Mailer {
  readonly mails: Mail[] = [];
  /** Called with each mail before it is taken, and after: what it throws is what the caller gets. */
  before: (mail: Mail) => void | Promise<void> = () => {};
  after: (mail: Mail) => void | Promise<void> = () => {};

  async send(mail: Mail): Promise<{ id: string }> {
    await this.before(mail);
    this.mails.push(mail);
    await this.after(mail);
    return { id: `ses-${this.mails.length}` };
  }

  /** The step of each mail that was taken, in order. */
  steps(): string[] {
    return this.mails.map(({ tags }) => tags['step'] ?? '');
  }
}

/** 32 bytes, as Standard Webhooks wants a secret. */
export const ENDPOINT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

type Posted = { readonly url: string } & Parameters<Web['post']>[1];

/** Another system, which answers what the test says. */
export class RecordingWeb implements Web {
  readonly posted: Posted[] = [];
  answer: (posted: Posted) => Reply | Promise<Reply> = () => ({ status: 200, body: '' });

  async post(url: string, request: Parameters<Web['post']>[1]): Promise<Reply> {
    const posted = { url, ...request };
    this.posted.push(posted);
    return this.answer(posted);
  }
}

/** A bucket with versions: every put is one, named by a number. */
export class MemoryBucket implements Bucket {
  readonly versions = new Map<string, string[]>();

  async get(key: string, versionId?: string): Promise<{ body: string } | undefined> {
    const bodies = this.versions.get(key) ?? [];
    const body = versionId === undefined ? bodies.at(-1) : bodies[Number(versionId) - 1];
    return body === undefined ? undefined : { body };
  }

  async put(key: string, body: string): Promise<void> {
    this.store(key, body);
  }

  /** The number of the new version. */
  store(key: string, body: string): string {
    const bodies = [...(this.versions.get(key) ?? []), body];
    this.versions.set(key, bodies);
    return String(bodies.length);
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.versions.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}

export class CountingMetrics implements Metrics {
  readonly counts: Record<string, number> = {};
  /** Each count with its dimensions, in order. */
  readonly counted: (readonly [name: string, value: number, dimensions?: Readonly<Record<string, string>>])[] = [];

  count(name: string, value = 1, dimensions?: Readonly<Record<string, string>>): void {
    this.counts[name] = (this.counts[name] ?? 0) + value;
    this.counted.push(dimensions ? [name, value, dimensions] : [name, value]);
  }
}

export const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Keeps each line as the functions' log would write it, with what is said of an error. */
export function logInto(lines: string[]): Log {
  const write = (message: string, fields: object = {}, cause?: unknown): void =>
    void lines.push(JSON.stringify({ message, fields, ...(cause !== undefined && { fault: describeFault(cause) }) }));
  return { info: write, warn: write, error: write };
}
