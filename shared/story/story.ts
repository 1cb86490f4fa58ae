import * as z from 'zod';
import { dateTimeSchema, idSchema, isoDurationSchema, pathSchema } from '#shared/condition/condition.ts';
import { toldApart } from '#shared/condition/told-apart.ts';
import { channelSchema, eventTypeSchema } from '#shared/event/event.ts';
import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { jsonSchema } from '#shared/store/json.ts';

/** The grammar of `*.test.json`: language page, section 7. A contact, what happens to them, and what is expected of it. */

const note = z.string().optional();
const values = z.record(z.string().min(1).max(100), jsonSchema);
const topic = z.string().min(1).max(60);
const consents = z.partialRecord(channelSchema, z.array(topic).max(50));

/** After so long from the start, or at a local time of the contact. */
export const momentSchema = z.union([isoDurationSchema, dateTimeSchema]);
export type StoryMoment = z.infer<typeof momentSchema>;

export const contactSchema = z.strictObject({
  traits: values.optional(),
  tags: z.array(z.string().min(1).max(60)).max(50).optional(),
  /** Topics that they have agreed to, by channel. */
  consents: consents.optional(),
  /** Channels on which they have an address: e-mail, unless something else is said. */
  reachable: z.array(channelSchema).optional(),
  note,
});
export type StoryContact = z.infer<typeof contactSchema>;

const changeSchema = z.strictObject({
  set: values.optional(),
  unset: z.array(pathSchema).optional(),
  tag: z.array(z.string().min(1).max(60)).optional(),
  untag: z.array(z.string().min(1).max(60)).optional(),
  consents: consents.optional(),
  withdraw: consents.optional(),
});

const happenings = [
  z.strictObject({ at: momentSchema, event: eventTypeSchema, data: values.optional(), note }),
  z.strictObject({
    at: momentSchema,
    message: z.string().min(1).max(90),
    is: z.enum(MESSAGE_FACTS),
    /** Of a click: the name or the address of the link. */
    link: z.string().min(1).max(200).optional(),
    note,
  }),
  z.strictObject({ at: momentSchema, profile: changeSchema, note }),
  z.strictObject({ at: momentSchema, enrol: idSchema, data: values.optional(), note }),
] as const;
const KINDS = ['event', 'message', 'profile', 'enrol'];
const happeningSchema = toldApart([...happenings], (value) => {
  if (typeof value !== 'object' || value === null) return undefined;
  const kind = KINDS.findIndex((key) => key in value);
  return kind < 0 ? undefined : kind;
});
export type Happening = z.infer<typeof happeningSchema>;

const expectedMessageSchema = z.strictObject({
  step: idSchema,
  at: momentSchema.optional(),
  channel: channelSchema.optional(),
  template: idSchema.optional(),
  /** Pieces of text that stand in the subject or in the text. */
  says: z.array(z.string().min(1).max(500)).optional(),
  note,
});
export type ExpectedMessage = z.infer<typeof expectedMessageSchema>;

const expectedCallSchema = z.strictObject({
  step: idSchema,
  at: momentSchema.optional(),
  endpoint: idSchema.optional(),
  body: values.optional(),
  note,
});
export type ExpectedCall = z.infer<typeof expectedCallSchema>;

const expectedSchema = z.strictObject({
  /** All messages, in their order; fields that are not named are not compared. */
  messages: z.array(expectedMessageSchema).max(200).optional(),
  /** `inside`, `not-entered`, or how the passage ended. */
  outcome: z.string().min(1).max(60).optional(),
  /** Where the contact stands. */
  step: idSchema.optional(),
  value: z.number().optional(),
  traits: values.optional(),
  tags: z.array(z.string()).optional(),
  /** Types of events that the journey emitted, in their order. */
  events: z.array(eventTypeSchema).optional(),
  /** What endpoints were told, in their order; of a body, fields that are not named are not compared. */
  calls: z.array(expectedCallSchema).max(200).optional(),
  note,
});
export type Expected = z.infer<typeof expectedSchema>;

/** What the tests of one file share, and each may say otherwise. */
const setting = { contact: contactSchema.optional(), start: dateTimeSchema.optional() };

const storyFields = {
  note,
  ...setting,
  /** Arms by the id of their split; of the others the hash decides. */
  arms: z.record(idSchema, z.string().min(1).max(60)).optional(),
  /** Codes that pools have; the others have as many as are asked for. */
  coupons: z.record(idSchema, z.array(z.string().min(1).max(100)).max(100)).optional(),
  /** What endpoints answer; `false`: they refuse. The others take everything, and answer nothing. */
  answers: z.record(idSchema, z.union([values, z.literal(false)])).optional(),
  /** Whether a holdout may keep the contact out. */
  holdout: z.boolean().optional(),
};
const name = z.string().min(1).max(200);
const timeline = z.array(happeningSchema).max(200);

const storySchema = z.strictObject({
  name,
  ...storyFields,
  timeline: timeline.min(1),
  until: momentSchema,
  expect: expectedSchema,
});
export type Story = z.infer<typeof storySchema>;

export const testFileSchema = z.strictObject({
  $schema: z.string().optional(),
  note,
  journey: idSchema,
  ...setting,
  tests: z.array(storySchema).min(1).max(100),
});
export type TestFile = z.infer<typeof testFileSchema>;

/** The same for who only wants to see what happens: nothing need be expected, and it ends by itself. */
export const storyFileSchema = testFileSchema.extend({
  tests: z
    .array(
      z.strictObject({
        name: name.default('story'),
        ...storyFields,
        timeline: timeline.default([]),
        until: momentSchema.optional(),
        expect: expectedSchema.default({}),
      }),
    )
    .min(1)
    .max(100),
});
export type StoryFile = z.infer<typeof storyFileSchema>;

/** A Monday morning, for who says nothing. */
export const USUAL_START = '2026-03-02T10:00';
