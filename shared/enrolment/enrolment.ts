import * as z from 'zod';
import { eventSchema } from '#shared/event/event.ts';
import { HOLDS } from '#shared/sending/hold.ts';
import { jsonSchema } from '#shared/store/json.ts';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';

/**
 * A passage stands in exactly one of these. `inside` goes on; `held` is measured and gets nothing; `converted` reached
 * its goal; `finished` came to the end; `exited` left before, with its outcome.
 */
export const PASSAGE_STATES = ['inside', 'held', 'converted', 'finished', 'exited'] as const;

/** Where the passage stands: on a step that waits. Null before the first turn and after the end. */
const cursorSchema = z.object({
  step: z.string(),
  /** The how-manieth time this step is entered in this passage; 1 at first. */
  visit: z.int(),
  began: canonicalInstantSchema,
  wakeAt: canonicalInstantSchema,
  /** When the turn was taken that left it here, where that was not the one that came here. */
  turned: canonicalInstantSchema.optional(),
  /** Earlier than that: when time alone may make the goal, an exit or the waitFor true. */
  lookAt: canonicalInstantSchema.optional(),
  /** A wait with `for` and `until`: which of the two is on. `arriving`: the turn was full, and the step begins with the next. */
  phase: z.enum(['for', 'until', 'arriving']).optional(),
  /** When the `until` of a wait began. */
  from: canonicalInstantSchema.optional(),
  /** Of a send: what holds its message back until then. */
  hold: z.enum(HOLDS).optional(),
  /** Since when it has come due and stands still, because its journey is paused. */
  stalled: canonicalInstantSchema.optional(),
  /** It came here from another version of the journey, and what it waits for is reckoned anew. */
  moved: z.literal(true).optional(),
});

export const heardSchema = z.object({
  /** How many matching events were heard since the listener became active. */
  n: z.int(),
  /** The first of them, and its own time. */
  event: z.string(),
  at: canonicalInstantSchema,
  /** Its type, so that the event's row can be found. */
  type: z.string(),
});
export type Heard = z.infer<typeof heardSchema>;

/** The event that started a passage. `hops`: how many journeys stand between it and the first cause. */
const triggerSchema = z.object({
  event: z.string(),
  type: z.string(),
  at: canonicalInstantSchema,
  /** When it was recorded. */
  arrived: canonicalInstantSchema.optional(),
  hops: z.int().optional(),
  /** Where only an address says who it was: what a guest has done is answered there, whoever they turn out to be. */
  email: z.string().optional(),
  /** Of a trigger that is no event: what it says of itself. */
  data: z.record(z.string(), jsonSchema).optional(),
});
export type TriggerRef = z.infer<typeof triggerSchema>;

