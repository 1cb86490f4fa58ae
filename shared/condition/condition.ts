import * as z from 'zod';
import { channelSchema, eventTypeSchema } from '#shared/event/event.ts';
import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { isObject, toldApart } from './told-apart.ts';

/** The grammar of conditions: language page, sections 2 and 5. One language for entry, goal, exits, branches and segments. */

export const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'an id has small Latin letters, digits and "-", and begins with a letter');
export const pathSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\s.]+(\.[^\s.]+)*$/, 'a path looks like "cart.total"');
export const isoDurationSchema = z
  .string()
  .regex(
    /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/,
    'a duration looks like "PT30M", "P2D" or "P1M"',
  );
const note = z.string().optional();

/** The position of the only one of these keys that an object has. */
function keyMeant(keys: readonly (string | undefined)[]): (value: unknown) => number | undefined {
  const positions = new Map(keys.map((key, i) => [key, i]));
  return (value) => {
    if (!isObject(value)) return undefined;
    let found: number | undefined;
    for (const key of Object.keys(value)) {
      const position = positions.get(key);
      if (position !== undefined && found !== undefined) return undefined;
      found ??= position;
    }
    return found;
  };
}

const SOURCES = ['trait', 'trigger', 'step', 'data'];
export const refSchema = toldApart(
  [
    z.strictObject({ trait: pathSchema }),
    z.strictObject({ trigger: pathSchema }),
    z.strictObject({ step: pathSchema }),
    z.strictObject({ data: pathSchema }),
  ],
  keyMeant(SOURCES),
);
export type Ref = z.infer<typeof refSchema>;

/** A reference is an object, nothing else is. */
const refLast = (value: unknown): number => (isObject(value) ? 1 : 0);
const SCALARS = ['string', 'number', 'boolean'];
const scalar = toldApart([z.string(), z.number(), z.boolean()], (value) => {
  const position = SCALARS.indexOf(typeof value);
  return position < 0 ? undefined : position;
});
export const valueSchema = toldApart([scalar, refSchema], refLast);
export type Value = z.infer<typeof valueSchema>;

export const durationSchema = toldApart(
  [
    isoDurationSchema,
    z.strictObject({
      trait: pathSchema.optional(),
      trigger: pathSchema.optional(),
      step: pathSchema.optional(),
      times: z.number().positive().optional(),
      atLeast: isoDurationSchema.optional(),
      atMost: isoDurationSchema.optional(),
      otherwise: isoDurationSchema,
      note,
    }),
  ],
  refLast,
);
export type Duration = z.infer<typeof durationSchema>;

export const dateSchema = z.string().regex(/^\d{4}-\d\d-\d\d$/);
export const dateTimeSchema = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/,
    'a time looks like "2026-12-24" or "2026-12-24T10:00"',
  );
/** A date, a date-time, `now-P30D`, `today`, `entry+P1D`, or a reference to one. */
export const instantExpressionSchema = z.union([
  dateTimeSchema,
  z
    .string()
    .regex(/^(now|today|entry)([+-]P[0-9YMWDTHS]+)?$/, 'a moment looks like "2026-12-24", "now-P30D" or "entry"'),
  refSchema,
]);
export type InstantExpression = z.infer<typeof instantExpressionSchema>;

export const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day looks like "10:00"');
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const zoneSchema = z.string().min(1).max(60);
export const windowSchema = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).optional(),
  at: clockSchema.optional(),
  from: clockSchema.optional(),
  to: clockSchema.optional(),
  dates: z.tuple([dateSchema, dateSchema]).optional(),
  zone: zoneSchema.optional(),
  channels: z.array(channelSchema).min(1).optional(),
  note,
});
export type Window = z.infer<typeof windowSchema>;

export const oneOrMany = <T extends z.ZodType>(schema: T) =>
  toldApart([schema, z.array(schema).min(1)], (value) => (Array.isArray(value) ? 1 : 0));
const text = toldApart([z.string(), refSchema], refLast);
const number = toldApart([z.number(), refSchema], refLast);

