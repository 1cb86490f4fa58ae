import type { FunctionName } from '#functions/wiring.ts';
import { GRANTS, type Grant, PARTITIONS, type Partitions } from '#infra/grants.ts';
import type { IndexRange, Key, Range, Table, Write } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';

/** What IAM says to whoever has no right. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDeniedException';
}

const isOf = (pk: string, partition: Partitions): boolean => {
  const pattern = PARTITIONS[partition];
  return pattern.endsWith('*') ? pk.startsWith(pattern.slice(0, -1)) : pk === pattern;
};

/** Throws for what a function has no right to by its row in grants.ts, beside the table. */
export function assertMay(name: FunctionName, what: string, has: (grant: Grant) => unknown): void {
  if (!has(GRANTS[name])) throw new AccessDenied(`${name} may not ${what}`);
}

/** The table as a function may use it by its row in grants.ts: what it has no right to is refused, as IAM would. */
export function permitted(table: Table, name: FunctionName): Table {
  const { read = [], write = [], check = [], indexes = [] }: Grant = GRANTS[name];
  const allow = (what: string, pk: string, partitions: readonly Partitions[]): void => {
    if (!partitions.some((one) => isOf(pk, one))) throw new AccessDenied(`${name} may not ${what} ${pk}`);
  };
  const reading = ({ pk }: Pick<Key, 'pk'>): void => allow('read', pk, read);
  const writing = (one: Write): void =>
    one.kind === 'check' ? allow('check', keyOf(one).pk, [...write, ...check]) : allow('write', keyOf(one).pk, write);
  return {
    get: (key, options) => {
      reading(key);
      return table.get(key, options);
    },
    batchGet: (keys) => {
      keys.forEach(reading);
      return table.batchGet(keys);
    },
    query: (range: Range) => {
      reading(range);
      return table.query(range);
    },
    queryIndex: (range: IndexRange) => {
      if (!indexes.includes(range.index)) throw new AccessDenied(`${name} may not ask the index ${range.index}`);
      return table.queryIndex(range);
    },
    write: (one) => {
      writing(one);
      return table.write(one);
    },
    transact: (all) => {
      all.forEach(writing);
      return table.transact(all);
    },
  };
}
