import {
  type AttributeValue,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Row } from '#shared/store/table.ts';

/** Nothing was written and the same call may be made again; the SDK has done so already, a few times. */
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

type RowOf = (item: Record<string, AttributeValue> | undefined) => Row | undefined;

/** What DynamoDB threw, in the words of the Table port; anything else stays what it is. */
export function toTableError(error: unknown, rowOf: RowOf): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof ConditionalCheckFailedException) return new ConditionFailed([0], [rowOf(error.Item)], error);
  if (error instanceof TransactionCanceledException) return ofTransaction(error, rowOf);
  return CONFLICTS.has(error.name) ? new Conflict(error.name, { cause: error }) : error;
}

/** A failed condition goes before a conflict: trying again would not mend it. */
function ofTransaction(error: TransactionCanceledException, rowOf: RowOf): Error {
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.flatMap(({ Code }, i) => (Code === 'ConditionalCheckFailed' ? [i] : []));
  if (failed.length > 0)
    return new ConditionFailed(
      failed,
      failed.map((i) => rowOf(reasons[i]?.Item)),
      error,
    );
  const conflict = reasons.find(({ Code }) => Code !== undefined && CONFLICT_REASONS.has(Code));
  return conflict ? new Conflict(`${conflict.Code}`, { cause: error }) : error;
}
