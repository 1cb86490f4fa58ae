import { type Change, EXPRESSION_LIMIT, type Key, TRANSACTION_LIMIT, type Write } from './table.ts';

/** The key of the row that a write is about. */
export const keyOf = (write: Write): Key => (write.kind === 'put' ? write.row : write.key);

/**
 * Writes that were decided apart, at most one a row: a put stands for all that was to be done to its row, and updates of
 * one row are one. In the order in which the rows first come.
 */
export function oneWriteARow(writes: readonly Write[]): Write[] {
  const rows = new Map<string, Write>();
  for (const write of writes) {
    const { pk, sk } = keyOf(write);
    const name = JSON.stringify([pk, sk]);
    const before = rows.get(name);
    rows.set(name, before ? joined(before, write) : write);
  }
  return [...rows.values()];
}

function joined(a: Write, b: Write): Write {
  if (a.kind !== 'update' || b.kind !== 'update') return a.kind === 'put' ? a : b;
  const change: Change = {
    set: lastSaid([...(a.change.set ?? []), ...(b.change.set ?? [])]),
    setIfAbsent: [...(a.change.setIfAbsent ?? []), ...(b.change.setIfAbsent ?? [])],
    add: added([...(a.change.add ?? []), ...(b.change.add ?? [])]),
    remove: [...(a.change.remove ?? []), ...(b.change.remove ?? [])],
  };
  return { ...a, change };
}

/** Of two values for one place, the later one. */
const lastSaid = (all: NonNullable<Change['set']>): NonNullable<Change['set']> => [
  ...new Map(all.map((one) => [JSON.stringify(one[0]), one])).values(),
];

/** Two numbers that are added to one place are added together. */
function added(all: NonNullable<Change['add']>): NonNullable<Change['add']> {
  const sums = new Map<string, NonNullable<Change['add']>[number]>();
  for (const [path, n] of all) {
    const name = JSON.stringify(path);
    sums.set(name, [path, n + (sums.get(name)?.[1] ?? 0)]);
  }
  return [...sums.values()];
}

/**
 * Throws an Error for what no engine should be asked: too many writes at once, two of one row, a change of nothing, of
 * the same thing twice or of more places than fit into an expression. Engines differ in what they notice.
 */
export function assertWrites(writes: readonly Write[]): void {
  assertTransaction(writes);
  for (const write of writes) if (write.kind === 'update') assertChange(write.change);
}

function assertTransaction(writes: readonly Write[]): void {
  if (writes.length > TRANSACTION_LIMIT)
    throw new Error(`${writes.length} writes in one transaction: ${TRANSACTION_LIMIT} fit`);
  const keys = writes.map(keyOf);
  for (const [i, { pk, sk }] of keys.entries())
    if (keys.findIndex((key) => key.sk === sk && key.pk === pk) < i)
      throw new Error('two writes of one row in one transaction');
}

/** No path may lie on or inside another: their order would matter. */
function assertChange(change: Change): void {
  const { set = [], setIfAbsent = [], add = [], remove = [] } = change;
  const paths = [...set.map(first), ...setIfAbsent.map(first), ...add.map(first), ...remove];
  if (paths.length === 0) throw new Error('an empty change');
  if (lengthOf(change) > EXPRESSION_LIMIT)
    throw new Error(`a change of ${paths.length} places: too many for one expression`);
  for (const [i, path] of paths.entries()) {
    if (path[0] === 'pk' || path[0] === 'sk') throw new Error('a change of the key');
    for (const other of paths.slice(0, i))
      if (isOnOrInside(path, other) || isOnOrInside(other, path)) throw new Error(`two changes of ${path.join('.')}`);
  }
}

/** As many characters as its expression has at most: names are told as `#n12`, values as `:v12`, each with its number. */
function lengthOf({ set = [], setIfAbsent = [], add = [], remove = [] }: Change): number {
  const names = [...set, ...setIfAbsent, ...add].reduce((sum, [path]) => sum + path.length, remove.flat().length);
  const numbered = '#n.'.length + String(names).length;
  const spoken = (path: readonly string[]): number => path.length * numbered;
  return [
    ...set.map(([path]) => spoken(path) + numbered + ' = , '.length),
    ...setIfAbsent.map(([path]) => 2 * spoken(path) + numbered + ' = if_not_exists(, ), '.length),
    ...add.map(([path]) => 2 * spoken(path) + 2 * numbered + ' = if_not_exists(, ) + , '.length),
    ...remove.map((path) => spoken(path) + ', '.length),
  ].reduce((sum, length) => sum + length, 'SET  REMOVE '.length);
}

const first = <P>([path]: readonly [P, unknown]): P => path;

const isOnOrInside = (path: readonly string[], other: readonly string[]): boolean =>
  other.every((name, i) => name === path[i]);
