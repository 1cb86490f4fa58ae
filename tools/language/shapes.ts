import * as z from 'zod';
import { conditionSchema, durationSchema, windowSchema } from '#shared/condition/condition.ts';
import { FILES } from '#shared/editor/files.ts';
import {
  entrySchema,
  goalSchema,
  journeySchema,
  momentSchema,
  stepSchema,
  triggerSchema,
} from '#shared/journey/journey.ts';
import { bare, isNamed } from './values.ts';

/** What has keys, by the name under which a table of the page asks for it. */
export type Shape = {
  /** Whose words and defaults hold, the closest last. */
  readonly owners: readonly string[];
  readonly keys: Readonly<Record<string, z.core.$ZodType>>;
};

const insideOf = (schema: z.core.$ZodType) => (schema instanceof z.ZodLazy ? schema._zod.innerType : schema);

function objectsIn(schema: z.core.$ZodType): readonly z.ZodObject[] {
  const inner = insideOf(schema);
  if (inner instanceof z.ZodArray && isNamed(inner.element)) return [];
  if (inner instanceof z.ZodArray) return objectsIn(bare(inner.element));
  if (inner instanceof z.ZodRecord && isNamed(inner.valueType)) return [];
  if (inner instanceof z.ZodRecord) return objectsIn(bare(inner.valueType));
  if (inner instanceof z.ZodUnion)
    return inner.options.filter((option) => !isNamed(option)).flatMap((option) => objectsIn(bare(option)));
  return inner instanceof z.ZodObject ? [inner] : [];
}

/** All keys of what may be one of several objects: none of them is needed that one of these does without. */
export function keysIn(schema: z.core.$ZodType): Shape['keys'] {
  const objects = objectsIn(schema);
  const all: Shape['keys'] = Object.assign({}, ...objects.map(({ shape }) => shape));
  const isShared = (key: string) => objects.every(({ shape }) => key in shape);
  return Object.fromEntries(Object.entries(all).map(([key, one]) => [key, isShared(key) ? one : z.optional(one)]));
}

const typeOf = ({ shape }: z.ZodObject): string => {
  const type = shape['type'];
  return type instanceof z.ZodLiteral ? String(type.value) : '';
};

/** What every step may have; said once. */
const OF_ALL_STEPS = ['id', 'name', 'if'];

const without = (keys: Shape['keys'], left: readonly string[]): Shape['keys'] =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !left.includes(key)));

/** A date of a trigger is a trait: nothing has happened yet. */
const NOT_FOR_TRIGGERS = ['trigger', 'step'];

const steps = objectsIn(stepSchema);
const leaves = objectsIn(conditionSchema);
const subjectOf = ({ shape }: z.ZodObject): string => Object.keys(shape)[0] ?? '';
const ofTrait = leaves.find((leaf) => subjectOf(leaf) === 'trait')?.shape ?? {};

/** Keys that every condition on a value has, and that work alike in all of them. */
const OPERATORS = Object.keys(without(ofTrait, ['trait', 'note']));
const AMOUNT = ['gt', 'gte', 'lt', 'lte'];

function leafShape(leaf: z.ZodObject): [string, Shape] {
  const subject = subjectOf(leaf);
  const shared = OPERATORS.filter(
    (key) => leaf.shape[key] === ofTrait[key] && !(subject === 'event' && key === 'within'),
  );
  return [
    `condition ${subject}`,
    { owners: ['condition', `asking ${subject}`], keys: without(leaf.shape, [...shared, ...AMOUNT]) },
  ];
}

const files = Object.entries(FILES).map(([kind, schema]): [string, Shape] => [
  kind,
  { owners: [kind], keys: keysIn(schema) },
]);

export const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...files,
  ...objectsIn(triggerSchema).map((one): [string, Shape] => [
    `trigger ${typeOf(one)}`,
    { owners: [`trigger ${typeOf(one)}`], keys: without(one.shape, NOT_FOR_TRIGGERS) },
  ]),
  ['entry', { owners: ['entry'], keys: entrySchema.shape }],
  ['goal', { owners: ['goal'], keys: goalSchema.shape }],
  ...(['exits', 'caps', 'publish'] as const).map((key): [string, Shape] => [
    key,
    { owners: [key], keys: keysIn(bare(journeySchema.shape[key])) },
  ]),
  [
    'every step',
    {
      owners: ['step'],
      keys: Object.fromEntries(
        OF_ALL_STEPS.flatMap((key) => (steps[0]?.shape[key] ? [[key, steps[0].shape[key]]] : [])),
      ),
    },
  ],
  ...steps.map((one): [string, Shape] => [
    `step ${typeOf(one)}`,
    { owners: [typeOf(one)], keys: without(one.shape, OF_ALL_STEPS) },
  ]),
  ...leaves.map(leafShape),
  ['operators', { owners: ['condition'], keys: without(ofTrait, ['trait']) }],
  ['window', { owners: ['window'], keys: windowSchema.shape }],
  ['moment', { owners: ['moment'], keys: momentSchema.shape }],
  ['duration', { owners: ['duration'], keys: keysIn(durationSchema) }],
]);

/** Names of the steps, in the order of the grammar. */
export const STEP_NAMES: readonly string[] = steps.map(typeOf);
