import type { OpenTarget } from '#apps/cli/target/open.ts';
import type { Event } from '#shared/event/event.ts';
import { suppress } from '#shared/store/suppressions.ts';
import type { ListRequest } from './list.ts';
import type { Suppressed, Usable } from './row.ts';

/** Events or rows that are put at a time. */
const BATCH = 500;
const WRITES_AT_ONCE = 25;

/** What is to be brought in, in batches, no faster than is asked for: what customers do meanwhile must not wait behind it. */
export class Waiting {
  readonly #request: ListRequest;
  readonly #opened: OpenTarget;
  #events: Event[] = [];
  #suppressed: Suppressed[] = [];

  constructor(request: ListRequest, opened: OpenTarget) {
    this.#request = request;
    this.#opened = opened;
  }

  get isEmpty(): boolean {
    return this.#events.length + this.#suppressed.length === 0;
  }

  async add(said: Usable): Promise<void> {
    if (this.#request.dryRun) return;
    if ('events' in said) this.#events.push(...said.events);
    else this.#suppressed.push(...said.suppressed);
    if (this.#events.length + this.#suppressed.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const [events, suppressed] = [this.#events, this.#suppressed];
    this.#events = [];
    this.#suppressed = [];
    const began = performance.now();
    if (events.length > 0) await this.#opened.put(events);
    for (let at = 0; at < suppressed.length; at += WRITES_AT_ONCE) {
      const writes = suppressed.slice(at, at + WRITES_AT_ONCE);
      await Promise.all(
        writes.map(({ kind, hash, reason, at: since }) =>
          this.#opened.table.write(suppress(kind, hash, reason, since, { by: 'import' })),
        ),
      );
    }
    if (!('stage' in this.#request.target)) return;
    const due = ((events.length + suppressed.length) / this.#request.rate) * 1000 - (performance.now() - began);
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
  }
}
