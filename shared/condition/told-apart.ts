import * as z from 'zod';

type Options = readonly [z.ZodType, ...z.ZodType[]];

/**
 * A union whose options are told apart by a look at the value, as a reader does it: only that option is tried, and only
 * its mistakes are told. Trying all of them costs ten times as much, and most of it for messages that nobody reads.
 * `meant` gives the option's position; where it gives none, the union tries all.
 */
export function toldApart<T extends Options>(options: T, meant: (value: unknown) => number | undefined): z.ZodUnion<T> {
  const union = z.union(options);
  const tryAll = union._zod.parse;
  const tryOne: typeof tryAll = (payload, context) => {
    const position = meant(payload.value);
    const option = position === undefined ? undefined : options[position];
    if (!option) return tryAll(payload, context);
    const result = option._zod.run({ value: payload.value, issues: [] }, context);
    if (result instanceof Promise) throw new TypeError('no grammar here waits for anything');
    if (result.issues.length === 0) {
      payload.value = result.value;
      return payload;
    }
    // By `z.util` and not by `z.core`, which would bring the texts of all languages into each function's bundle.
    const told = result.issues.map((issue) => z.util.finalizeIssue(issue, context, z.config()));
    const errors = options.map((one) => (one === option ? told : []));
    payload.issues.push({ code: 'invalid_union', input: payload.value, inst: union, errors });
    return payload;
  };
  // `run` is a copy of `parse` where a schema has no checks of its own.
  union._zod.parse = tryOne;
  union._zod.run = tryOne;
  return union;
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
