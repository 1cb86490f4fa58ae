import * as z from 'zod';
import type { Clock, Queue } from '#shared/ports.ts';
import { byteLength, inBatches } from './batches.ts';
import { systemClock } from './clock.ts';
import { type JsonApi, jsonApi } from './json-api.ts';

/** SendMessageBatch takes 10 messages and 1 MiB, one message or all together. */
const LIMIT = { count: 10, bytes: 1_048_576 };

/** Pauses before each further attempt at what SQS refused by its own fault. */
const PAUSES = [50, 200, 800];

/** Of each message that was not taken: whose fault it was, in the queue's word. */
const answerSchema = z.object({
  Failed: z.array(z.object({ Id: z.string(), Code: z.string(), SenderFault: z.boolean() })).default([]),
});

/** A queue of SQS, by its URL. */
export class SqsQueue implements Queue {
  readonly #url: string;
  readonly #call: JsonApi;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(url: string, call = jsonApi('sqs'), clock: Pick<Clock, 'sleep'> = systemClock) {
    this.#url = url;
    this.#call = call;
    this.#clock = clock;
  }

  async send(bodies: readonly object[], { delaySeconds = 0 }: { delaySeconds?: number } = {}): Promise<void> {
    const texts = bodies.map((body) => JSON.stringify(body));
    for (const batch of inBatches(texts, LIMIT, byteLength)) await this.#sendBatch(batch, delaySeconds);
  }

  async #sendBatch(batch: readonly string[], delaySeconds: number): Promise<void> {
    let left = batch;
    for (const pause of [...PAUSES, undefined]) {
      const { again, code } = await this.#attempt(left, delaySeconds);
      if (again.length === 0) return;
      if (pause === undefined)
        throw new Error(`the queue refused ${again.length} of ${batch.length} messages: ${code}`);
      await this.#clock.sleep(pause);
      left = again;
    }
  }

  /** What is worth another attempt, and why it was refused. Throws when a message itself is at fault. */
  async #attempt(bodies: readonly string[], delaySeconds: number): Promise<{ again: string[]; code: string }> {
    const answer = await this.#call('SendMessageBatch', {
      QueueUrl: this.#url,
      Entries: bodies.map((body, index) => {
        return { Id: String(index), MessageBody: body, ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }) };
      }),
    });
    const { Failed } = answerSchema.parse(answer);
    const code = Failed[0]?.Code ?? '';
    if (Failed.some(({ SenderFault }) => SenderFault)) throw new Error(`the queue rejects a message: ${code}`);
    const failed = new Set(Failed.map(({ Id }) => Id));
    return { again: bodies.filter((_, index) => failed.has(String(index))), code };
  }
}
