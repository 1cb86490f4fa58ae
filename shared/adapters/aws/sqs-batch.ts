import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { reasonOf, Unprocessable } from '#shared/errors.ts';
import type { Log, Metrics } from '#shared/ports.ts';
import { DeadLetters } from './dead-letters.ts';

/** A message that was not worked off: where it stands in the batch, and why. */
export type Failure = { readonly position: number; readonly error: unknown };

/** Works off the bodies of a batch. What it throws fails the whole batch. */
export type Work = (bodies: readonly unknown[]) => Promise<readonly Failure[]>;

export type BatchDeps = {
  readonly log: Log;
  readonly metrics: Metrics;
  /** The queues that the function works off. A message is given up after so many receives. */
  readonly queues: readonly { readonly name: string; readonly receives: number }[];
  readonly deadLetters?: Pick<DeadLetters, 'keep'>;
};

/** What an event of EventBridge carries, out of the whole event that a rule puts on a queue. */
export const detailOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;

/** One after the other; those that fail come again, the others do not. */
export const oneByOne =
  (work: (body: unknown) => Promise<unknown>): Work =>
  async (bodies) => {
    const failures: Failure[] = [];
    for (const [position, body] of bodies.entries()) {
      try {
        await work(body);
      } catch (error) {
        failures.push({ position, error });
      }
    }
    return failures;
  };

/** All at the same time, for work that is mostly waiting for others. */
export const allAtOnce =
  (work: (body: unknown) => Promise<unknown>): Work =>
  async (bodies) => {
    const done = await Promise.allSettled(bodies.map(work));
    return done.flatMap((one, position) => (one.status === 'rejected' ? [{ position, error: one.reason }] : []));
  };

/**
 * Works off a batch of SQS. What fails is logged with its reason and comes again. What no retry can mend, and what fails
 * for the last time, is put among the dead letters here, because SQS would put it there without its reason.
 */
export async function workOff(event: SQSEvent, work: Work, deps: BatchDeps): Promise<SQSBatchResponse> {
  const { deadLetters = new DeadLetters() } = deps;
  const again: SQSRecord[] = [];
  for (const { record, error } of await failuresOf(event.Records, work)) {
    const queue = deps.queues.find(({ name }) => record.eventSourceARN.endsWith(`-${name}`));
    const receives = Number(record.attributes.ApproximateReceiveCount);
    const isLast = error instanceof Unprocessable || (queue !== undefined && receives >= queue.receives);
    const said = { queue: queue?.name ?? 'unknown', message: record.messageId, receives, isLast };
    deps.log.error('a message could not be worked off', said, error);
    deps.metrics.count('MessageFailed', 1, { queue: said.queue });
    if (!isLast || !(await isKept(record, reasonOf(error), deadLetters, deps.log))) again.push(record);
  }
  return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

type Failed = { readonly record: SQSRecord; readonly error: unknown };

async function failuresOf(records: readonly SQSRecord[], work: Work): Promise<Failed[]> {
  const read = records.map(readBody);
  const readable = read.filter((one) => 'body' in one);
  const unreadable = read.filter((one) => 'error' in one);
  try {
    const failures = await work(readable.map(({ body }) => body));
    const failed = failures.flatMap(({ position, error }) => {
      const record = readable[position]?.record;
      return record ? [{ record, error }] : [];
    });
    return [...unreadable, ...failed];
  } catch (error) {
    return [...unreadable, ...readable.map(({ record }) => ({ record, error }))];
  }
}

function readBody(record: SQSRecord): Failed | { readonly record: SQSRecord; readonly body: unknown } {
  try {
    return { record, body: JSON.parse(record.body) };
  } catch (cause) {
    return { record, error: new Unprocessable('bad-json', 'the message is not JSON', { cause }) };
  }
}

/** A letter that could not be kept stays in its queue, and SQS gives it up in its time. */
async function isKept(
  record: SQSRecord,
  reason: string,
  deadLetters: Pick<DeadLetters, 'keep'>,
  log: Log,
): Promise<boolean> {
  try {
    await deadLetters.keep(record, reason);
    return true;
  } catch (error) {
    log.error('a dead letter could not be kept with its reason', { message: record.messageId }, error);
    return false;
  }
}
