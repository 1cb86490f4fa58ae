import type { ValueType } from '#shared/settings/settings.ts';

/** What a value is, as it is said. */
export const SAID: { readonly [K in ValueType]: string } = {
  number: 'a number',
  numbers: 'a list of numbers',
  text: 'a text',
  texts: 'a list of texts',
  flag: 'true or false',
  date: 'a date',
  duration: 'a duration',
};

/** Operators that fit instead. */
const OF_TEXTS = 'Take "is", "contains" or "startsWith".';
const OF_NUMBERS = 'Take "is", "gt" or "lt".';
export const TAKE: { readonly [K in ValueType]: string } = {
  number: OF_NUMBERS,
  numbers: OF_NUMBERS,
  text: OF_TEXTS,
  texts: OF_TEXTS,
  flag: 'Take "is".',
  date: 'Take "before", "after" or "within".',
  duration: 'Take "is".',
};

/** How such a value is written. */
export const WRITE: { readonly [K in ValueType]: string } = {
  number: 'Write a number without quotes, as 20.',
  numbers: 'Write a number without quotes, as 20.',
  text: 'Write it in quotes.',
  texts: 'Write it in quotes.',
  flag: 'Write true or false, without quotes.',
  date: 'Write it as "2026-12-24".',
  duration: 'Write it as "P2D".',
};
