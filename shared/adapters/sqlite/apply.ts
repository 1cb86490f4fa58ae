import type { Change, Condition, Json, Key, Row } from '#shared/store/table.ts';

/** What DynamoDB does inside the server, for an engine that holds rows as JSON: conditions and changes. */

/** A row as it is stored: nothing in it is undefined. */
export type Stored = Key & { readonly [attribute: string]: Json };
type Attributes = { [name: string]: Json };
type Path = readonly string[];
type ChangeOf = (old: Json | undefined) => Json | undefined;
type JsonMap = { readonly [name: string]: Json };

/** Text is compared as both engines sort it, by its bytes in UTF-8. */
function isBelow(value: Json, bound: string | number): boolean {
  if (typeof value === 'number' && typeof bound === 'number') return value < bound;
  if (typeof value === 'string' && typeof bound === 'string')
    return Buffer.compare(Buffer.from(value), Buffer.from(bound)) < 0;
  return false;
}

/** Whether the condition holds of the row that counts now; undefined where there is none or it has expired. */
export function holds(condition: Condition, row: Stored | undefined): boolean {
  if (condition.absent) return row === undefined;
  if ((condition.exists || condition.equals) && row === undefined) return false;
  for (const name in condition.equals) if (row?.[name] !== condition.equals[name]) return false;
  for (const name of condition.missing ?? []) if (row?.[name] !== undefined) return false;
  for (const name in condition.below) {
    const value = row?.[name];
    const bound = condition.below[name];
    if (value !== undefined && bound !== undefined && !isBelow(value, bound)) return false;
  }
  return true;
}

/**
 * The row after the change, as it would come back from the file. `row` is what stands there, expired or not. Throws an
 * Error for what DynamoDB refuses too.
 */
export function applyChange(key: Key, row: Stored | undefined, change: Change): Stored {
  const { pk, sk } = key;
  const after: Attributes = { ...row };
  const ours = new Set<JsonMap>();
  for (const [path, value] of change.set ?? []) changeAt(after, path, () => copyOf(value), ours);
  for (const [path, value] of change.setIfAbsent ?? [])
    changeAt(after, path, (old) => (old === undefined ? copyOf(value) : old), ours);
  for (const [path, n] of change.add ?? []) changeAt(after, path, (old) => sum(old === undefined ? 0 : old, n), ours);
  for (const path of change.remove ?? []) changeAt(after, path, () => undefined, ours);
  return Object.assign(after, { pk, sk });
}

/** Changes a map that is ours. What lies deeper is copied first, once: others look at it. */
function changeAt(map: Attributes, path: Path, change: ChangeOf, ours: Set<JsonMap>): void {
  const [name = '', ...deeper] = path;
  const old = Object.hasOwn(map, name) ? map[name] : undefined;
  put(map, name, deeper.length === 0 ? change(old) : changedInside(name, old, deeper, change, ours));
}

function changedInside(
  name: string,
  old: Json | undefined,
  path: Path,
  change: ChangeOf,
  ours: Set<JsonMap>,
): Attributes {
  if (!isMap(old)) throw new Error(`a change inside ${name}, which is no map`);
  const inner = ours.has(old) ? old : { ...old };
  ours.add(inner);
  changeAt(inner, path, change, ours);
  return inner;
}

function put(map: Attributes, name: string, value: Json | undefined): void {
  if (value === undefined) delete map[name];
  // As JSON has it: a name like any other.
  else if (name === '__proto__') Object.defineProperty(map, name, { value, ...PLAIN });
  else map[name] = value;
}

const PLAIN = { enumerable: true, configurable: true, writable: true };

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** DynamoDB adds decimals exactly, so 0.1 + 0.2 is 0.3: 15 digits are what a double holds of that. */
function sum(old: Json, n: number): number {
  if (typeof old !== 'number') throw new Error('a number can only be added to a number');
  const total = old + n;
  return Number.isInteger(old) && Number.isInteger(n) ? total : Number(total.toPrecision(15));
}

/** A row as it would come back from the file: a copy of its own, in which nothing is undefined. */
export const plain = (row: Row): Stored => Object.assign(copied(row), { pk: row.pk, sk: row.sk });

function copied(map: { readonly [name: string]: Json | undefined }): Attributes {
  const copy: Attributes = {};
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) put(copy, name, copyOf(value));
  }
  return copy;
}

function copyOf(value: Json): Json {
  if (typeof value === 'object' && value !== null) return isList(value) ? value.map(copyOf) : copied(value);
  // Nobody tells minus zero from zero.
  return value === 0 ? 0 : value;
}

const isList = (value: Json | Row): value is readonly Json[] => Array.isArray(value);

/** Whether two values are the same to who reads them as JSON, in whatever order their names stand. */
export function sameJson(a: Json | Row | undefined, b: Json | Row | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isList(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameJson(a[name], b[name]));
}
