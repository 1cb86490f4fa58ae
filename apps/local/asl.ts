import * as z from 'zod';
import { compileTemplate } from './jsonata.ts';

/**
 * The part of the Amazon States Language, in its JSONata form, that the laptop interprets. Anything else is refused
 * when the file is read, so that nothing works here and differs there.
 */

const template = z.unknown().transform(compileTemplate);
const comment = { Comment: z.string().optional() };

const retrierSchema = z.strictObject({
  ...comment,
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().min(0).default(3),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
export type Retrier = z.infer<typeof retrierSchema>;

const catcherSchema = z.strictObject({
  ...comment,
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  Output: template.optional(),
});

/** `End: true` is read as no `Next`. */
const next = { Next: z.string().optional(), End: z.literal(true).optional() };

const taskSchema = z.strictObject({
  ...comment,
  ...next,
  Type: z.literal('Task'),
  Resource: z.enum(['arn:aws:states:::lambda:invoke', 'arn:aws:states:::lambda:invoke.waitForTaskToken']),
  Arguments: template,
  TimeoutSeconds: template.optional(),
  Output: template.optional(),
  Retry: z.array(retrierSchema).default([]),
  Catch: z.array(catcherSchema).default([]),
});
export type Task = z.infer<typeof taskSchema>;

const passSchema = z.strictObject({ ...comment, ...next, Type: z.literal('Pass'), Output: template.optional() });

const waitSchema = z
  .strictObject({
    ...comment,
    ...next,
    Type: z.literal('Wait'),
    Seconds: template.optional(),
    Timestamp: template.optional(),
    Output: template.optional(),
  })
  .refine(({ Seconds, Timestamp }) => (Seconds === undefined) !== (Timestamp === undefined), 'Seconds or Timestamp');
export type Wait = z.infer<typeof waitSchema>;

const choiceSchema = z.strictObject({
  ...comment,
  Type: z.literal('Choice'),
  Choices: z
    .array(z.strictObject({ ...comment, Condition: template, Next: z.string(), Output: template.optional() }))
    .min(1),
  Default: z.string().optional(),
  Output: template.optional(),
});
export type Choice = z.infer<typeof choiceSchema>;

const succeedSchema = z.strictObject({ ...comment, Type: z.literal('Succeed'), Output: template.optional() });
const failSchema = z.strictObject({
  ...comment,
  Type: z.literal('Fail'),
  Error: template.optional(),
  Cause: template.optional(),
});

const stateSchema = z.discriminatedUnion('Type', [
  taskSchema,
  passSchema,
  waitSchema,
  choiceSchema,
  succeedSchema,
  failSchema,
]);
export type State = z.infer<typeof stateSchema>;

const machineSchema = z.strictObject({
  ...comment,
  QueryLanguage: z.literal('JSONata'),
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
});

export type Machine = { readonly startAt: string; readonly state: (name: string) => State };

/**
 * Reads a definition and puts `substitutions` in the place of its `${Tokens}`. Throws an Error for a token without a
 * substitution, an unsupported field or state, or a name of a state that is not there.
 */
export function readMachine(text: string, substitutions: Readonly<Record<string, string>>): Machine {
  const filled = text.replace(/\$\{(\w+)\}/g, (token, name: string) => {
    const value = substitutions[name];
    if (value === undefined) throw new Error(`nothing stands for ${token}`);
    return JSON.stringify(value).slice(1, -1);
  });
  const { StartAt, States } = machineSchema.parse(JSON.parse(filled));
  const state = (name: string): State => {
    const found = States[name];
    if (!found) throw new Error(`no state ${name}`);
    return found;
  };
  for (const name of [StartAt, ...Object.values(States).flatMap(successors)]) state(name);
  return { startAt: StartAt, state };
}

function successors(state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [...(state.Next ? [state.Next] : []), ...state.Catch.map(({ Next }) => Next)];
    case 'Choice':
      return [...state.Choices.map(({ Next }) => Next), ...(state.Default ? [state.Default] : [])];
    case 'Pass':
    case 'Wait':
      return state.Next ? [state.Next] : [];
    default:
      return [];
  }
}
