import * as z from 'zod';
import {
  clockSchema,
  conditionSchema,
  DAYS,
  dateSchema,
  dateTimeSchema,
  durationSchema,
  idSchema,
  instantExpressionSchema,
  isoDurationSchema,
  pathSchema,
  refSchema,
  valueSchema,
  windowSchema,
  zoneSchema,
} from '#shared/condition/condition.ts';
import { channelSchema, eventTypeSchema } from '#shared/event/event.ts';
import { momentSchema, stepSchema } from '#shared/journey/journey.ts';
import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { valueTypeSchema } from '#shared/settings/settings.ts';
import { jsonSchema } from '#shared/store/json.ts';

/** How the page calls what may stand as a value. A name in bold type has a section, or a line in the table of values. */
type Schema = z.core.$ZodType;

const NAMES: ReadonlyMap<Schema, string> = new Map<Schema, string>([
  [idSchema, 'id'],
  [pathSchema, 'path'],
  [isoDurationSchema, 'plain duration'],
  [durationSchema, 'duration'],
  [dateTimeSchema, 'date or time'],
  [dateSchema, 'date'],
  [clockSchema, 'clock'],
  [instantExpressionSchema, 'instant'],
  [refSchema, 'reference'],
  [valueSchema, 'value'],
  [windowSchema, 'window'],
  [momentSchema, 'moment'],
  [zoneSchema, 'zone'],
  [channelSchema, 'channel'],
  [eventTypeSchema, 'event'],
  [conditionSchema, 'condition'],
  [stepSchema, 'step'],
  [jsonSchema, 'any JSON'],
]);

/** What many keys share and nobody wants to read twice. */
const LISTS: ReadonlyMap<string, string> = new Map([
  [MESSAGE_FACTS.join(), 'status'],
  [DAYS.join(), 'day'],
  [valueTypeSchema.options.join(), 'type of value'],
]);

/** The schema without what only says that it may be left out. */
export function bare(schema: Schema): Schema {
  if (NAMES.has(schema)) return schema;
  if (schema instanceof z.ZodLazy) return bare(schema._zod.innerType);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.unwrap());
  return schema;
}

const quoted = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** Whether the page says elsewhere what such a value is, so that nothing is said of it where it stands. */
export const isNamed = (schema: Schema): boolean => NAMES.has(bare(schema));

/** What may stand there, in a few words. */
export function sayValue(schema: Schema): string {
  const inner = bare(schema);
  const name = NAMES.get(inner);
  if (name !== undefined) return name;
  if (inner instanceof z.ZodUnion) return unionOf(inner.options);
  if (inner instanceof z.ZodEnum) return LISTS.get(inner.options.join()) ?? inner.options.map(quoted).join(', ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(quoted).join(', ');
  if (inner instanceof z.ZodArray) return listOf(sayValue(inner.element));
  if (inner instanceof z.ZodTuple)
    return `list of ${inner.def.items.length} ${plural(sayValue(inner.def.items[0] ?? inner))}`;
  if (inner instanceof z.ZodRecord) return `object: ${sayValue(inner.keyType)} → ${sayValue(inner.valueType)}`;
  if (inner instanceof z.ZodNumber) return numberOf(inner);
  if (inner instanceof z.ZodBoolean) return '`true` or `false`';
  if (inner instanceof z.ZodURL) return 'URL';
  if (inner instanceof z.ZodEmail) return 'e-mail address';
  if (inner instanceof z.ZodString) return 'text';
  if (inner instanceof z.ZodObject) return 'object';
  throw new Error(`nobody has said how the page calls ${inner._zod.def.type}`);
}

const listOf = (what: string): string => (what.includes(' or ') ? `list: ${what}` : `list of ${plural(what)}`);

/** One thing or a list of it is said so; what is named twice is named once. */
function unionOf(options: readonly Schema[]): string {
  const [one, list] = options.map(bare);
  if (options.length === 2 && one && list instanceof z.ZodArray && bare(list.element) === one)
    return `${sayValue(one)}, or a list of them`;
  return [...new Set(options.map(sayValue))].join(' or ');
}

function numberOf({ minValue, maxValue, format }: z.ZodNumber): string {
  const what = format === 'safeint' ? 'whole number' : 'number';
  const known = (bound: number | null) => bound !== null && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (known(minValue) && known(maxValue)) return `${what}, ${minValue} to ${maxValue}`;
  return known(minValue) ? `${what} from ${minValue}` : what;
}

const plural = (what: string): string => (/^[a-z ]+$/.test(what) && !/s$|JSON/.test(what) ? `${what}s` : what);
