import * as z from 'zod';
import type { Bus, BusEntry } from '#shared/ports.ts';
import type { ApiOptions } from './api.ts';
import { isPassing } from './api-errors.ts';
import { byteLength, inBatches } from './batches.ts';
import { type JsonApi, jsonApi } from './json-api.ts';

/** PutEvents takes 10 entries and less than 1 MB; the rest is for what is counted beside the three texts. */
const LIMIT = { count: 10, bytes: 990_000 };

type Addressed = { readonly position: number; readonly source: string; readonly type: string; readonly detail: string };

/** A webhook has to be answered within seconds, and what the bus refuses has an overflow queue: so it fails soon. */
export const IMPATIENCE = { attempts: 2, connectTimeout: 1000, timeout: 1500 } as const satisfies ApiOptions;

/** An entry that was taken has an id. */
const answerSchema = z.object({ Entries: z.array(z.object({ EventId: z.string().optional() })) });

/** A custom bus of EventBridge, by its name. */
export class EventBridgeBus implements Bus {
  readonly #name: string;
  readonly #call: JsonApi;

  constructor(name: string, call = jsonApi('events', IMPATIENCE)) {
    this.#name = name;
    this.#call = call;
  }

  async put(entries: readonly BusEntry[]): Promise<readonly number[]> {
    const addressed = entries.map(({ source, detailType, detail }, position) => {
      return { position, source, type: detailType, detail: JSON.stringify(detail) };
    });
    const refused: number[] = [];
    let cause: unknown;
    for (const batch of inBatches(addressed, LIMIT, sizeOf)) {
      // A bus that could not be reached is not asked again: each attempt costs the caller seconds. One that refuses what a call
      // holds says so at once, and may take the next.
      if (cause === undefined || !isPassing(cause)) {
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
    const answer = await this.#call('PutEvents', {
      Entries: batch.map(({ source, type, detail }) => {
        return { EventBusName: this.#name, Source: source, DetailType: type, Detail: detail };
      }),
    });
    const { Entries } = answerSchema.parse(answer);
    return batch.filter((_, index) => Entries[index]?.EventId === undefined).map(({ position }) => position);
  }
}

const sizeOf = ({ source, type, detail }: Addressed): number =>
  byteLength(source) + byteLength(type) + byteLength(detail);
