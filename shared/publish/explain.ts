import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Source } from './parse.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';
import { keysOf, knownKeys, meantOption, memberOf, schemaAt, valueAt } from './shape.ts';
import { type Issue, misfit, misspelt, noneOf, outOfBounds, type Place, unknownType } from './wording.ts';

/** Keys that a condition is told by. */
export const SUBJECTS: readonly string[] = [
  ...['all', 'any', 'not', 'trait', 'trigger', 'data', 'step', 'tag', 'segment', 'consent', 'event', 'message'],
  ...['journey', 'reachable', 'sample', 'now'],
];

/** Holds a file against its grammar and says what does not fit, where, and what was meant. */
export function holdAgainst<T>(schema: z.ZodType<T>, source: Source, what: string): { value?: T; remarks: Remark[] } {
  const result = schema.safeParse(source.value);
  if (result.success) return { value: result.data, remarks: [] };
  const remarks = result.error.issues.flatMap((issue) => explain(issue, { schema, source, what, path: [] }));
  return { remarks };
}

const isKey = (key: PropertyKey): key is string | number => typeof key !== 'symbol';

function explain(issue: Issue, around: Place): Remark[] {
  const path = [...around.path, ...issue.path.filter(isKey)];
  const { open, ...rest } = around;
  // A union may lie right inside a union; then its path says nothing about which of the two is meant.
  const place = { ...rest, path, ...(open && issue.path.length === 0 && { open }) };
  const value = valueAt(place.source.value, path);
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [unknownType(issue, place, value)];
  if (value === undefined && issue.code !== 'unrecognized_keys') return [missing(place)];
  if (issue.code === 'invalid_union') return explainUnion(issue.errors, place, value);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, place, value));
  if (issue.code === 'invalid_key') return [misspelt(issue.issues[0], place, String(path.at(-1)))];
  if (issue.code === 'invalid_format') return [misspelt(issue, place, String(value))];
  if (issue.code === 'too_small' || issue.code === 'too_big') return [outOfBounds(issue, place)];
  if (issue.code === 'invalid_value') return [noneOf(issue.values.map(String), place, value)];
  return [misfit(issue, place, value)];
}

/** Of a union only the option is explained that the writer had in mind. */
function explainUnion(errors: readonly Issue[][], place: Place, value: unknown): Remark[] {
  const open = place.open ?? schemaAt(place.schema, place.source.value, place.path);
  const options = open instanceof z.ZodUnion ? open.options : [];
  const strange = isCondition(options)
    ? twoSubjectsOrNone(place, value)
    : isReference(options) && noSource(place, value);
  if (strange) return [strange];
  // Where only one option was tried, it is the one that was meant.
  const tried = errors.flatMap((issues, i) => (issues.length > 0 ? [i] : []));
  const meant = tried.length === 1 ? (tried[0] ?? 0) : meantOption(options, value);
  const option = options[meant];
  return (errors[meant] ?? []).flatMap((issue) => explain(issue, { ...place, ...(option && { open: option }) }));
}

const isCondition = (options: readonly z.core.$ZodType[]): boolean =>
  options.some((option) => option instanceof z.ZodObject && 'all' in option.shape);

const isReference = (options: readonly z.core.$ZodType[]): boolean =>
  options.length > 0 && options.every((o) => o instanceof z.ZodObject && Object.keys(o.shape).length === 1);

const SOURCES = ['trait', 'trigger', 'step', 'data'];

function noSource(place: Place, value: unknown): Remark | undefined {
  const keys = keysOf(value);
  if (keys.length === 0 || keys.some((key) => SOURCES.includes(key))) return undefined;
  const meant = keys.map((key) => didYouMean(key, SOURCES)).find((hint) => hint !== '') ?? '';
  const text = `A value is read by "trait", "trigger", "step" or "data"; here is none of them.${meant}`;
  return remark(MISFIT, place.source.at(place.path), text);
}

function twoSubjectsOrNone(place: Place, value: unknown): Remark | undefined {
  const keys = keysOf(value);
  const [first, second] = keys.filter((key) => SUBJECTS.includes(key));
  if (first !== undefined && second === undefined) return undefined;
  const at = place.source.at(place.path);
  if (first !== undefined) {
    return remark('E20', at, `A condition asks one thing; here are "${first}" and "${second}". Put two into "all".`);
  }
  if (typeof value !== 'object') return remark(MISFIT, at, 'A condition stands between "{" and "}".');
  const meant = keys.map((key) => didYouMean(key, SUBJECTS)).find((hint) => hint !== '');
  return remark('E20', at, `A condition asks one thing, such as "event" or "trait"; here is none.${meant ?? ''}`);
}

/** What a person would call the object: its type, its subject, the key that it stands under. */
function nameOf(place: Place, value: unknown): string {
  if (place.path.length === 0) return place.what;
  const type = memberOf(value, 'type');
  if (typeof type === 'string') return `"${type}"`;
  const name = keysOf(value).find((key) => SUBJECTS.includes(key)) ?? place.path.findLast((k) => typeof k === 'string');
  return name === undefined ? place.what : `"${name}"`;
}

function unknownKey(key: string, place: Place, value: unknown): Remark {
  const known = knownKeys(place.schema, place.source.value, place.path);
  const at = place.source.keyAt([...place.path, key]);
  return remark('E02', at, `${nameOf(place, value)} has no "${key}".${didYouMean(key, known)}`);
}

function missing(place: Place): Remark {
  const owner = place.path.slice(0, -1);
  const name = nameOf({ ...place, path: owner }, valueAt(place.source.value, owner));
  const key = place.path.at(-1);
  const coupon = key === 'otherwise' && memberOf(valueAt(place.source.value, owner), 'type') === 'coupon';
  if (coupon) {
    const pool = String(memberOf(valueAt(place.source.value, owner), 'pool') ?? 'the pool');
    return remark(
      'E41',
      place.source.at(owner),
      `Say what happens when "${pool}" has no codes left: "otherwise": [ steps ].`,
    );
  }
  const text = key === undefined ? `${place.what} stands between "{" and "}".` : `${name} needs "${key}".`;
  return remark(MISFIT, place.source.at(owner), text);
}
