import * as z from 'zod';
import type { RedriveRequest, RedriveResult } from '#apps/cli/commands/redrive.ts';
import { type JsonApi, jsonApi } from '#shared/adapters/aws/json-api.ts';
import { deadLettersOf } from '#shared/dead-letters.ts';
import { findStage } from './stage.ts';

/** Seconds for which a letter is hidden from others while all are looked at. */
const HIDDEN = 900;
/** Seconds that SQS looks for more; without it an answer may be empty although there are some. */
const PATIENCE = 2;
/** What SQS itself has given up on carries no reason. */
const NO_REASON = 'no reason: SQS gave it up';

const letterSchema = z.object({
  ReceiptHandle: z.string(),
  Body: z.string(),
  Attributes: z.object({ SentTimestamp: z.coerce.number() }),
  MessageAttributes: z
    .object({ reason: z.object({ StringValue: z.string() }) })
    .partial()
    .optional(),
});
type Letter = z.infer<typeof letterSchema>;
const receivedSchema = z.object({ Messages: z.array(letterSchema).default([]) });

const reasonOf = ({ MessageAttributes }: Letter): string => MessageAttributes?.reason?.StringValue ?? NO_REASON;

/**
 * Sends dead letters of a stage through their queue once more. Each goes to its queue before it leaves the dead letters: who
 * is cut off in between does it twice, which every consumer bears. Those that are not meant are there again at the end.
 */
export async function redriveStage(stage: string, request: Omit<RedriveRequest, 'target'>): Promise<RedriveResult> {
  const { facts, options } = await findStage(stage);
  const queue = `${facts.queues}${request.queue}`;
  const sqs = jsonApi('sqs', options);
  const began = Date.now();
  const result = { dead: counter(), found: counter(), redriven: 0, diedAgain: 0 };
  const left: Letter[] = [];
  try {
    for await (const letters of received(sqs, deadLettersOf(queue))) {
      for (const letter of letters) {
        const reason = reasonOf(letter);
        const isNew = letter.Attributes.SentTimestamp >= began;
        const isMeant = !isNew && (request.reason === undefined || reason.includes(request.reason));
        if (isNew) result.diedAgain += 1;
        else result.dead.add(reason);
        if (isMeant) result.found.add(reason);
        if (!isMeant || request.dryRun) left.push(letter);
        else {
          await sqs('SendMessage', { QueueUrl: queue, MessageBody: letter.Body });
          await sqs('DeleteMessage', { QueueUrl: deadLettersOf(queue), ReceiptHandle: letter.ReceiptHandle });
          result.redriven += 1;
        }
      }
    }
  } finally {
    await release(sqs, deadLettersOf(queue), left);
  }
  return { ...result, dead: result.dead.counts, found: result.found.counts };
}

function counter() {
  const counts: Record<string, number> = {};
  const add = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return { counts, add };
}

async function* received(sqs: JsonApi, dead: string): AsyncGenerator<Letter[]> {
  for (;;) {
    const answer = await sqs('ReceiveMessage', {
      QueueUrl: dead,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN,
      WaitTimeSeconds: PATIENCE,
      MessageAttributeNames: ['reason'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages } = receivedSchema.parse(answer);
    if (Messages.length === 0) return;
    yield Messages;
  }
}

async function release(sqs: JsonApi, dead: string, letters: readonly Letter[]): Promise<void> {
  for (const { ReceiptHandle } of letters)
    await sqs('ChangeMessageVisibility', { QueueUrl: dead, ReceiptHandle, VisibilityTimeout: 0 });
}
