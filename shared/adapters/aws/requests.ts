import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Key, Write } from '#shared/store/table.ts';
import { toItem } from './attributes.ts';
import { conditionExpression, Placeholders, updateExpression } from './expressions.ts';

export const keyItem = ({ pk, sk }: Key): Record<string, AttributeValue> => ({ pk: { S: pk }, sk: { S: sk } });

/** One write as a transaction takes it. Its single member is the input of the command of that name, too. */
export type WriteRequest = Pick<TransactWriteItem, 'Put' | 'Update' | 'Delete' | 'ConditionCheck'>;

export function toRequest(write: Write, tableName: string, nowSeconds: number): WriteRequest {
  const p = new Placeholders();
  const UpdateExpression = write.kind === 'update' ? updateExpression(write.change, p) : undefined;
  const ConditionExpression = conditionExpression(write.if, nowSeconds, p);
  const common = {
    TableName: tableName,
    ...(ConditionExpression && { ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    ...p.parts,
  };
  switch (write.kind) {
    case 'put':
      return { Put: { ...common, Item: toItem(write.row) } };
    case 'update':
      return { Update: { ...common, Key: keyItem(write.key), UpdateExpression } };
    case 'delete':
      return { Delete: { ...common, Key: keyItem(write.key) } };
    case 'check':
      return { ConditionCheck: { ...common, Key: keyItem(write.key), ConditionExpression } };
  }
}
