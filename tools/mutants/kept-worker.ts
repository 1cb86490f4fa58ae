import { Worker } from 'node:worker_threads';
import type { PoolOptions, PoolWorker, WorkerRequest } from 'vitest/node';

/** So many runs one thread serves. It keeps a little of each, so it is renewed now and then. */
const MOST_RUNS = 50;

let kept: KeptWorker | undefined;

/** The thread that is there already, or a new one. */
export function keptWorker(options: PoolOptions): PoolWorker {
  kept ??= new KeptWorker(options);
  return kept;
}

/**
 * A thread of Vitest that outlives a run. Vitest ends its threads after each run, and a mutant is a run: most of its time
 * would go into loading zod and Vitest itself anew. Our own modules are still loaded anew for each file of tests
 * (`isolate`), so that nothing one mutant has left in a cache decides about the next.
 */
class KeptWorker implements PoolWorker {
  readonly name = 'kept';
  readonly #thread: Worker;
  #runs = 0;

  constructor({ distPath, execArgv, env }: PoolOptions) {
    this.#thread = new Worker(`${distPath}/workers/threads.js`, { env, execArgv, stdout: true, stderr: true });
    this.#thread.stdout.resume();
    this.#thread.stderr.resume();
  }

  on(event: string, callback: (arg: unknown) => void): void {
    this.#thread.on(event, callback);
  }

  off(event: string, callback: (arg: unknown) => void): void {
    this.#thread.off(event, callback);
  }

  /** A thread that is told to stop listens no more, so this answers in its place. */
  send(message: WorkerRequest): void {
    const stopped = { type: 'stopped', __vitest_worker_response__: true };
    if (message.type === 'stop') queueMicrotask(() => this.#thread.emit('message', stopped));
    else this.#thread.postMessage(message);
  }

  async start(): Promise<void> {
    this.#runs += 1;
  }

  async stop(): Promise<void> {
    this.#thread.removeAllListeners('message');
    if (this.#runs < MOST_RUNS) return;
    kept = undefined;
    await this.#thread.terminate();
  }

  deserialize(data: unknown): unknown {
    return data;
  }
}
