import * as fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { compileTemplate, evaluate, isFast } from '#apps/local/jsonata.ts';

const FAST = [
  '$states.input',
  '$states.input.a',
  '$states.input.a.b',
  '$states.input.`odd name`',
  '$states.result.Payload',
  '$states.context.Task.Token',
  "$merge([$states.input, {'token': $states.context.Task.Token, 'attempt': $states.context.State.RetryCount}])",
  "$merge([$states.input, {'timedOut': true}])",
  "{'x': $states.input.a, 'y': 1}",
  '$states.input.a + $states.input.b',
  '($states.input.a - 1) * 3 / $states.input.b',
  '$ceil($states.input.a)',
  '$floor($states.input.a / 2)',
  '$max([1, $states.input.a])',
  '$min([$states.input.a, $states.input.b, 7])',
  '$toMillis($states.input.at)',
  '$max([$ceil($states.input.a / 7), $min([60, 60 - 60 * $ceil($states.input.a / 7)])])',
  '$min([31536000, $max([1, $ceil(($toMillis($states.input.at) - $toMillis($states.context.State.EnteredTime)) / 1000)])])',
];

const leaf = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.constantFrom(null, true, false, '', 'x', '2026-03-01T00:00:00.000Z', '2026-03-01', '2026-13-45T00:00:00.000Z'),
);
const value = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.array(fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }), { maxLength: 3 }) },
);
const input = fc.oneof(
  fc.record({ a: value, b: value, at: value, 'odd name': value }, { requiredKeys: [] }),
  value,
  fc.record({ a: leaf, b: leaf, at: fc.date({ noInvalidDate: true, min: new Date(0) }).map((d) => d.toISOString()) }),
);
const states = fc.record({
  input,
  result: fc.record({ Payload: value }),
  context: fc.record({
    Task: fc.record({ Token: fc.string() }, { requiredKeys: [] }),
    State: fc.record({
      EnteredTime: fc.constantFrom('2026-02-28T12:00:00.001Z', '2026-03-01T00:00:00.000Z'),
      RetryCount: fc.nat(32),
    }),
  }),
});

/** As JSON, or that there is none: what a state machine can tell apart. */
const shown = async (work: () => unknown): Promise<string | undefined> => {
  try {
    return JSON.stringify(await work()) ?? 'nothing';
  } catch {
    return 'nothing';
  }
};

describe('an expression', () => {
  it.each(FAST)('is compiled and gives what the library gives, whatever the input: %s', async (text) => {
    expect(isFast(text)).toBe(true);
    await fc.assert(
      fc.asyncProperty(states, async (given) => {
        const library = jsonata(text);
        expect(await shown(() => evaluate(text, given))).toBe(
          await shown(() => library.evaluate(undefined, { states: given })),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '$states.input.a[0]',
    '$states.input.a[b=1]',
    '$states.input.*',
    '$states.input.a^(b)',
    '$states.input.{"x": a}',
    '$states.input.a.$string()',
    '$exists($states.input.a)',
    '$states.input.a = 1',
    '($x := 1; $x + $states.input.a)',
    '$sum($states.input.a)',
    "{'x': 1, 'x': 2}",
    '$max($states.input.a)',
    '$other.a',
  ])('is left to the library: %s', (text) => {
    expect(isFast(text)).toBe(false);
  });

  it('takes nothing from an object’s prototype', async () => {
    await expect(async () => evaluate('$states.input.constructor', { input: {} })).rejects.toThrow();
  });

  it.each([
    ['gives nothing', '$states.input.missing'],
    ['goes wrong', "'a' - 1"],
    ['asks for what Step Functions does not have', "$eval('1')"],
  ])('fails as in Step Functions when it %s', async (_, text) => {
    await expect(async () => evaluate(text, { input: {} })).rejects.toThrow(
      expect.objectContaining({ name: 'States.QueryEvaluationError' }),
    );
  });
});

describe('a template', () => {
  it.each([
    ['a plain text', 'plain', 'plain'],
    ['a text with braces inside', 'x {% $states.input %}', 'x {% $states.input %}'],
    ['an expression', '{% $states.input.a %}', 1],
    ['an expression over lines', '{%\n $states.input.a\n%}', 1],
    [
      'nested ones',
      { x: ['{% $states.input.a %}', { y: '{% $states.input.a %}' }], z: null },
      { x: [1, { y: 1 }], z: null },
    ],
    [
      'one for the library among others',
      { x: '{% $string($states.input.a) %}', y: '{% $states.input.a %}' },
      { x: '1', y: 1 },
    ],
  ])('fills in %s', async (_, template, expected) => {
    expect(await compileTemplate(template)({ input: { a: 1 } })).toEqual(expected);
  });

  it('is refused with what is no JSONata', () => {
    expect(() => compileTemplate({ x: '{% $states. %}' })).toThrow();
  });
});
