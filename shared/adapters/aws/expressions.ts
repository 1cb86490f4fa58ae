import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { TABLE } from '#shared/store/keys.ts';
import type { AttributePath, Change, Condition, IndexRange, Json, Range } from '#shared/store/table.ts';
import { toAttribute } from './attributes.ts';

/** The names and values of one request. Every name is written as a placeholder: half of ours are reserved words. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, AttributeValue>();

  name(name: string): string {
    const known = this.#names.get(name) ?? `#n${this.#names.size}`;
    this.#names.set(name, known);
    return known;
  }

  path(path: AttributePath): string {
    return path.map((name) => this.name(name)).join('.');
  }

  value(value: Json): string {
    const placeholder = `:v${this.#values.size}`;
    this.#values.set(placeholder, toAttribute(value));
    return placeholder;
  }

  /** As requests want them: left out where there are none. */
  get parts() {
    return {
      ...(this.#names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(
          [...this.#names].map(([name, placeholder]) => [placeholder, name]),
        ),
      }),
      ...(this.#values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(this.#values) }),
    };
  }
}

/** A row that has expired by `now` (epoch seconds) counts as absent. */
export function conditionExpression(
  condition: Condition | undefined,
  now: number,
  p: Placeholders,
): string | undefined {
  if (condition === undefined) return undefined;
  const pk = () => p.name(TABLE.partitionKey);
  const expires = () => p.name(TABLE.ttl);
  const expired = () => `${expires()} <= ${p.value(now)}`;
  const { absent, exists, equals, missing = [], below = {} } = condition;
  if (absent) return `attribute_not_exists(${pk()}) OR ${expired()}`;
  const parts = [
    ...(exists || equals
      ? [`attribute_exists(${pk()})`, `(attribute_not_exists(${expires()}) OR ${expires()} > ${p.value(now)})`]
      : []),
    ...Object.entries(equals ?? {}).map(([name, value]) => `${p.name(name)} = ${p.value(value)}`),
    ...missing.map((name) => `(attribute_not_exists(${p.name(name)}) OR ${expired()})`),
    ...Object.entries(below).map(([name, bound]) => {
      const attribute = p.name(name);
      return `(attribute_not_exists(${attribute}) OR ${attribute} < ${p.value(bound)} OR ${expired()})`;
    }),
  ];
  // A check must ask something.
  return parts.length > 0 ? parts.join(' AND ') : `attribute_exists(${pk()}) OR attribute_not_exists(${pk()})`;
}

/** Of a change that changes something. */
export function updateExpression(
  { set = [], setIfAbsent = [], add = [], remove = [] }: Change,
  p: Placeholders,
): string {
  const sets = [
    ...set.map(([path, value]) => `${p.path(path)} = ${p.value(value)}`),
    ...setIfAbsent.map(([path, value]) => `${p.path(path)} = if_not_exists(${p.path(path)}, ${p.value(value)})`),
    // ADD takes top-level names only.
    ...add.map(([path, n]) => `${p.path(path)} = if_not_exists(${p.path(path)}, ${p.value(0)}) + ${p.value(n)}`),
  ];
  const removes = remove.map((path) => p.path(path));
  return [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ].join(' ');
}

/** Undefined for a stretch that can't hold anything, which DynamoDB would refuse. */
export function rangeExpression({ pk, prefix, from, to }: Range, p: Placeholders): string | undefined {
  if (prefix !== undefined && (from !== undefined || to !== undefined))
    throw new Error('a range by prefix has no other bounds');
  if (to === '' || (from !== undefined && to !== undefined && from > to)) return undefined;
  const partition = `${p.name(TABLE.partitionKey)} = ${p.value(pk)}`;
  // A name that no expression uses is refused too.
  if (!prefix && !from && to === undefined) return partition;
  const sort = p.name(TABLE.sortKey);
  if (prefix) return `${partition} AND begins_with(${sort}, ${p.value(prefix)})`;
  if (from && to !== undefined) return `${partition} AND ${sort} BETWEEN ${p.value(from)} AND ${p.value(to)}`;
  if (from) return `${partition} AND ${sort} >= ${p.value(from)}`;
  return `${partition} AND ${sort} <= ${p.value(to ?? '')}`;
}

/** Of an index. A lower bound is no matter of the expression: it is where the query starts. */
export function indexExpression({ index, pk, to }: IndexRange, p: Placeholders): string {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  const partition = `${p.name(partitionKey)} = ${p.value(pk)}`;
  return to === undefined ? partition : `${partition} AND ${p.name(sortKey)} <= ${p.value(to)}`;
}
