import * as z from 'zod';

/** What SQS itself has given up on carries no reason. */
const NO_REASON = 'no reason: SQS gave it up';

/** What Lambda says of a stretch of a stream that it has passed over. */
const stretchSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  DDBStreamBatchInfo: z.object({ batchSize: z.int() }),
});

/** What is another one in each message of a service would make a pile of each letter. */
const withoutIds = (message: string): string =>
  message.replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '...');

/**
 * Why a dead letter is one. Functions of Tropa say it in the attribute `reason`; EventBridge in `ERROR_CODE` and
 * `ERROR_MESSAGE` of an event that it could not deliver (docs.aws.amazon.com/eventbridge, "Using dead-letter queues");
 * Lambda in the body, where it names a stretch of the stream.
 */
export function reasonOfLetter(attributes: Readonly<Record<string, string>>, body: string): string {
  const { reason, ERROR_CODE: code, ERROR_MESSAGE: message } = attributes;
  if (reason !== undefined) return reason;
  if (code !== undefined) return message ? `${code}: ${withoutIds(message)}` : code;
  const stretch = stretchSchema.safeParse(jsonIn(body));
  return stretch.success
    ? `${stretch.data.requestContext.condition}: changes of the table were not counted`
    : NO_REASON;
}

function jsonIn(text: string): unknown {
  // Only what Lambda writes is looked into.
  if (!text.includes('"DDBStreamBatchInfo"')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
