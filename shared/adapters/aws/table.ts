import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Conflict } from '#shared/errors.ts';
import type { Clock } from '#shared/ports.ts';
import { TABLE } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { assertWrites } from '#shared/store/transaction.ts';
import { toMillis } from '#shared/time/instant.ts';
import { fromItem } from './attributes.ts';
import { type DynamoApi, dynamoApi } from './dynamo-api.ts';
import { indexExpression, Placeholders, rangeExpression } from './expressions.ts';
import { keyItem, toRequest, type WriteRequest } from './requests.ts';
import { toTableError } from './table-errors.ts';

type Item = Record<string, AttributeValue>;

/** Keys that one BatchGetItem takes. */
const BATCH = 100;
const BATCH_ATTEMPTS = 8;
const BATCH_BACKOFF_MILLISECONDS = 25;

/**
 * The table in DynamoDB. A call whose answer is lost is made again; a transaction carries a token that makes this safe, but a single write on a condition may then meet its own first attempt and throw ConditionFailed although
 * it has happened. Who reads again and decides again finds it done.
 */
export class DynamoTable implements Table {
  readonly #call: DynamoApi;
  readonly #name: string;
  readonly #clock: Clock;

  constructor(tableName: string, clock: Clock, call = dynamoApi()) {
    this.#name = tableName;
    this.#clock = clock;
    this.#call = call;
  }

  async get(key: Key, { stale = false }: { stale?: boolean } = {}): Promise<Row | undefined> {
    const { Item } = await this.#asked(() =>
      this.#call('GetItem', { TableName: this.#name, Key: keyItem(key), ConsistentRead: !stale }),
    );
    return this.#alive(Item);
  }

  async batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    const wanted = [...new Map(keys.map((key) => [nameOf(key), keyItem(key)])).values()];
    const chunks = Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, i) =>
      wanted.slice(i * BATCH, (i + 1) * BATCH),
    );
    const items = (await Promise.all(chunks.map((chunk) => this.#batch(chunk)))).flat();
    const rows = new Map(items.map((item) => [nameOf(fromItem(item)), this.#alive(item)]));
    return keys.map((key) => rows.get(nameOf(key)));
  }

  async query(range: Range): Promise<Row[]> {
    const p = new Placeholders();
    const KeyConditionExpression = rangeExpression(range, p);
    if (KeyConditionExpression === undefined || range.limit === 0) return [];
    const rows: Row[] = [];
    const limit = range.limit ?? Number.POSITIVE_INFINITY;
    let start: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#asked(() =>
        this.#call('Query', {
          TableName: this.#name,
          KeyConditionExpression,
          ...p.parts,
          ConsistentRead: true,
          ScanIndexForward: !range.reverse,
          ...(range.limit !== undefined && { Limit: limit - rows.length }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      rows.push(...Items.flatMap((item) => this.#alive(item) ?? []));
      start = LastEvaluatedKey;
    } while (start && rows.length < limit);
    return rows;
  }

  async queryIndex(range: IndexRange): Promise<IndexEntry[]> {
    if (range.to === '' || range.limit === 0) return [];
    const p = new Placeholders();
    const KeyConditionExpression = indexExpression(range, p);
    const { sortKey } = TABLE.indexes[range.index];
    const entries: IndexEntry[] = [];
    let start = range.after && startOf(range, range.after);
    do {
      const { Items = [], LastEvaluatedKey } = await this.#asked(() =>
        this.#call('Query', {
          TableName: this.#name,
          IndexName: range.index,
          KeyConditionExpression,
          ...p.parts,
          Limit: range.limit - entries.length,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const row of Items.map(fromItem)) entries.push({ pk: row.pk, sk: row.sk, sort: String(row[sortKey]) });
      start = LastEvaluatedKey;
    } while (start && entries.length < range.limit);
    return entries;
  }

  async write(write: Write): Promise<Row | undefined> {
    assertWrites([write]);
    const { Put, Update, Delete } = this.#request(write);
    if (Put) {
      await this.#asked(() => this.#call('PutItem', Put));
      return this.#alive(Put.Item);
    }
    if (Update) {
      const { Attributes } = await this.#asked(() => this.#call('UpdateItem', { ...Update, ReturnValues: 'ALL_NEW' }));
      return this.#alive(Attributes);
    }
    if (Delete) await this.#asked(() => this.#call('DeleteItem', Delete));
    // Only a transaction can check without writing.
    else await this.transact([write]);
    return undefined;
  }

  async transact(writes: readonly Write[]): Promise<void> {
    assertWrites(writes);
    if (writes.length === 0) return;
    const TransactItems = writes.map((write) => this.#request(write));
    await this.#asked(() => this.#call('TransactWriteItems', { TransactItems, ClientRequestToken: randomUUID() }));
  }

  #request(write: Write): WriteRequest {
    return toRequest(write, this.#name, this.#seconds());
  }

  /** What is left over under load is asked for again, later each time. Throws Conflict when that does not end. */
  async #batch(keys: Item[]): Promise<Item[]> {
    const items: Item[] = [];
    let left = keys;
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt === BATCH_ATTEMPTS) throw new Conflict(`${left.length} rows were not read: the table is throttled`);
      if (attempt > 0) await this.#clock.sleep(BATCH_BACKOFF_MILLISECONDS * 2 ** attempt);
      const RequestItems = { [this.#name]: { Keys: left, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.#asked(() => this.#call('BatchGetItem', { RequestItems }));
      items.push(...(Responses?.[this.#name] ?? []));
      left = UnprocessedKeys?.[this.#name]?.Keys ?? [];
    }
    return items;
  }

  async #asked<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw toTableError(error, (item) => this.#alive(item));
    }
  }

  #alive(item: Item | undefined): Row | undefined {
    const row = item && fromItem(item);
    const expires = row?.[TABLE.ttl];
    return typeof expires === 'number' && expires <= this.#seconds() ? undefined : row;
  }

  #seconds(): number {
    return toMillis(this.#clock.now()) / 1000;
  }
}

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

/** Where a query of an index goes on: after the keys of the row and of the index. */
function startOf({ index, pk }: IndexRange, { sort, ...key }: IndexEntry): Item {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  return { ...keyItem(key), [partitionKey]: { S: pk }, [sortKey]: { S: sort } };
}
