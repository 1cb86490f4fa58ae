import { expect, it } from 'vitest';
import { remembering } from '#shared/remember.ts';

const counting = () => {
  const asked: string[] = [];
  const length = remembering((text) => {
    asked.push(text);
    if (text === 'bad') throw new RangeError(text);
    return text === '' ? undefined : text.length;
  });
  return { asked, length };
};

it('what is remembered is asked once, and answered as the first time, an answer of nothing too', () => {
  const { asked, length } = counting();
  expect([length('ab'), length('abc'), length('ab'), length(''), length('')]).toEqual([2, 3, 2, undefined, undefined]);
  expect(asked).toEqual(['ab', 'abc', '']);
});

it('what cannot be answered is asked each time', () => {
  const { asked, length } = counting();
  expect(() => length('bad')).toThrow(RangeError);
  expect(() => length('bad')).toThrow(RangeError);
  expect(asked).toEqual(['bad', 'bad']);
});

it('a thousand answers are kept, and with one more the memory begins anew', () => {
  const { asked, length } = counting();
  for (let i = 0; i < 1000; i += 1) length(`${i}`);
  length('0');
  expect(asked).toHaveLength(1000);
  length('1000');
  length('0');
  expect(asked.slice(1000)).toEqual(['1000', '0']);
});
