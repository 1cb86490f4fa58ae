import { readFile } from 'node:fs/promises';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { faultsOf } from '#apps/cli/replay/mapping-faults.ts';
import { isZone, TIME_FORMATS } from '#apps/cli/replay/moment.ts';
import { eventTypeSchema, IDENTITY_KINDS } from '#shared/event/event.ts';

/** The mapping file: which column of a CSV or JSONL file means what. docs/replay.md is its guide. */

const columnSchema = z.string().min(1, 'a column has a name');

const valueSchema = z.union([
  columnSchema,
  z.strictObject({ column: columnSchema, as: z.enum(['text', 'number', 'flag', 'json']) }),
  z.strictObject({ value: z.json() }),
]);
/** Where a value comes from: a column, a column to be read as something, or always the same value. */
export type Value = z.infer<typeof valueSchema>;

const nameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/, 'a name looks like "total" or "shipping.city"');
const valuesSchema = z.record(nameSchema, valueSchema);
export type Values = z.infer<typeof valuesSchema>;

export const mappingSchema = z.strictObject({
  note: z.string().optional(),
  source: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a source looks like "my-shop"'),
  format: z.enum(['csv', 'jsonl']).optional(),
  delimiter: z.string().length(1, 'a delimiter is one letter').optional(),
  decimal: z.enum(['.', ',']).optional(),
  zone: z.string().refine(isZone, 'a zone looks like "Europe/Warsaw"').optional(),
  time: z.union([columnSchema, z.strictObject({ column: columnSchema, as: z.enum(TIME_FORMATS) })]),
  type: z.union([
    eventTypeSchema,
    z.strictObject({ column: columnSchema, values: z.record(z.string(), eventTypeSchema).optional() }),
  ]),
  identities: z
    .strictObject({
      externalId: columnSchema.optional(),
      email: columnSchema.optional(),
      phone: columnSchema.optional(),
      anonymousId: columnSchema.optional(),
      device: columnSchema.optional(),
    })
    .refine((given) => Object.keys(given).length > 0, 'at least one identity is needed'),
  id: z.array(columnSchema).min(1, 'a key has at least one column').optional(),
  where: z.record(columnSchema, z.union([z.string(), z.array(z.string())])).default({}),
  data: valuesSchema.default({}),
  traits: valuesSchema.default({}),
  lines: z.strictObject({ items: valuesSchema }).optional(),
  firstIsRegistration: eventTypeSchema.optional(),
  consents: z.enum(['all', 'none']).default('all'),
});
export type Mapping = z.infer<typeof mappingSchema>;

const checkedSchema = mappingSchema.refine((mapping) => !mapping.lines || mapping.id, {
  path: ['lines'],
  message: '"lines" needs "id": rows with the same id are the lines of one event',
});

/** Reads a mapping file; comments and trailing commas are welcome. Throws BadInput that names each fault by its path. */
export async function readMapping(file: string): Promise<Mapping> {
  const source = await readFile(file, 'utf8').catch((cause) => {
    throw new BadInput(`The mapping "${file}" cannot be read.`, { cause });
  });
  const errors: ParseError[] = [];
  const parsed: unknown = parse(source, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = source.slice(0, error.offset).split('\n').length;
    throw new BadInput(`The mapping "${file}" is not JSON: ${printParseErrorCode(error.error)} in line ${line}.`);
  }
  const checked = checkedSchema.safeParse(parsed);
  if (checked.success) return checked.data;
  const faults = faultsOf(checked.error.issues, parsed, WORDS);
  throw new BadInput(`The mapping "${file}" is not right:\n${faults.join('\n')}`);
}

const WORDS = [...Object.keys(mappingSchema.shape), ...IDENTITY_KINDS, ...['column', 'as', 'value', 'values', 'items']];

const columnOf = (value: Value): string[] =>
  typeof value === 'string' ? [value] : 'column' in value ? [value.column] : [];

/** Every column that the mapping speaks of: what a CSV file must have. */
export function columnsOf(mapping: Mapping): string[] {
  const { time, type, identities, id = [], where, data, traits, lines } = mapping;
  const values = [...Object.values(data), ...Object.values(traits), ...Object.values(lines?.items ?? {})];
  return [
    ...new Set([
      typeof time === 'string' ? time : time.column,
      ...(typeof type === 'string' ? [] : [type.column]),
      ...Object.values(identities).filter((column) => column !== undefined),
      ...id,
      ...Object.keys(where),
      ...values.flatMap(columnOf),
    ]),
  ];
}
