import * as z from 'zod';
import type { Value, Values } from '#apps/cli/replay/mapping-file.ts';
import type { Fields } from '#apps/cli/replay/rows.ts';
import { decimal, decimalWithComma } from '#apps/cli/replay/source.ts';

/** Reads the values of a row as a mapping names them. */

const jsonSchema = z.json();
const innerSchema = z.record(z.string(), jsonSchema);
type Json = z.infer<typeof jsonSchema>;
type Data = Record<string, Json>;

/** The value of a column; of JSONL also by a path, as in `customer.id`. Undefined where nothing stands there. */
function valueAt(fields: Fields, column: string): Json | undefined {
  const path = column in fields ? [column] : column.split('.');
  let found: unknown = fields;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = new Map<string, unknown>(Object.entries(found)).get(name);
  }
  const json = jsonSchema.safeParse(found);
  return json.success && json.data !== null && json.data !== '' ? json.data : undefined;
}

/** The same as text without blanks around it; empty for a list, an object or nothing. */
export const textAt = (fields: Fields, column: string | undefined): string => {
  const value = column === undefined ? undefined : valueAt(fields, column);
  return value === undefined ? '' : typeof value === 'object' ? '' : String(value).trim();
};

/** What parts the decimals of a number. */
export type DecimalMark = '.' | ',';

/** Values by their path, nested where the path has dots. Undefined when one does not fit what it is to be read as. */
export function valuesOf(fields: Fields, values: Values, mark: DecimalMark = '.'): Data | undefined {
  const result: Data = {};
  for (const [name, value] of Object.entries(values)) {
    const read = readValue(fields, value, mark);
    if (read === UNFIT) return undefined;
    if (read !== undefined) put(result, name.split('.'), read);
  }
  return result;
}

function put(data: Data, [name = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    data[name] = value;
    return;
  }
  const there = Object.hasOwn(data, name) ? data[name] : undefined;
  const inner = innerSchema.safeParse(there).data ?? {};
  put(inner, rest, value);
  data[name] = inner;
}

const UNFIT = Symbol('unfit');

function readValue(fields: Fields, value: Value, mark: DecimalMark): Json | undefined | typeof UNFIT {
  if (typeof value === 'object' && 'value' in value) return value.value;
  const column = typeof value === 'string' ? value : value.column;
  const found = valueAt(fields, column);
  if (found === undefined || typeof value === 'string') return found;
  if (value.as === 'json') return typeof found === 'string' ? parsed(found) : found;
  const written = textAt(fields, column);
  if (value.as === 'number') return (mark === ',' ? decimalWithComma(written) : decimal(written)) ?? UNFIT;
  if (value.as === 'flag') return flag(written);
  return written;
}

function flag(written: string): boolean | typeof UNFIT {
  if (/^(true|yes|y|t|1)$/i.test(written)) return true;
  return /^(false|no|n|f|0)$/i.test(written) ? false : UNFIT;
}

function parsed(written: string): Json | typeof UNFIT {
  try {
    return jsonSchema.safeParse(JSON.parse(written)).data ?? UNFIT;
  } catch {
    return UNFIT;
  }
}
