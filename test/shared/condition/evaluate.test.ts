import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, conditionSchema } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { Json } from '#shared/store/table.ts';
import { profile } from '#test/build/profile.ts';
import { ask, KnownFacts, message, NOW, scope } from './build.ts';

describe('a combination', () => {
  const [yes, no] = [{ sample: 100 }, { sample: 0 }];

  it.each<[object, boolean]>([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: no }, true],
    [{ not: { all: [yes, { any: [no, { not: yes }] }] } }, true],
    [{ all: [yes], note: 'why' }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, scope())).toBe(expected);
  });
});

/** Values that storefronts send, and worse. */
const words = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '2026-11-22',
    '2026-02-30',
    '--02-29',
    '9999-12-31',
    '0000-01-01T00:00+23:59',
    'P1D',
    '7',
    ' Tea ',
    '__proto__',
  ),
);
const value = fc.oneof(words, fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.oneof(words, fc.double())));
const traits = fc.oneof(words, fc.double({ noNaN: true }), fc.boolean(), fc.array(fc.oneof(words, fc.double())));
const data = fc.oneof(value, fc.jsonValue({ maxDepth: 4 })) as fc.Arbitrary<Json>;
const path = fc.constantFrom('a', 'a.b', 'b', 'createdAt', 'email', '__proto__', 'constructor.name');

const ref = fc.oneof(
  fc.record({ trait: path }),
  fc.record({ trigger: path }),
  fc.record({ step: path }),
  fc.record({ data: path }),
);
const said = fc.oneof(words, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), ref);
const number = fc.oneof(fc.integer(), ref);
const text = fc.oneof(words, ref);
const instant = fc.oneof(
  fc.constantFrom('now-P30D', 'today+P1W', 'entry', '2026-12-24', '2026-12-24T10:00', 'now+P9'),
  ref,
);
const iso = fc.constantFrom('P7D', 'P1M', 'PT5H', 'P99999999999Y');
const operators = {
  is: fc.oneof(said, fc.array(said, { minLength: 1 })),
  isNot: said,
  gt: number,
  gte: number,
  lt: number,
  lte: number,
  contains: text,
  startsWith: text,
  endsWith: text,
  before: instant,
  after: instant,
  within: iso,
  next: iso,
  every: fc.constantFrom('P1Y', 'P1M', 'P1W'),
  exists: fc.boolean(),
};
const subject = fc.constantFrom('trait', 'trigger', 'data', 'step');
const comparison = fc
  .tuple(subject, path, fc.record(operators, { requiredKeys: [] }))
  .map(([name, at, ops]) => ({ [name]: at, ...ops }));
const aggregate = fc.option(fc.constantFrom('sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'), {
  nil: undefined,
});
const onEvents = fc
  .tuple(
    fc.constantFrom('purchase', 'any'),
    aggregate,
    path,
    fc.record({ ...operators, where: comparison, since: instant }, { requiredKeys: [] }),
  )
  .map(([event, kind, at, rest]) => ({ event, ...(kind && { [kind]: at }), ...rest }));
const onMessages = fc.record(
  {
    message: fc.constantFrom('reminder', 'any', 'cart/any'),
    isNot: fc.constantFrom('opened', 'sent'),
    within: iso,
    since: instant,
    among: fc.constant(2),
    lt: fc.integer(),
  },
  { requiredKeys: ['message'] },
);
const others = fc.constantFrom(
  { tag: 'vip' },
  { segment: 's' },
  { consent: 'offers' },
  { journey: 'cart', is: 'entered', within: 'P1D' },
  { reachable: 'email' },
  { sample: 50 },
  { now: { from: '22:00', to: '06:00', zone: 'Nowhere' } },
);
const condition = fc.letrec<{ any: object }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    comparison,
    onEvents,
    onMessages,
    others,
    fc.record({ not: tie('any') }),
    fc.record({ all: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
  ),
})).any;

const given = fc
  .record({
    a: traits,
    b: traits,
    fields: fc.record({ a: data, b: data }),
    happened: fc.array(data, { maxLength: 4 }),
    zone: words,
  })
  .map(({ a, b, fields, happened, zone }) => {
    const events = happened.map((it, n) => ({ id: `e${n}`, type: 'purchase', at: NOW, data: { a: it, b: { a: it } } }));
    return scope({
      profile: profile({ traits: { a, b, timeZone: zone }, last: { purchase: NOW } }),
      entry: '2026-11-20T10:00:00.000Z',
      trigger: fields,
      data: fields,
      steps: { a: fields, b: fields },
      segments: { s: { segment: 's' } },
      own: { reminder: message() },
      facts: new KnownFacts({ events, messages: [message()] }),
    });
  });

it('a condition that publish lets through has an answer, whatever lies in traits and data', () => {
  let asked = 0;
  fc.assert(
    fc.property(condition, given, (written, at) => {
      const parsed = conditionSchema.safeParse(written);
      if (!parsed.success) return;
      asked += 1;
      expect(typeof evaluate(parsed.data, at)).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
  expect(asked).toBeGreaterThan(500);
});

it('"not" of "not" is the condition itself, and "all" is "not any not"', () => {
  const parsed = (written: object): Condition[] => {
    const result = conditionSchema.safeParse(written);
    return result.success ? [result.data] : [];
  };
  fc.assert(
    fc.property(condition, condition, given, (one, other, at) => {
      for (const a of parsed(one)) {
        expect(evaluate({ not: { not: a } }, at)).toBe(evaluate(a, at));
        expect(evaluate({ not: a }, at)).toBe(!evaluate(a, at));
        for (const b of parsed(other)) {
          expect(evaluate({ all: [a, b] }, at)).toBe(evaluate({ not: { any: [{ not: a }, { not: b }] } }, at));
        }
      }
    }),
    { numRuns: 300 },
  );
});
