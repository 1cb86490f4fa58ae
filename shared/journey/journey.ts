import * as z from 'zod';
import {
  type Condition,
  clockSchema,
  conditionSchema,
  DAYS,
  dateTimeSchema,
  durationSchema,
  idSchema,
  isoDurationSchema,
  oneOrMany,
  pathSchema,
  refSchema,
  windowSchema,
  zoneSchema,
} from '#shared/condition/condition.ts';
import { channelSchema, eventTypeSchema } from '#shared/event/event.ts';
import { capSchema } from '#shared/sending/caps.ts';
import { jsonSchema } from '#shared/store/json.ts';

/** The grammar of a journey file: language page, section 2. Checks that need more than the file are in check.ts. */

const note = z.string().optional();
const labelSchema = z.string().min(1).max(60);
const literalOrRef = z.union([refSchema, jsonSchema]);
const valuesSchema = z.record(z.string().min(1).max(100), literalOrRef);
const percentSchema = z.number().min(0).max(100);

export const momentSchema = z.strictObject({
  trait: pathSchema.optional(),
  trigger: pathSchema.optional(),
  step: pathSchema.optional(),
  every: z.enum(['P1Y', 'P1M', 'P1W']).optional(),
  before: isoDurationSchema.optional(),
  after: isoDurationSchema.optional(),
  at: clockSchema.optional(),
  note,
});

export type Moment = z.infer<typeof momentSchema>;

const eventTriggerSchema = z.strictObject({
  type: z.literal('event'),
  event: oneOrMany(eventTypeSchema),
  where: conditionSchema.optional(),
  quietFor: durationSchema.optional(),
  existing: z.boolean().optional(),
  note,
});

export const triggerSchema = z.discriminatedUnion('type', [
  eventTriggerSchema,
  z.strictObject({
    type: z.literal('segment'),
    segment: idSchema,
    when: z.enum(['enters', 'leaves']),
    existing: z.boolean().optional(),
    note,
  }),
  z.strictObject({ type: z.literal('date'), ...momentSchema.shape }),
  z.strictObject({
    type: z.literal('schedule'),
    segment: idSchema,
    at: z.union([clockSchema, dateTimeSchema]),
    every: z.enum(['P1D', 'P1W', 'P1M']).optional(),
    on: z.array(z.union([z.enum(DAYS), z.int().min(1).max(31), z.literal('last')])).optional(),
    from: z.string().optional(),
    zone: zoneSchema.optional(),
    over: isoDurationSchema.optional(),
    note,
  }),
  z.strictObject({ type: z.literal('manual'), data: z.record(z.string(), z.string()).optional(), note }),
]);

export type Trigger = z.infer<typeof triggerSchema>;

export const entrySchema = z.strictObject({
  if: conditionSchema.optional(),
  again: z
    .strictObject({
      after: isoDurationSchema.optional(),
      atMost: z.int().min(0).optional(),
      whileInside: z.enum(['ignore', 'restart']).optional(),
      note,
    })
    .optional(),
  key: pathSchema.optional(),
  cap: z
    .array(z.strictObject({ count: z.int().min(0), per: isoDurationSchema.optional(), note }))
    .max(10)
    .optional(),
  holdout: percentSchema.optional(),
  from: dateTimeSchema.optional(),
  to: dateTimeSchema.optional(),
  note,
});

export const goalSchema = z.strictObject({
  if: conditionSchema,
  window: isoDurationSchema.optional(),
  leave: z.boolean().optional(),
  value: pathSchema.optional(),
  note,
});

const stepBase = { id: idSchema, name: z.string().optional(), note, if: conditionSchema.optional() };

/** What a list of steps holds. The arms of a step are lists again. */
export type Step =
  | SendStep
  | WaitStep
  | (z.infer<typeof waitForShape> & { then?: Step[] | undefined; otherwise?: Step[] | undefined })
  | (z.infer<typeof branchShape> & { cases: BranchCase[]; otherwise?: Step[] | undefined })
  | (z.infer<typeof splitShape> & { arms: SplitArm[] })
  | z.infer<typeof updateSchema>
  | (z.infer<typeof couponShape> & { otherwise: Step[] })
  | (z.infer<typeof callShape> & { otherwise?: Step[] | undefined })
  | z.infer<typeof emitSchema>
  | z.infer<typeof enrolSchema>
  | z.infer<typeof leaveSchema>
  | (z.infer<typeof repeatShape> & { steps: Step[] })
  | z.infer<typeof skipSchema>
  | z.infer<typeof endSchema>;
export type BranchCase = { name?: string | undefined; note?: string | undefined; if: Condition; steps: Step[] };
export type SplitArm = { name: string; note?: string | undefined; weight: number; steps: Step[] };

const sendSchema = z.strictObject({
  type: z.literal('send'),
  ...stepBase,
  template: idSchema,
  channel: oneOrMany(channelSchema).optional(),
  topic: idSchema.optional(),
  sender: idSchema.optional(),
  locale: z.string().optional(),
  data: valuesSchema.optional(),
  products: z
    .strictObject({
      list: idSchema,
      for: refSchema.optional(),
      count: z.int().min(1).max(50),
      atLeast: z.int().min(0).optional(),
      where: conditionSchema.optional(),
      note,
    })
    .optional(),
  survey: idSchema.optional(),
  when: z.union([z.literal('best'), windowSchema]).optional(),
  expires: isoDurationSchema.optional(),
});
export type SendStep = z.infer<typeof sendSchema>;
export type CallStep = Extract<Step, { type: 'call' }>;

