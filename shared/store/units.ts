import { TABLE } from './keys.ts';
import type { IndexEntry, IndexRange, Json, Row } from './table.ts';

/**
 * What DynamoDB bills for reads and writes on demand, reckoned from the rows themselves, after its developer guide
 * ("Item sizes and formats", "Capacity unit consumption", "Global secondary indexes: provisioned throughput").
 */

/** The largest row that DynamoDB stores, names and values together. */
export const ROW_LIMIT = 400 * 1024;

const NUMBER_LIMIT = 1e126;
const NUMBER_LEAST = 1e-130;

const READ_BLOCK = 4096;
const WRITE_BLOCK = 1024;
const LIST_OR_MAP = 3;
const ELEMENT = 1;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair stands for two of the four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

const ZEROS_AROUND = /^-?0*\.?0*|e.*$|\.?0*$/g;

/** Whether a table can hold a number: DynamoDB's reach from 1e-130 to 1e126, and 0. */
export function holdsNumber(value: number): boolean {
  const magnitude = Math.abs(value);
  return value === 0 || (magnitude >= NUMBER_LEAST && magnitude < NUMBER_LIMIT);
}

/** One byte for two significant digits, one more for the exponent, one for a minus. */
function numberSize(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 100) return value === 0 ? 1 : 2;
  if (!holdsNumber(value)) throw new RangeError(`a table holds no ${value}`);
  const magnitude = Math.abs(value);
  const digits = Number.isSafeInteger(magnitude)
    ? significant(magnitude)
    : String(value).replace(ZEROS_AROUND, '').replace('.', '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

/** Digits of a whole number, without the zeros at its end. */
function significant(whole: number): number {
  let rest = whole;
  while (rest !== 0 && rest % 10 === 0) rest /= 10;
  return String(rest).length;
}

function valueSize(value: Json): number {
  if (typeof value === 'string') return utf8Length(value);
  if (typeof value === 'number') return numberSize(value);
  if (value === null || typeof value === 'boolean') return 1;
  let size = LIST_OR_MAP;
  if (isList(value)) for (const element of value) size += ELEMENT + valueSize(element);
  else for (const name in value) size += ELEMENT + utf8Length(name) + valueSize(value[name] ?? null);
  return size;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Bytes of a row as DynamoDB counts them. Throws a RangeError for a number that it can't hold. */
export function rowSize(row: Row): number {
  let size = 0;
  for (const name in row) {
    const value = row[name];
    if (value !== undefined) size += utf8Length(name) + valueSize(value);
  }
  return size;
}

/** A row with its size, so that it is measured once and not with every use. */
export type Measured = { readonly row: Row; readonly size: number };

const blocks = (size: number, block: number): number => Math.max(1, Math.ceil(size / block));

/**
 * Units of one read. `size` is that of all that was read: of one row for a get, of all rows of a query together. What
 * is not there costs as much as the smallest row.
 */
export function readUnits(size: number, how: { consistent: boolean; transactional?: boolean }): number {
  const units = blocks(size, READ_BLOCK);
  if (how.transactional) return 2 * units;
  return how.consistent ? units : units / 2;
}

/**
 * Units of one write, its index entries included: the larger of the row before and after, doubled inside a transaction,
 * and what the two sparse indexes take. An index follows after the transaction, so its part is not doubled.
 */
export function writeUnits(
  before: Measured | undefined,
  after: Measured | undefined,
  how: { transactional: boolean },
): number {
  const base = blocks(Math.max(before?.size ?? 0, after?.size ?? 0), WRITE_BLOCK);
  const indexed = indexUnits(before?.row, after?.row);
  return (how.transactional ? 2 : 1) * base + indexed;
}

/** A row that comes into an index costs one entry, one that leaves it one, one that moves inside it both. */
function indexUnits(before: Row | undefined, after: Row | undefined): number {
  let units = 0;
  for (const { partitionKey, sortKey } of INDEXES) {
    if (before?.[partitionKey] === after?.[partitionKey] && before?.[sortKey] === after?.[sortKey]) continue;
    const from = entrySize(before, partitionKey, sortKey);
    const to = entrySize(after, partitionKey, sortKey);
    if (from !== undefined) units += blocks(from, WRITE_BLOCK);
    if (to !== undefined) units += blocks(to, WRITE_BLOCK);
  }
  return units;
}

const INDEXES = Object.values(TABLE.indexes);

/** Keys of the row and of the index; undefined where the row is not in the index. */
function entrySize(row: Row | undefined, partitionKey: string, sortKey: string): number | undefined {
  const partition = row?.[partitionKey];
  const sort = row?.[sortKey];
  if (row === undefined || partition === undefined || sort === undefined) return undefined;
  return rowSize({ pk: row.pk, sk: row.sk, [partitionKey]: partition, [sortKey]: sort });
}

/** What a query of an index reads, in bytes: the keys of all entries together. */
export function indexEntriesSize({ index, pk }: IndexRange, entries: readonly IndexEntry[]): number {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  return entries.reduce(
    (sum, entry) => sum + rowSize({ pk: entry.pk, sk: entry.sk, [partitionKey]: pk, [sortKey]: entry.sort }),
    0,
  );
}
