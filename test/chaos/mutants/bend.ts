import type { FunctionName } from '#functions/wiring.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { kindOf, type RowKind } from '#shared/store/keys.ts';
import type { Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import type { Bend, WorldDeps } from '../world/world.ts';

/** A bug that is planted: what somebody forgot or got wrong, and within how many runs the simulation must find it. */
export type Mutant = { readonly name: string; readonly within: number; readonly bend: Bend };

/** The same only in these functions. */
export const inside =
  (names: readonly FunctionName[], change: (deps: WorldDeps) => Partial<WorldDeps>): Bend =>
  (deps, { name }) =>
    names.includes(name) ? { ...deps, ...change(deps) } : deps;

type Changes = {
  /** Undefined: the write is left out. */
  readonly write?: (write: Write) => Write | undefined;
  readonly read?: (row: Row | undefined, key: Key) => Row | undefined;
  readonly found?: (rows: Row[], range: Range) => Row[];
  /** Whether an entry of an index is seen. */
  readonly sees?: (key: Key) => boolean;
};

const same = <T>(value: T): T => value;

/** The table, but for what somebody got wrong about it. */
export function bent(
  { table }: WorldDeps,
  { write = same, read = same, found = same, sees = () => true }: Changes,
): Table {
  const written = (writes: readonly Write[]): Write[] => writes.flatMap((one) => write(one) ?? []);
  return {
    get: async (key, options) => read(await table.get(key, options), key),
    batchGet: async (keys) => (await table.batchGet(keys)).map((row, i) => read(row, keys[i] ?? { pk: '', sk: '' })),
    query: async (range) => found(await table.query(range), range),
    queryIndex: async (range) => (await table.queryIndex(range)).filter(sees),
    write: async (one) => {
      const [left] = written([one]);
      return left ? table.write(left) : undefined;
    },
    transact: (writes) => table.transact(written(writes)),
  };
}

export const isOf =
  (...kinds: readonly RowKind[]) =>
  (write: Write): boolean =>
    kinds.includes(kindOf(keyOf(write)));

/** What is published, but for settings that somebody takes for others. */
export function takingSettings({ published }: WorldDeps, as: (settings: Settings) => Settings): WorldDeps['published'] {
  const settings = async () => as(await published.settings());
  return new Proxy(published, {
    get: (all, name) => {
      const part: unknown = name === 'settings' ? settings : Reflect.get(all, name);
      return typeof part === 'function' ? part.bind(all) : part;
    },
  });
}

/** The writes of these rows happen whatever stands there. */
export function unconditional(...kinds: readonly RowKind[]): (write: Write) => Write {
  const isMeant = isOf(...kinds);
  return (write) => {
    if (write.kind === 'check' || !isMeant(write)) return write;
    const { if: _, ...rest } = write;
    return rest;
  };
}

/** These writes never happen. */
export const without =
  (isMeant: (write: Write) => boolean) =>
  (write: Write): Write | undefined =>
    isMeant(write) ? undefined : write;

/** Rows are put as somebody got them wrong. */
export const putting =
  (kind: RowKind, wrong: (row: Row) => Row) =>
  (write: Write): Write =>
    write.kind === 'put' && isOf(kind)(write) ? { ...write, row: wrong(write.row) } : write;

/** The checks of these rows are left out. */
export function unchecked(...kinds: readonly RowKind[]): (write: Write) => Write | undefined {
  const isMeant = isOf(...kinds);
  return (write) => (write.kind === 'check' && isMeant(write) ? undefined : write);
}
