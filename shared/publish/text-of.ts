import { once } from './once.ts';

/** The same condition is the same text, whatever the order of its keys, without what is no part of the question. */
export const textOf = (condition: unknown): string =>
  typeof condition === 'object' && condition !== null ? textOfObject(condition) : (JSON.stringify(condition) ?? '');

const textOfObject = once((condition: object): string => {
  if (Array.isArray(condition)) return `[${condition.map(textOf).join()}]`;
  const members = Object.entries(condition).flatMap(([key, value]) =>
    key === 'note' || key === 'listener' || value === undefined ? [] : `${key}:${textOf(value)}`,
  );
  return `{${members.sort().join()}}`;
});
