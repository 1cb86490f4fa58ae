import type * as z from 'zod';

/**
 * What a schema knows of a stored document. A later version of Tropa may have stored members that this one does not know: who
 * has gone back to it does without them, as before. Not for what somebody uploads, who is told of such a member. Throws
 * ZodError for all else.
 */
export function knownPart<T>(schema: z.ZodType<T>, stored: unknown): T {
  const read = schema.safeParse(stored);
  if (read.success) return read.data;
  const { issues } = read.error;
  const known = issues.reduce(
    (value, issue) => (issue.code === 'unrecognized_keys' ? without(value, issue.path, issue.keys) : value),
    stored,
  );
  return schema.parse(known);
}

/** The value without these members of what lies at the end of a path. */
function without(value: unknown, [first, ...rest]: readonly PropertyKey[], names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, n) => (n === first ? without(item, rest, names) : item));
  const entries = Object.entries(value);
  return Object.fromEntries(
    first === undefined
      ? entries.filter(([name]) => !names.includes(name))
      : entries.map(([name, item]) => [name, name === first ? without(item, rest, names) : item]),
  );
}
