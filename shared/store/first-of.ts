import type { Key, Row, Table } from './table.ts';

/** The first row that is there, of the places where it may lie. */
export async function firstOf(table: Table, keys: readonly Key[]): Promise<Row | undefined> {
  const [only, ...others] = keys;
  if (!only || others.length === 0) return only && table.get(only);
  return (await table.batchGet(keys)).find((row) => row !== undefined);
}