const waitSchema = z.strictObject({
  type: z.literal('wait'),
  ...stepBase,
  for: durationSchema.optional(),
  until: z.union([z.literal('best'), dateTimeSchema, windowSchema, momentSchema]).optional(),
  missed: z.enum(['continue', 'end']).optional(),
});
export type WaitStep = z.infer<typeof waitSchema>;

const waitForShape = z.strictObject({
  type: z.literal('waitFor'),
  ...stepBase,
  for: conditionSchema,
  upTo: durationSchema,
});
const branchShape = z.strictObject({ type: z.literal('branch'), ...stepBase });
const experimentSchema = z.strictObject({
  metric: z.union([z.enum(['goal', 'clicked', 'answered']), conditionSchema]),
  winner: z.union([z.literal('manual'), z.strictObject({ after: isoDurationSchema, confidence: percentSchema, note })]),
  note,
});
const splitShape = z.strictObject({ type: z.literal('split'), ...stepBase, experiment: experimentSchema.optional() });
const updateSchema = z.strictObject({
  type: z.literal('update'),
  ...stepBase,
  set: valuesSchema.optional(),
  unset: z.array(pathSchema).optional(),
  add: z.record(pathSchema, z.number()).optional(),
  append: valuesSchema.optional(),
  remove: valuesSchema.optional(),
  tag: z.array(z.string().min(1).max(60)).optional(),
  untag: z.array(z.string().min(1).max(60)).optional(),
  consent: z.record(idSchema, z.literal('denied')).optional(),
});

const couponShape = z.strictObject({
  type: z.literal('coupon'),
  ...stepBase,
  pool: idSchema,
  valid: isoDurationSchema.optional(),
});
const callShape = z.strictObject({
  type: z.literal('call'),
  ...stepBase,
  endpoint: idSchema,
  body: valuesSchema.optional(),
  answer: z.boolean().optional(),
});
const emitSchema = z.strictObject({
  type: z.literal('emit'),
  ...stepBase,
  event: eventTypeSchema,
  data: valuesSchema.optional(),
});
const enrolSchema = z.strictObject({
  type: z.literal('enrol'),
  ...stepBase,
  journey: idSchema,
  data: valuesSchema.optional(),
});
const leaveSchema = z.strictObject({ type: z.literal('leave'), ...stepBase, journey: oneOrMany(idSchema) });
const repeatShape = z.strictObject({
  type: z.literal('repeat'),
  ...stepBase,
  times: z.int().min(1).max(52),
  until: conditionSchema.optional(),
});
const skipSchema = z.strictObject({ type: z.literal('skip'), ...stepBase, to: idSchema });
const endSchema = z.strictObject({ type: z.literal('end'), ...stepBase, outcome: labelSchema.optional() });

const stepsSchema: z.ZodType<Step[]> = z.lazy(() => z.array(stepSchema).max(200));
const armsSchema = z.strictObject({
  name: labelSchema,
  note,
  weight: z.number().min(0).max(100),
  get steps() {
    return stepsSchema;
  },
});

export const stepSchema: z.ZodType<Step> = z.lazy(() =>
  z.discriminatedUnion('type', [
    sendSchema,
    waitSchema,
    waitForShape.extend({ then: stepsSchema.optional(), otherwise: stepsSchema.optional() }),
    branchShape.extend({
      cases: z
        .array(z.strictObject({ name: labelSchema.optional(), note, if: conditionSchema, steps: stepsSchema }))
        .min(1)
        .max(20),
      otherwise: stepsSchema.optional(),
    }),
    splitShape.extend({ arms: z.array(armsSchema).min(1).max(20) }),
    updateSchema,
    couponShape.extend({ otherwise: stepsSchema }),
    callShape.extend({ otherwise: stepsSchema.optional() }),
    emitSchema,
    enrolSchema,
    leaveSchema,
    repeatShape.extend({ steps: stepsSchema }),
    skipSchema,
    endSchema,
  ]),
);

export const JOURNEY_STATUSES = ['draft', 'live', 'closing', 'paused', 'archived'] as const;

export const journeySchema = z.strictObject({
  $schema: z.string().optional(),
  id: idSchema,
  name: z.string().min(1).max(200),
  note,
  status: z.enum(JOURNEY_STATUSES),
  topic: idSchema.optional(),
  priority: z.int().min(0).max(100).optional(),
  trigger: triggerSchema,
  entry: entrySchema.optional(),
  goal: goalSchema.optional(),
  exits: z
    .array(z.strictObject({ if: conditionSchema, outcome: labelSchema.optional(), note }))
    .max(20)
    .optional(),
  caps: z.array(capSchema).optional(),
  quiet: z.array(windowSchema).optional(),
  steps: z.array(stepSchema).max(200),
  publish: z
    .strictObject({
      inside: z.enum(['finish', 'move', 'leave']),
      moved: z.record(idSchema, z.string()).optional(),
      note,
    })
    .optional(),
  allow: z.record(z.string(), z.string()).optional(),
});
export type Journey = z.infer<typeof journeySchema>;
export type JourneyStatus = Journey['status'];
