import type * as z from 'zod';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { noSuchZone } from '#shared/publish/no-such-zone.ts';

/** What is wrong with a mapping, in words for who writes one. */
type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  array: 'a list in "[ ]"',
  object: 'an object in "{ }"',
  record: 'an object in "{ }"',
};

/** A line for each fault, with its path. `known`: the words that a mapping may have as keys. */
export const faultsOf = (issues: readonly Issue[], given: unknown, known: readonly string[]): string[] =>
  issues.flatMap((issue) => explain(issue, [], given, known));

function explain(issue: Issue, around: Path, given: unknown, known: readonly string[]): string[] {
  const path = [...around, ...issue.path];
  const value = path.reduce<unknown>(memberOf, given);
  const say = (text: string): string => `  ${path.map(String).join('.') || 'the mapping'}: ${text}`;
  const more = (inner: readonly Issue[] | undefined) => inner?.flatMap((one) => explain(one, path, given, known));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => say(`there is no "${key}" here.${didYouMean(key, known)}`));
  if (value === undefined) return [say(`it is missing. ${FORMS[String(path.at(-1))] ?? ''}`.trimEnd())];
  if (path.length === 1 && path[0] === 'zone' && typeof value === 'string')
    return [say(`there is ${noSuchZone(value)}`)];
  if (issue.code === 'invalid_union') return more(meant(issue.errors, value)) ?? [say(form(path))];
  if (issue.code === 'invalid_value') return [say(noneOf(String(value), issue.values.map(String)))];
  if (issue.code === 'invalid_type') return [say(`here belongs ${KINDS[issue.expected] ?? issue.expected}.`)];
  if (issue.code === 'invalid_key') return [say(`${issue.issues[0]?.message ?? issue.message}.`)];
  return [say(`${issue.message}.`)];
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<PropertyKey, unknown>(Object.entries(value)).get(String(key));
}

/** Of the ways to say something, the one whose kind was chosen: a text for a text, an object for an object. */
function meant(ways: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  const fitting = ways.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  if (typeof value !== 'object') return fitting[0];
  // An object with "column" means a column; only one with "value" the other.
  return fitting.find((issues) => issues.every(({ code }) => code !== 'unrecognized_keys')) ?? fitting[0];
}

const noneOf = (written: string, values: readonly string[]): string =>
  `"${written}" is none of ${values.map((value) => `"${value}"`).join(', ')}.${didYouMean(written, values)}`;

const COLUMN = 'It is the name of a column, or { "column": ..., "as": ... }.';
const FORMS: Readonly<Record<string, string>> = {
  source: 'It is a name for the shop, as "my-shop".',
  time: COLUMN,
  type: 'It is an event type, as "purchase", or { "column": ..., "values": ... }.',
  identities: 'It says which column tells who, as { "externalId": "customer" }.',
  column: 'It is the name of a column.',
};

const form = (path: Path): string => FORMS[String(path.at(-1))] ?? `${COLUMN.slice(0, -1)}, or { "value": ... }.`;
