import type { DynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import type { Table, Write } from '#shared/store/table.ts';

/**
 * Tells the units that the engine says it has consumed for each call. The adapter does not ask for them, so every
 * request is made to.
 */
export function tellUnits(call: DynamoApi, onUnits: (units: number) => void): DynamoApi {
  return async (operation, input) => {
    const output = await call(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
    const consumed = Object(output).ConsumedCapacity;
    const all: { CapacityUnits: number }[] = Array.isArray(consumed) ? consumed : [consumed];
    onUnits(all.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0));
    return output;
  };
}

/** Calls of every kind, on rows around the sizes where a unit more is due. */
export function billedCalls(pk: string): ((table: Table) => Promise<unknown>)[] {
  const put = (sk: string, rest: object = {}): Write => ({ kind: 'put', row: { pk, sk, ...rest } });
  const write = (one: Write) => (table: Table) => table.write(one);
  const transact = (writes: Write[]) => (table: Table) => table.transact(writes);
  const text = (bytes: number) => ({ text: 'x'.repeat(bytes) });
  const due = (time: string) => ({ duePk: `due#${pk}`, due: time });
  const key = { pk, sk: 'A' };
  return [
    write(put('A', { n: 1, list: [1, 'a', { b: null }], ...text(900) })),
    write(put('A', text(3000))),
    write(put('A', text(10))),
    write(put('B', due('09:00'))),
    write(put('B', { ...due('09:00'), n: 1 })),
    write(put('B', due('10:00'))),
    write(put('B', { dirPk: `dir#${pk}` })),
    write({ kind: 'update', key: { pk, sk: 'C' }, change: { set: [[['due'], '09:00']], add: [[['n'], 1]] } }),
    write({ kind: 'update', key: { pk, sk: 'C' }, change: { set: [[['duePk'], `due#${pk}`]] } }),
    write({ kind: 'update', key: { pk, sk: 'C' }, change: { remove: [['due']] } }),
    write({ kind: 'update', key, change: { set: [[['text'], 'x'.repeat(5000)]] } }),
    write({ kind: 'check', key, if: { exists: true } }),
    transact([put('D', text(1500)), put('E', due('09:00')), { kind: 'delete', key: { pk, sk: 'B' } }]),
    transact([put('D'), { kind: 'check', key, if: { exists: true } }]),
    transact([put('F', { ...due('11:00'), dirPk: `dir#${pk}` })]),
    (table) => table.get(key),
    (table) => table.get(key, { stale: true }),
    (table) => table.get({ pk, sk: 'none' }),
    (table) => table.batchGet([key, { pk, sk: 'none' }, key, { pk, sk: 'E' }]),
    (table) => table.query({ pk }),
    (table) => table.query({ pk, prefix: 'none' }),
    (table) => table.query({ pk, from: 'B', to: 'D', reverse: true, limit: 2 }),
    (table) => table.queryIndex({ index: 'due', pk: `due#${pk}`, limit: 10 }),
    write({ kind: 'delete', key }),
    write({ kind: 'delete', key }),
  ];
}
