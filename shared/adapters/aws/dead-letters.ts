import type { SQSRecord } from 'aws-lambda';
import { deadLettersOf } from '#shared/dead-letters.ts';
import { type JsonApi, jsonApi } from './json-api.ts';

/** Characters of a reason; enough for any sentence of ours. */
const LENGTH = 1000;

/** Puts messages among the dead letters of the queue that they come from, as they are, with the reason beside them. */
export class DeadLetters {
  readonly #call: JsonApi;

  constructor(call = jsonApi('sqs')) {
    this.#call = call;
  }

  async keep({ eventSourceARN, body }: Pick<SQSRecord, 'eventSourceARN' | 'body'>, reason: string): Promise<void> {
    const [, , , region, account, queue = ''] = eventSourceARN.split(':');
    await this.#call('SendMessage', {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${deadLettersOf(queue)}`,
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: printable(reason) } },
    });
  }
}

/** SQS takes neither an empty text nor control characters, nor half of a character that the cut may leave. */
const printable = (reason: string): string => reason.slice(0, LENGTH).replaceAll(/\p{C}+/gu, ' ') || 'no reason';
