import { expect, it } from 'vitest';
import { providerOf } from '#shared/sending/provider.ts';

it.each([
  ['ann@gmail.com', 'gmail.com'],
  ['ann@googlemail.com', 'gmail.com'],
  ['Ann@HOTMAIL.com', 'outlook.com'],
  ['"odd@wp.pl"@o2.pl', 'wp.pl'],
  ['ann@shop.example', undefined],
  ['ann@mail.gmail.com', undefined],
  ['ann', undefined],
])('the mailbox of %s is with %s', (email, provider) => {
  expect(providerOf(email)).toBe(provider);
});
