import { expect, test } from 'vitest';
import { describeFault } from '#shared/adapters/aws/fault.ts';
import { ConditionFailed } from '#shared/errors.ts';

const textOf = (cause: unknown) => JSON.stringify(describeFault(cause).map(({ at, ...told }) => told));

test('an error keeps its name, its message and where it was thrown, and so do its causes', () => {
  const [outer, inner, none] = describeFault(new Error('outer', { cause: new TypeError('inner') }));
  expect(outer).toMatchObject({ name: 'Error', message: 'outer' });
  expect(outer?.at[0]).toContain('fault.test.ts');
  expect(inner).toMatchObject({ name: 'TypeError', message: 'inner' });
  expect(none).toBeUndefined();
});

test.each([
  ['Email address is not verified: ada.lovelace+shop@customer.example in region EU', 'customer'],
  ['no number such as +48 600 700 800', '600'],
  ['<ada@customer.example>', 'ada@'],
])('%j is written without the person', (message, personal) => {
  expect(textOf(new Error(message))).not.toContain(personal);
});

test('what could not be parsed is not quoted', () => {
  const parse = () => JSON.parse('Ada, 12 Hill Road');
  expect(parse).toThrow(SyntaxError);
  try {
    parse();
  } catch (error) {
    expect(textOf(error)).toContain('SyntaxError');
    expect(textOf(error)).not.toContain('Ada');
  }
});

test('rows that an error carries stay out', () => {
  expect(textOf(new ConditionFailed([0], [{ email: 'secret-name' }]))).not.toContain('secret-name');
});

test('a cause that is not an error is named by its type alone', () => {
  expect(describeFault('ada')).toEqual([{ name: 'string', message: '', at: [] }]);
});

test('a chain of causes that bites its tail ends', () => {
  const error = new Error('again');
  error.cause = error;
  expect(describeFault(error)).toHaveLength(4);
});

test('a message of one long word is gone through in no time', () => {
  const began = performance.now();
  expect(textOf(new Error('a'.repeat(200_000)))).toContain('aaa');
  expect(performance.now() - began).toBeLessThan(2000);
});
