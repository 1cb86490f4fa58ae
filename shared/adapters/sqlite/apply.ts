import type { Change, Condition, Json, Key, Row } from '#shared/store/table.ts';

/** What DynamoDB does inside the server, for an engine that holds rows as JSON: conditions and changes. */

/** A row as it is stored: nothing in it is undefined. */
export type Stored = Key & { readonly [attribute: string]: Json };
type Attributes = { readonly [name: string]: Json };

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

/** The row after the change. `row` is what stands there, expired or not. Throws an Error for what DynamoDB refuses too. */
export function applyChange(key: Key, row: Stored | undefined, change: Change): Stored {
  let attributes: Attributes = row ?? { ...key };
  for (const [path, value] of change.set ?? []) attributes = changeAt(attributes, path, () => value);
  for (const [path, value] of change.setIfAbsent ?? [])
    attributes = changeAt(attributes, path, (old) => (old === undefined ? value : old));
  for (const [path, n] of change.add ?? [])
    attributes = changeAt(attributes, path, (old) => sum(old === undefined ? 0 : old, n));
  for (const path of change.remove ?? []) attributes = changeAt(attributes, path, () => undefined);
  return { ...attributes, ...key };
}

function changeAt(
  map: Attributes,
  path: readonly string[],
  change: (old: Json | undefined) => Json | undefined,
): Attributes {
  const [name = '', ...deeper] = path;
  if (deeper.length > 0) {
    const inner = Object.hasOwn(map, name) ? map[name] : undefined;
    if (!isMap(inner)) throw new Error(`a change inside ${name}, which is no map`);
    return { ...map, [name]: changeAt(inner, deeper, change) };
  }
  const value = change(Object.hasOwn(map, name) ? map[name] : undefined);
  if (value !== undefined) return { ...map, [name]: value };
  const { [name]: _, ...rest } = map;
  return rest;
}

const isMap = (value: Json | undefined): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** DynamoDB adds decimals exactly, so 0.1 + 0.2 is 0.3: 15 digits are what a double holds of that. */
function sum(old: Json, n: number): number {
  if (typeof old !== 'number') throw new Error('a number can only be added to a number');
  const total = old + n;
  return Number.isInteger(old) && Number.isInteger(n) ? total : Number(total.toPrecision(15));
}

/** A row as it would come back from the file: a copy of its own, in which nothing is undefined. */
export function plain({ pk, sk, ...attributes }: Row): Stored {
  return Object.assign(copied(attributes), { pk, sk });
}

function copied(map: { readonly [name: string]: Json | undefined }): { [name: string]: Json } {
  const copy: { [name: string]: Json } = {};
  for (const name in map) {
    const value = map[name];
    if (value === undefined) continue;
    // As JSON has it: a name like any other.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: copyOf(value), enumerable: true });
    else copy[name] = copyOf(value);
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
