import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Bus, BusEntry } from '#shared/ports.ts';
import { byteLength, inBatches } from './batches.ts';

/** PutEvents takes 10 entries and less than 1 MB; the rest is for what is counted beside the three texts. */
const LIMIT = { count: 10, bytes: 990_000 };

type Addressed = { readonly position: number; readonly source: string; readonly type: string; readonly detail: string };

/** A webhook has to be answered within seconds, and what the bus refuses has an overflow queue: so it fails soon. */
const impatient = () =>
  new EventBridgeClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, throwOnRequestTimeout: true },
  });

/** A custom bus of EventBridge, by its name. */
export class EventBridgeBus implements Bus {
  readonly #name: string;
  readonly #client: EventBridgeClient;

  constructor(name: string, client: EventBridgeClient = impatient()) {
    this.#name = name;
    this.#client = client;
  }

  async put(entries: readonly BusEntry[]): Promise<readonly number[]> {
    const addressed = entries.map(({ source, detailType, detail }, position) => {
      return { position, source, type: detailType, detail: JSON.stringify(detail) };
    });
    const refused: number[] = [];
    let cause: unknown;
    for (const batch of inBatches(addressed, LIMIT, sizeOf)) {
      // A bus that could not be reached is not asked again: each attempt costs the caller seconds.
      if (cause === undefined) {
        try {
          refused.push(...(await this.#putBatch(batch)));
          continue;
        } catch (error) {
          cause = error;
        }
      }
      refused.push(...batch.map(({ position }) => position));
    }
    if (refused.length > 0 && refused.length === entries.length) {
      throw new Error(`the bus took none of ${entries.length} entries`, { cause });
    }
    return refused;
  }

  async #putBatch(batch: readonly Addressed[]): Promise<number[]> {
    const { Entries = [] } = await this.#client.send(
      new PutEventsCommand({
        Entries: batch.map(({ source, type, detail }) => {
          return { EventBusName: this.#name, Source: source, DetailType: type, Detail: detail };
        }),
      }),
    );
    return batch.filter((_, index) => Entries[index]?.EventId === undefined).map(({ position }) => position);
  }
}

const sizeOf = ({ source, type, detail }: Addressed): number =>
  byteLength(source) + byteLength(type) + byteLength(detail);
