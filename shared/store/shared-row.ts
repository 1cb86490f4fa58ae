import { rowOf } from './row.ts';
import type { Key, Write } from './table.ts';

/** Writes a row that all of one kind share, on condition that nobody else has since it was read. */
export const putShared = <T extends { readonly rev: number }>(key: Key, value: T): Write => ({
  kind: 'put',
  row: rowOf(key, { ...value, v: 1, rev: value.rev + 1 }),
  if: value.rev === 0 ? { absent: true } : { equals: { rev: value.rev } },
});
