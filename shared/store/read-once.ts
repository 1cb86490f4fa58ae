import type { Row } from './table.ts';

/**
 * A reader of rows that reads each row once: the laptop's table gives the very same object as long as a row stands
 * unchanged, and parsing costs more than all else there. Nobody changes a row or what was read from it.
 */
export function readOnce<T>(read: (row: Row) => T): (row: Row) => T {
  const known = new WeakMap<Row, { readonly value: T }>();
  return (row) => {
    const before = known.get(row);
    if (before) return before.value;
    const value = read(row);
    known.set(row, { value });
    return value;
  };
}
