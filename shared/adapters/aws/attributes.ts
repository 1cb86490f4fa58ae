import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json, Row } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';

/**
 * Rows and DynamoDB's typed attributes. The document client is not used: it leaves the rows inside exceptions as they
 * are, and makes BigInt of large numbers.
 */

/** Throws a RangeError for a number that DynamoDB can't hold, and a TypeError for what is no JSON. */
export function toAttribute(value: Json): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (typeof value === 'number') {
    if (!holdsNumber(value)) throw new RangeError(`a table holds no ${value}`);
    return { N: String(value) };
  }
  if (isList(value)) return { L: value.map(toAttribute) };
  if (typeof value !== 'object') throw new TypeError(`a table holds no ${typeof value}`);
  return { M: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toAttribute(inner)])) };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Throws an Error for sets and binary values, which no row of ours has. */
export function fromAttribute(attribute: AttributeValue): Json {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.M !== undefined)
    return Object.fromEntries(Object.entries(attribute.M).map(([name, inner]) => [name, fromAttribute(inner)]));
  throw new Error(`an attribute of type ${Object.keys(attribute).join()}`);
}

type Item = Record<string, AttributeValue>;

export function toItem(row: Row): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(row)) if (value !== undefined) item[name] = toAttribute(value);
  return item;
}

/** Of a row, or of an image in the table's stream. */
export function fromItem(item: Readonly<Item>): Row {
  const { pk, sk, ...rest } = item;
  if (pk?.S === undefined || sk?.S === undefined) throw new Error('an item without its key');
  const row: Row = { pk: pk.S, sk: sk.S };
  return { ...row, ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, fromAttribute(value)])) };
}
