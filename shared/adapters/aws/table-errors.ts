import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Row } from '#shared/store/table.ts';
import { AwsError } from './api-errors.ts';

/** Nothing was written and the same call may be made again; it has been already, a few times. */
const CONFLICTS = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** The same, as the reason of one write in a cancelled transaction. */
const CONFLICT_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** A row that is too large or too deep, a number out of reach, a text with half a character. */
const UNSTORABLE = new Set(['ValidationException', 'SerializationException']);

type Item = Record<string, AttributeValue>;
type RowOf = (item: Item | undefined) => Row | undefined;

const itemSchema = z.custom<Item>((value) => typeof value === 'object' && value !== null).optional();
const conditionSchema = z.object({ Item: itemSchema });
const transactionSchema = z.object({
  CancellationReasons: z.array(
    z.object({ Code: z.string().optional(), Message: z.string().optional(), Item: itemSchema }),
  ),
});

/** What DynamoDB refused, in the words of the Table port; anything else stays what it is. */
export function toTableError(error: unknown, rowOf: RowOf): unknown {
  if (!(error instanceof AwsError)) return error;
  if (error.name === 'ConditionalCheckFailedException')
    return new ConditionFailed([0], [rowOf(conditionSchema.parse(error.details).Item)], error);
  if (UNSTORABLE.has(error.name)) return new RangeError(error.message, { cause: error });
  if (error.name === 'TransactionCanceledException') return ofTransaction(error, rowOf);
  return CONFLICTS.has(error.name) ? new Conflict(error.name, { cause: error }) : error;
}

/** A failed condition goes before a conflict: trying again would not mend it. */
function ofTransaction(error: AwsError, rowOf: RowOf): Error {
  const reasons = transactionSchema.parse(error.details).CancellationReasons;
  const failed = reasons.flatMap(({ Code }, i) => (Code === 'ConditionalCheckFailed' ? [i] : []));
  if (failed.length > 0)
    return new ConditionFailed(
      failed,
      failed.map((i) => rowOf(reasons[i]?.Item)),
      error,
    );
  const conflict = reasons.find(({ Code }) => Code !== undefined && CONFLICT_REASONS.has(Code));
  if (conflict) return new Conflict(`${conflict.Code}`, { cause: error });
  const invalid = reasons.find(({ Code }) => Code === 'ValidationError');
  return invalid ? new RangeError(invalid.Message ?? 'a row that DynamoDB does not take', { cause: error }) : error;
}
