import { expect, it } from 'vitest';
import { Placeholders, updateExpression } from '#shared/adapters/aws/expressions.ts';
import { type AttributePath, type Change, EXPRESSION_LIMIT } from '#shared/store/table.ts';
import { assertWrites } from '#shared/store/transaction.ts';

const places = (n: number, depth: number): AttributePath[] =>
  Array.from({ length: n }, (_, i) => [`c:${i}`, ...Array.from({ length: depth - 1 }, (__, d) => `c:${i}:${d}`)]);

const CHANGES: readonly [string, (paths: readonly AttributePath[]) => Change][] = [
  ['set', (paths) => ({ set: paths.map((path) => [path, 1] as const) })],
  ['setIfAbsent', (paths) => ({ setIfAbsent: paths.map((path) => [path, 1] as const) })],
  ['add', (paths) => ({ add: paths.map((path) => [path, 1] as const) })],
  ['remove', (remove) => ({ remove })],
];

const isTaken = (change: Change): boolean => {
  try {
    assertWrites([{ kind: 'update', key: { pk: 'p', sk: 's' }, change }]);
    return true;
  } catch {
    return false;
  }
};

it.each(CHANGES)('no table takes more places to %s than an expression of DynamoDB has room for', (_, changeOf) => {
  for (const depth of [1, 2])
    for (let n = 40; n < 420; n += 1) {
      const change = changeOf(places(n, depth));
      const { length } = updateExpression(change, new Placeholders());
      if (length > EXPRESSION_LIMIT) expect(isTaken(change), `${n} places, ${length} characters`).toBe(false);
      if (length < 0.75 * EXPRESSION_LIMIT) expect(isTaken(change), `${n} places, ${length} characters`).toBe(true);
    }
});
