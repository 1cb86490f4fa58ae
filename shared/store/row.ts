import type { Key, Row } from './table.ts';

const isRow = (value: object): value is Row => 'pk' in value && 'sk' in value;

/**
 * A row of these attributes. Domain objects may have members that are undefined, at any depth: the adapters leave them
 * out, which TypeScript's index signatures cannot say.
 */
export function rowOf(key: Key, ...attributes: readonly object[]): Row {
  const row: object = Object.assign({}, ...attributes, key);
  if (!isRow(row)) throw new TypeError('a row needs pk and sk');
  return row;
}
