import { Worker } from 'node:worker_threads';
import type { PoolOptions, PoolWorker, WorkerRequest } from 'vitest/node';

/** So many files of tests one thread runs. It keeps a little of each, so it is renewed now and then. */
const MOST_RUNS = 100;

let thread: Worker | undefined;
let runs = 0;

/**
 * A worker of Vitest whose thread outlives it. Vitest ends its threads after each run, and a mutant is a run: most of its time
 * would go into loading zod and Vitest itself anew.
 */
export class KeptWorker implements PoolWorker {
  readonly name = 'kept';
  readonly #thread: Worker;
  readonly #heard: { readonly event: string; readonly callback: (arg: unknown) => void }[] = [];

  constructor({ distPath, execArgv, env }: PoolOptions) {
    if (runs >= MOST_RUNS) thread = undefined;
    if (thread === undefined) {
      runs = 0;
      thread = new Worker(`${distPath}/workers/threads.js`, { env, execArgv, stdout: true, stderr: true });
      thread.stdout.resume();
      thread.stderr.resume();
      thread.setMaxListeners(0);
    }
    runs += 1;
    this.#thread = thread;
  }

  on(event: string, callback: (arg: unknown) => void): void {
    this.#heard.push({ event, callback });
    this.#thread.on(event, callback);
  }

  off(event: string, callback: (arg: unknown) => void): void {
    this.#thread.off(event, callback);
  }

  /** A thread that is told to stop listens no more, so this answers in its place. */
  send(message: WorkerRequest): void {
    if (message.type === 'stop') queueMicrotask(() => this.#stopped());
    else this.#thread.postMessage(message);
  }

  async start(): Promise<void> {}

  /** The next worker may have the thread already. */
  async stop(): Promise<void> {
    for (const { event, callback } of this.#heard) this.#thread.off(event, callback);
    if (this.#thread !== thread) await this.#thread.terminate();
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  #stopped(): void {
    for (const { event, callback } of this.#heard) {
      if (event === 'message') callback({ type: 'stopped', __vitest_worker_response__: true });
    }
  }
}
