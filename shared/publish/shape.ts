import * as z from 'zod';
import { once } from './once.ts';
import type { Path } from './parse.ts';

/** Finds its way through a schema by the value that was written, to say what could have stood there. */
type Schema = z.core.$ZodType;

export const memberOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

export const valueAt = (value: unknown, path: Path): unknown => path.reduce(memberOf, value);

export const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

const unwrapped: (schema: Schema) => Schema = once((schema: Schema) => {
  // Made once, while `unwrap` would make all steps anew.
  if (schema instanceof z.ZodLazy) return unwrapped(schema._zod.innerType);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap());
  }
  return schema;
});

/** The keys that an object knows, and those that it must have. */
const keysKnown = once((option: z.ZodObject) => {
  const known = Object.keys(option.shape);
  return { known, needed: known.filter((key) => !z.safeParse(option.shape[key], undefined).success) };
});

/** How well an option of a union goes with an object: its `type`, the keys that it must have, the keys that it knows. */
function likeness(option: Schema, value: unknown): number {
  const keys = keysOf(value);
  if (!(option instanceof z.ZodObject)) return option instanceof z.ZodRecord ? 0 : -1000;
  const { known, needed } = keysKnown(option);
  const present = keys.filter((key) => known.includes(key)).length;
  const subject = needed.filter((key) => keys.includes(key)).length;
  return 10 * (2 * subject - needed.length) + 2 * present - keys.length;
}

/** How well it goes with anything that is no object: the right kind of value first, then a nearly right one. */
function fitness(option: Schema, value: unknown): number {
  const issue = z.safeParse(option, value).error?.issues[0];
  if (!issue) return 3;
  if (issue.path.length > 0 || issue.code === 'invalid_format') return 2;
  return issue.code === 'invalid_type' ? 0 : 1;
}

/** Position of the option that the writer had in mind. */
export function meantOption(options: readonly Schema[], value: unknown): number {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const scores = options.map((option) => {
    const inner = resolved(option, value);
    return isObject ? likeness(inner, value) : fitness(inner, value);
  });
  return scores.indexOf(Math.max(...scores));
}

/** The schema without its wrappings; of a union, the option that the value was meant for. */
function resolved(schema: Schema, value: unknown): Schema {
  const bare = unwrapped(schema);
  if (!(bare instanceof z.ZodUnion)) return bare;
  const byType = bare.options.find((option) => matchesType(option, value));
  const meant = byType ?? bare.options[meantOption(bare.options, value)];
  return meant ? resolved(meant, value) : bare;
}

function matchesType(option: Schema, value: unknown): boolean {
  const bare = unwrapped(option);
  const type = bare instanceof z.ZodObject ? bare.shape['type'] : undefined;
  return type instanceof z.ZodLiteral && [...type.values].some((name) => name === memberOf(value, 'type'));
}

function inner(schema: Schema, key: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

/** The schema for the value at that path, unions still open. */
export function schemaAt(schema: Schema, value: unknown, path: Path): Schema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return unwrapped(schema);
  const next = inner(resolved(schema, value), key);
  return next && schemaAt(next, memberOf(value, key), rest);
}

/** The keys that the object at that path could have. */
export function knownKeys(schema: Schema, value: unknown, path: Path): readonly string[] {
  const open = schemaAt(schema, value, path);
  const object = open && resolved(open, valueAt(value, path));
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}
