import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { AwsError } from '#shared/adapters/aws/api-errors.ts';
import { byteLength, inBatches } from '#shared/adapters/aws/batches.ts';
import { type JsonApi, jsonApi } from '#shared/adapters/aws/json-api.ts';
import { reasonOfLetter } from '#shared/redrive/letter.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';

/** Seconds that SQS looks for more; without it an answer may be empty although there are some. */
const PATIENCE = 2;
/** What a batch takes, one message or all together. */
const LIMIT = { count: 10, bytes: 1_048_576 };

const letterSchema = z
  .object({
    MessageId: z.string(),
    ReceiptHandle: z.string(),
    Body: z.string(),
    Attributes: z.object({ SentTimestamp: z.coerce.number() }),
    MessageAttributes: z.record(z.string(), z.object({ StringValue: z.string().default('') })).default({}),
  })
  .transform(({ MessageId: id, ReceiptHandle: handle, Body: body, Attributes, MessageAttributes }) => ({
    ...{ id, handle, body },
    sent: fromMillis(Attributes.SentTimestamp),
    reason: reasonOfLetter(
      Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])),
      body,
    ),
  }));
/** A dead letter as it was received. */
export type Letter = {
  readonly id: string;
  readonly handle: string;
  readonly body: string;
  readonly sent: Instant;
  readonly reason: string;
};

const receivedSchema = z.object({ Messages: z.array(letterSchema).default([]) });
const failedSchema = z.object({ Failed: z.array(z.object({ Id: z.string() })).default([]) });
const aboutSchema = z.object({ Attributes: z.object({ ApproximateNumberOfMessages: z.coerce.number() }) });

/** The dead letters of a stage's queue, rule or stream: received, sent to a queue, taken away or put back, ten at a time. */
export class LetterBox {
  readonly #call: JsonApi;
  readonly #dead: string;
  readonly #hidden: number;

  /** `hidden`: seconds for which what is received is hidden from others. */
  constructor(dead: string, hidden: number, options: Parameters<typeof jsonApi>[1]) {
    const sqs = jsonApi('sqs', options);
    this.#dead = dead;
    this.#hidden = hidden;
    this.#call = async (operation, input) => {
      try {
        return await sqs(operation, input);
      } catch (error) {
        throw refusal(error, operation, dead);
      }
    };
  }

  /** About how many there are, as SQS knows it. */
  async about(): Promise<number> {
    const asked = { QueueUrl: this.#dead, AttributeNames: ['ApproximateNumberOfMessages'] };
    return aboutSchema.parse(await this.#call('GetQueueAttributes', asked)).Attributes.ApproximateNumberOfMessages;
  }

  async receive(): Promise<Letter[]> {
    const answer = await this.#call('ReceiveMessage', {
      QueueUrl: this.#dead,
      MaxNumberOfMessages: LIMIT.count,
      VisibilityTimeout: this.#hidden,
      WaitTimeSeconds: PATIENCE,
      MessageAttributeNames: ['reason', 'ERROR_CODE', 'ERROR_MESSAGE'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    return receivedSchema.parse(answer).Messages;
  }

  /** Sends the bodies to a queue, as they are. Returns the letters that it took. */
  async send(queue: string, letters: readonly Letter[]): Promise<Letter[]> {
    const taken: Letter[] = [];
    for (const batch of inBatches(letters, LIMIT, ({ body }) => byteLength(body))) {
      const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
      taken.push(...without(batch, await this.#call('SendMessageBatch', { QueueUrl: queue, Entries })));
    }
    return taken;
  }

  /** Takes letters away for good. Returns those that are gone. */
  async remove(letters: readonly Pick<Letter, 'id' | 'handle'>[]): Promise<string[]> {
    const gone: string[] = [];
    for (const batch of inBatches(letters, LIMIT, () => 0)) {
      const Entries = batch.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle }));
      const answer = await this.#call('DeleteMessageBatch', { QueueUrl: this.#dead, Entries });
      gone.push(...without(batch, answer).map(({ id }) => id));
    }
    return gone;
  }

  /** Shows letters again at once. Those of which SQS does not know any more are shown when their time is up. */
  async release(handles: readonly string[]): Promise<void> {
    for (const batch of inBatches(handles, LIMIT, () => 0)) {
      const Entries = batch.map((ReceiptHandle, index) => ({
        ...{ Id: String(index), ReceiptHandle },
        VisibilityTimeout: 0,
      }));
      await this.#call('ChangeMessageVisibilityBatch', { QueueUrl: this.#dead, Entries });
    }
  }
}

/** Those of a batch that did not fail. */
function without<T>(batch: readonly T[], answer: unknown): T[] {
  const failed = new Set(failedSchema.parse(answer).Failed.map(({ Id }) => Id));
  return batch.filter((_, index) => !failed.has(String(index)));
}

/** There is no such queue: of a stage that was deployed by an earlier version. */
export class NoLetterBox extends BadInput {
  override readonly name = 'NoLetterBox';
}

const MISSING = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']);

function refusal(error: unknown, operation: string, dead: string): unknown {
  if (!(error instanceof AwsError)) return error;
  if (MISSING.has(error.name)) return new NoLetterBox(`There is no ${dead}. Deploy the stage again.`, { cause: error });
  if (/^AccessDenied/.test(error.name))
    return new BadInput(`This role may not work on ${dead}: it needs sqs:${operation.replace(/Batch$/, '')}.`, {
      cause: error,
    });
  return error;
}
