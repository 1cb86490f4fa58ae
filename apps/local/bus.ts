import type { RuleWiring } from '#functions/wiring.ts';
import type { Bus, BusEntry } from '#shared/ports.ts';
import type { VirtualClock } from './clock.ts';
import { type Count, chunks } from './metering.ts';
import { compile } from './patterns.ts';
import type { LocalQueues } from './queues.ts';

/** What AWS services put on the default bus has resources, too. */
export type LocalEntry = BusEntry & { readonly resources?: readonly string[] };

/** An event as rules see it and as queues carry it. */
export type Envelope = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** To the second, as EventBridge has it. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
};

export type BusOptions = {
  /** `default`, where AWS services put their events, or the project's own. */
  readonly bus: RuleWiring['bus'];
  /** Of all buses; those of this one are taken. */
  readonly rules: Readonly<Record<string, RuleWiring>>;
  readonly queues: Pick<LocalQueues, 'sendTexts'>;
  readonly clock: Pick<VirtualClock, 'now'>;
  readonly newId: () => string;
  readonly count?: Count;
};

export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'local';

const MAX_ENTRY_BYTES = 1_048_576;

/** An EventBridge bus in the process: every entry goes to the queue of every rule that matches it. */
export class LocalBus implements Bus {
  readonly #options: BusOptions;
  readonly #rules: readonly { readonly queue: string; readonly matches: (event: object) => boolean }[];

  /** Throws InvalidPattern when a rule is none. */
  constructor(options: BusOptions) {
    this.#options = options;
    this.#rules = Object.values(options.rules)
      .filter(({ bus }) => bus === options.bus)
      .map(({ pattern, queue }) => ({ queue, matches: compile(pattern) }));
  }

  /** Refuses entries of more than 1 MiB. The rest lies in its queues within the call, before the promise is returned. */
  async put(entries: readonly LocalEntry[]): Promise<readonly number[]> {
    const refused: number[] = [];
    const byQueue = new Map<string, string[]>();
    for (const [position, entry] of entries.entries()) {
      const envelope = this.#envelope(entry);
      const text = JSON.stringify(envelope);
      const bytes = Buffer.byteLength(text);
      if (bytes > MAX_ENTRY_BYTES) {
        refused.push(position);
        continue;
      }
      // Events of AWS services are free.
      if (!entry.source.startsWith('aws.')) this.#options.count?.('busEvents', chunks(bytes));
      for (const { queue, matches } of this.#rules)
        if (matches(envelope)) byQueue.set(queue, [...(byQueue.get(queue) ?? []), text]);
    }
    for (const [queue, texts] of byQueue) this.#options.queues.sendTexts(queue, texts);
    return refused;
  }

  #envelope({ source, detailType, detail, resources = [] }: LocalEntry): Envelope {
    return {
      version: '0',
      id: this.#options.newId(),
      'detail-type': detailType,
      source,
      account: LOCAL_ACCOUNT,
      time: `${this.#options.clock.now().slice(0, 19)}Z`,
      region: LOCAL_REGION,
      resources,
      detail,
    };
  }
}
