import fc from 'fast-check';
import { expect, it } from 'vitest';
import { postedJson } from '#shared/webhook/posted-json.ts';

const read = (text: string): unknown => {
  const json = postedJson(text);
  if ('error' in json) throw new Error(json.error);
  return json.posted;
};

it.each([
  ['the largest safe integer', '9007199254740991', 9007199254740991],
  ['one more', '9007199254740992', '9007199254740992'],
  ['an id of 63 bits', '9223372036854775807', '9223372036854775807'],
  ['a negative one', '-9223372036854775808', '-9223372036854775808'],
  ['a decimal with many digits', '0.30000000000000004', 0.30000000000000004],
  ['many digits before the point', '1234567890123456.5', 1234567890123456.5],
  ['an exponent', '1e3', 1000],
  ['digits in a text', '"9223372036854775807"', '9223372036854775807'],
  ['digits behind an escaped quote', String.raw`"\" 9223372036854775807"`, '" 9223372036854775807'],
  ['a text that ends in a backslash', String.raw`"9223372036854775807\\"`, '9223372036854775807\\'],
])('reads %s', (_, written, value) => {
  expect(read(`{"v":[${written}],"n":9223372036854775807}`)).toEqual({ v: [value], n: '9223372036854775807' });
});

it('keeps a name that is all digits', () => {
  expect(read('{"9223372036854775807":1}')).toEqual({ '9223372036854775807': 1 });
});

it('reads every id up to 2^63 without losing a digit', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n), (id) => {
      expect(String(Reflect.get(Object(read(`{"id":${id}}`)), 'id'))).toBe(String(id));
    }),
  );
});

it('reads all other JSON as JSON.parse does', () => {
  const whole = fc.jsonValue({ noUnicodeString: false });
  fc.assert(
    fc.property(whole, fc.boolean(), (value, indented) => {
      // Something with many digits, so that the numbers are looked at one by one.
      const text = JSON.stringify([value, '1234567890123456'], null, indented ? 2 : 0);
      const expected = JSON.parse(text, (_, v: unknown) =>
        typeof v === 'number' && Number.isInteger(v) && !Number.isSafeInteger(v) && /^-?\d+$/.test(String(v))
          ? String(v)
          : v,
      );
      expect(read(text)).toEqual(JSON.parse(JSON.stringify(expected).toWellFormed()));
    }),
  );
});

it.each(['', '{', '{"a":12345678901234567', '"9223372036854775807', '{"a":01234567890123456789}'])(
  'refuses what is no JSON: %s',
  (text) => {
    expect(postedJson(text)).toEqual({ error: expect.stringMatching(/^the body is not JSON: /) });
  },
);

it.each([
  ['quotes behind backslashes, never closed', `1234567890123456${'\\"'.repeat(500_000)}`],
  ['the same inside a list', `[1234567890123456,"${'\\"'.repeat(500_000)}`],
  ['the same with half a pair at the end', `1234567890123456${'"\\\\'.repeat(333_000)}\\`],
  ['quotes alone', `1234567890123456${'"'.repeat(999_999)}`],
  ['texts in a list', `[${'"1234567890123456",'.repeat(50_000)}1]`],
  ['one text of quotes', `[1234567890123456,"${'\\"'.repeat(500_000)}"]`],
  ['halves of characters', `["${'\\ud800'.repeat(160_000)}"]`],
  ['beginnings of halves', `"${'\\ud8'.repeat(200_000)}`],
  ['one number', `[${'1'.repeat(1_000_000)}]`],
  ['minus signs', `1234567890123456${'-'.repeat(1_000_000)}`],
  ['numbers that stop short', `1234567890123456${'1.e'.repeat(333_000)}`],
  ['opened lists', `1234567890123456${'['.repeat(1_000_000)}`],
])('reads a megabyte as fast as it can be looked at: %s', (_, text) => {
  // What was quadratic took minutes; a look at each character takes some milliseconds.
  const begun = performance.now();
  postedJson(text);
  expect(performance.now() - begun).toBeLessThan(2000);
});