/** Several operators in one condition mean all of them. */
const ops = {
  is: oneOrMany(valueSchema).optional(),
  isNot: oneOrMany(valueSchema).optional(),
  gt: number.optional(),
  gte: number.optional(),
  lt: number.optional(),
  lte: number.optional(),
  contains: text.optional(),
  startsWith: text.optional(),
  endsWith: text.optional(),
  before: instantExpressionSchema.optional(),
  after: instantExpressionSchema.optional(),
  within: isoDurationSchema.optional(),
  next: isoDurationSchema.optional(),
  every: z.enum(['P1Y', 'P1M', 'P1W']).optional(),
  exists: z.boolean().optional(),
};
const opsSchema = z.object(ops);
export type Ops = z.infer<typeof opsSchema>;

const amount = {
  gt: z.number().optional(),
  gte: z.number().optional(),
  lt: z.number().optional(),
  lte: z.number().optional(),
};

const topicOrMarketing = idSchema;
const status = z.enum(MESSAGE_FACTS);

const leaves = [
  z.strictObject({ trait: pathSchema, ...ops, note }),
  z.strictObject({ trigger: pathSchema, ...ops, note }),
  z.strictObject({ data: pathSchema, ...ops, note }),
  z.strictObject({ step: pathSchema, ...ops, note }),
  z.strictObject({ tag: oneOrMany(z.string().min(1).max(60)), note }),
  z.strictObject({ segment: oneOrMany(idSchema), note }),
  z.strictObject({
    consent: topicOrMarketing,
    channel: channelSchema.optional(),
    is: z.enum(['granted', 'denied', 'unknown']).optional(),
    note,
  }),
  z.strictObject({
    message: z.string().min(1).max(90),
    is: oneOrMany(status).optional(),
    isNot: oneOrMany(status).optional(),
    channel: channelSchema.optional(),
    topic: idSchema.optional(),
    link: z.string().optional(),
    within: isoDurationSchema.optional(),
    since: instantExpressionSchema.optional(),
    among: z.int().min(1).max(50).optional(),
    ...amount,
    note,
  }),
  z.strictObject({
    journey: oneOrMany(idSchema),
    is: z.enum(['inside', 'entered', 'finished', 'converted', 'held']).optional(),
    outcome: z.string().optional(),
    within: isoDurationSchema.optional(),
    ...amount,
    note,
  }),
  z.strictObject({ reachable: oneOrMany(channelSchema), topic: idSchema.optional(), note }),
  z.strictObject({ sample: z.number().min(0).max(100), salt: z.string().optional(), note }),
  z.strictObject({ now: windowSchema, note }),
] as const;

const AGGREGATES = ['sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

const eventLeaf = z.strictObject({
  event: z.union([z.literal('any'), oneOrMany(eventTypeSchema)]),
  get where() {
    return conditionSchema.optional();
  },
  since: instantExpressionSchema.optional(),
  sum: pathSchema.optional(),
  avg: pathSchema.optional(),
  min: pathSchema.optional(),
  max: pathSchema.optional(),
  first: pathSchema.optional(),
  last: pathSchema.optional(),
  distinct: pathSchema.optional(),
  ...ops,
  note,
});

/** What one leaf asks. `listener` is put in by compile on leaves that a running passage listens for. */
export type Leaf = {
  [K in keyof typeof leaves]: (typeof leaves)[K] extends z.ZodType ? z.infer<(typeof leaves)[K]> : never;
}[number];
export type EventLeaf = {
  readonly event: string | string[];
  readonly where?: Condition | undefined;
  readonly since?: InstantExpression | undefined;
  readonly note?: string | undefined;
} & {
  readonly [A in Aggregate]?: string | undefined;
} & Ops;
export type Condition =
  | { readonly all: readonly Condition[]; readonly note?: string | undefined }
  | { readonly any: readonly Condition[]; readonly note?: string | undefined }
  | { readonly not: Condition; readonly note?: string | undefined }
  | (EventLeaf & { readonly listener?: string })
  | (Leaf & { readonly listener?: string });

const all = z.strictObject({
  get all() {
    return z.array(conditionSchema).min(1);
  },
  note,
});
const any = z.strictObject({
  get any() {
    return z.array(conditionSchema).min(1);
  },
  note,
});
const not = z.strictObject({
  get not() {
    return conditionSchema;
  },
  note,
});

const SUBJECTS = ['all', 'any', 'not', 'event', ...leaves.map((leaf) => Object.keys(leaf.shape)[0])];

export const conditionSchema: z.ZodType<Condition> = z.lazy(() => conditions);
const conditions = toldApart([all, any, not, eventLeaf, ...leaves], keyMeant(SUBJECTS));