export const enrolmentSchema = z.object({
  v: z.literal(1),
  contact: z.string(),
  journey: z.string(),
  /** The value of `entry.key`, '' without one. */
  key: z.string(),
  /** 1 for the first passage through this door, and so on. */
  n: z.int(),
  /** enrolmentId(...): part of execution names, message ids and tags. */
  id: z.string(),
  version: z.int(),
  /** The version that it entered by, once an edit has moved it to another. */
  first: z.int().optional(),
  state: z.enum(PASSAGE_STATES),
  outcome: z.string().optional(),
  entered: canonicalInstantSchema,
  ended: canonicalInstantSchema.optional(),
  /** When the goal was reached, and what it was worth. */
  converted: z
    .object({ at: canonicalInstantSchema, event: z.string().optional(), value: z.number().optional() })
    .optional(),
  /** The event that started it; its data is read from the event's row. */
  trigger: triggerSchema,
  /** Grows with each hearing and with nothing else: neither a turn nor the parking of a token changes it. */
  seq: z.int(),
  /** `seq` as the last turn left it: what is greater has been heard since. */
  turnSeq: z.int(),
  turn: z.int(),
  /** When it was last told something, by the clock of who told it. Rows of an earlier version do not say. */
  told: canonicalInstantSchema.optional(),
  leg: z.int(),
  cursor: cursorSchema.nullable(),
  /** By listener (see compile.ts). In the row the counts lie in a map of their own, so that they can be added to. */
  heard: z.record(z.string(), heardSchema),
  /** What each step left for later ones: `{ clicked: { at, happened } }`. */
  left: z.record(z.string(), z.record(z.string(), jsonSchema)),
  /** Times each repeatable step was entered; missing is 0. */
  visits: z.record(z.string(), z.int()),
  /** Which pass each `repeat` around the cursor is in. */
  passes: z.record(z.string(), z.int()).optional(),
  /** Steps that an edit has put before it although it has them behind it: they are not run again. */
  passed: z.array(z.string()).optional(),
  /** Newest message of each send step. */
  messages: z.record(z.string(), z.string()),
  /** What the last turn decided, returned again when the turn is repeated. */
  next: z.enum(['start', 'pause', 'finished']),
  /** Messages that the last turn put out, hinted again when the turn is repeated. */
  out: z.array(z.string()),
  /** Events that it put on the bus, put again when the turn is repeated. */
  puts: z.array(eventSchema).optional(),
  /** Calls to endpoints that it put out, hinted again when the turn is repeated. */
  calls: z.array(z.string()).optional(),
  /** Task token of the pause that stands now. */
  token: z.string().optional(),
  /** Which attempt of that pause parked it; missing for executions of an older definition. */
  attempt: z.int().optional(),
  /**
   * Since when and since which turn the present leg runs, how many before it took no turn, and the name of the error that the
   * last of them broke off by. Missing: from the entry on.
   */
  begun: z.object({ at: canonicalInstantSchema, turn: z.int(), vain: z.int(), by: z.string().optional() }).optional(),
  /** Put aside by review, since leg after leg broke off without a turn. */
  stranded: z.boolean().optional(),
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** When a pause ends: with what its step waits for, or to look again before. Undefined outside a pause. */
export const wakesAt = ({ cursor }: Enrolment): Instant | undefined => cursor?.lookAt ?? cursor?.wakeAt;

/** What a journey remembers of a contact between passages. */
export const doorSchema = z.object({
  v: z.literal(1),
  entries: z.int(),
  lastEntry: canonicalInstantSchema.optional(),
  /** Last time and count of each outcome. */
  outcomes: z.record(z.string(), z.object({ at: canonicalInstantSchema, n: z.int() })),
  /** `quietFor`: judged then, with the newest match as trigger. */
  quiet: z
    .object({
      until: canonicalInstantSchema,
      trigger: triggerSchema,
    })
    .optional(),
  /** When review looks at the quiet time: at its end as it was when the door was armed, or later. */
  due: canonicalInstantSchema.optional(),
});
export type Door = z.infer<typeof doorSchema>;
/** `elsewhere`: contacts, merged into this one, of whose own doors the word is in it: they go when it is written. */
export type LoadedDoor = Door & { readonly elsewhere?: readonly string[] };

/** What one execution carries: ids only, and it only ever gains members. */
export const legInputSchema = z.object({
  contact: z.string(),
  journey: z.string(),
  key: z.string(),
  n: z.int(),
  leg: z.int(),
  /** The last turn that has been run; 0 at the start. */
  turn: z.int(),
  /** Set by the state machine when a time-out ended the pause. */
  timedOut: z.boolean().optional(),
});
export type LegInput = z.infer<typeof legInputSchema>;

/** What advance returns to the state machine, and pause is called with (plus its token). */
export const turnOutputSchema = legInputSchema.omit({ timedOut: true }).extend({
  /** Absolute; the state machine computes the pause's time-out from it on entry. */
  wakeAt: canonicalInstantSchema,
});
export type TurnOutput = z.infer<typeof turnOutputSchema>;
