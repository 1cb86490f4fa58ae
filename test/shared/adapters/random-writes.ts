import fc from 'fast-check';
import { isObject } from '#shared/store/json.ts';
import type { Change, Condition, Json, Key, Row, Write } from '#shared/store/table.ts';
import { toMillis } from '#shared/time/instant.ts';
import { StillClock } from '#test/build/table.ts';

/** Stands for the partition. */
const PLACE = 'P#here';

const START_SECONDS = toMillis(new StillClock().time) / 1000;

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc
    .double({ noDefaultInfinity: true, noNaN: true, min: -1e100, max: 1e100 })
    .map((n) => (Math.abs(n) < 1e-100 ? 0 : n)),
  fc.constantFrom<string>('', 'a', 'b', 'ż', '😀'),
  fc.boolean(),
  fc.constant(null),
);
const name = fc.constantFrom('n', 'm', 'a.b', 'size');
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(name, tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** DynamoDB refuses a path through null; the engine of the tests takes it for an empty map. So none lies on a path. */
const offPath = (value: Json): Json => {
  if (value === null) return 0;
  return isObject(value) && value['m'] === null ? { ...value, m: 0 } : value;
};
const told = json.map(offPath);

const top = fc.constantFrom('n', 'm', 'text', 'map');
const path = fc.oneof(
  top.map((first): [string] => [first]),
  fc.tuple(fc.constant('map'), name),
  fc.tuple(fc.constant('map'), fc.constant('m'), name),
);

const change: fc.Arbitrary<Change> = fc.record(
  {
    set: fc.array(fc.tuple(path, told), { maxLength: 2 }),
    setIfAbsent: fc.array(fc.tuple(path, told), { maxLength: 2 }),
    add: fc.array(fc.tuple(path, fc.integer({ min: -5, max: 5 })), { maxLength: 2 }),
    // Removing from a map that is not there is an error in DynamoDB, and the engine of the tests lets it pass.
    remove: fc.array(
      top.map((first): [string] => [first]),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ absent: true }),
  fc.record<Condition>(
    {
      exists: fc.constant(true as const),
      equals: fc.dictionary(top, fc.constantFrom<number | string | boolean>(0, 1, 'a', true), { maxKeys: 1 }),
      missing: fc.array(top, { maxLength: 1 }),
      below: fc.dictionary(top, fc.constantFrom<number | string>(0, 2, 'b'), { maxKeys: 1 }),
    },
    { requiredKeys: [] },
  ),
);

/** Some rows expire while the run goes on, a second a transaction; some lie in an index. */
const attributes = (pk: string) =>
  fc.record(
    {
      n: fc.oneof(fc.integer({ min: 0, max: 2 }), json),
      text: fc.constantFrom('a', 'b', 'c'),
      map: fc.dictionary(name, json, { maxKeys: 3, noNullPrototype: true }).map(offPath),
      expires: fc.integer({ min: START_SECONDS, max: START_SECONDS + 12 }),
      duePk: fc.constant(`due#${pk}`),
      // Entries of the same time come in no promised order, so each row has times of its own.
      due: fc.constantFrom('09:00', '10:00'),
      dirPk: fc.constant(`dir#${pk}`),
    },
    { requiredKeys: [] },
  );

function writeOf(key: Key): fc.Arbitrary<Write> {
  const optional = fc.option(condition, { nil: undefined });
  const row = attributes(key.pk).map(
    (rest): Row => ({
      ...key,
      ...rest,
      ...(rest.due !== undefined && { due: `${rest.due}#${key.sk}` }),
    }),
  );
  return fc.oneof(
    fc.record({ kind: fc.constant('put' as const), row, if: optional }),
    fc.record({ kind: fc.constant('update' as const), key: fc.constant(key), change, if: optional }),
    fc.record({ kind: fc.constant('delete' as const), key: fc.constant(key), if: optional }),
    fc.record({ kind: fc.constant('check' as const), key: fc.constant(key), if: condition }),
  ) as fc.Arbitrary<Write>;
}

const SORT_KEYS = ['A', 'B#1', 'B#1#x', 'b'];

/** Transactions of one to four writes of the few rows of one partition. */
export const randomWrites: fc.Arbitrary<Write[][]> = fc.array(
  fc.subarray(SORT_KEYS, { minLength: 1 }).chain((sks) => fc.tuple(...sks.map((sk) => writeOf({ pk: PLACE, sk })))),
  { minLength: 1, maxLength: 12 },
);

/** The same in a partition that nothing has been written to, for each time that a failure is shrunk too. */
export const inPartition = (transactions: readonly Write[][], pk: string): Write[][] =>
  JSON.parse(JSON.stringify(transactions).replaceAll(PLACE, pk));
