import { expect, it } from 'vitest';
import { hidden } from '#shared/source/arrival.ts';

it.each([
  ['order-of-ann@shop.example', '...@...'],
  ['to: "ann@shop.example", @', 'to: "...@...", ...@...'],
  ['sms/+48600700800', 'sms/+...'],
  ['order-1042', 'order-1042'],
])('of %j nobody is known: %j', (text, shown) => {
  expect(hidden(text)).toBe(shown);
});

it.each(['a', '1', '+1', 'a ', '@'])('a header that is all %j is gone through in no time', (letters) => {
  const began = performance.now();
  expect(hidden(letters.repeat(200_000)).length).toBeGreaterThan(0);
  expect(performance.now() - began).toBeLessThan(2000);
});
