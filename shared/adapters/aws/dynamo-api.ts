import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  QueryInput,
  QueryOutput,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb';
import type { ApiOptions } from './api.ts';
import { jsonTexts } from './json-api.ts';

/** What the table adapter asks of DynamoDB, in the types of the SDK, which leave nothing behind in a bundle. */
type Operations = {
  BatchGetItem: { readonly input: BatchGetItemInput; readonly output: BatchGetItemOutput };
  DeleteItem: { readonly input: DeleteItemInput; readonly output: DeleteItemOutput };
  GetItem: { readonly input: GetItemInput; readonly output: GetItemOutput };
  PutItem: { readonly input: PutItemInput; readonly output: PutItemOutput };
  Query: { readonly input: QueryInput; readonly output: QueryOutput };
  TransactWriteItems: { readonly input: TransactWriteItemsInput; readonly output: TransactWriteItemsOutput };
  UpdateItem: { readonly input: UpdateItemInput; readonly output: UpdateItemOutput };
};

export type DynamoApi = <Name extends keyof Operations>(
  operation: Name,
  input: Operations[Name]['input'],
) => Promise<Operations[Name]['output']>;

/**
 * DynamoDB. Its JSON is the SDK's types as they stand, since no row of ours has binary values; answers are trusted to be
 * what AWS documents, and rows are parsed by who reads them.
 */
export function dynamoApi(options: ApiOptions = {}): DynamoApi {
  const call = jsonTexts('dynamodb', options);
  return async (operation, input) => JSON.parse(await call(operation, input));
}
