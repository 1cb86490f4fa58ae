import * as z from 'zod';
import { idSchema, isoDurationSchema } from '#shared/condition/condition.ts';
import { CHANNELS } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { didYouMean, nearest } from './did-you-mean.ts';
import { durationMeant, reordered } from './durations.ts';
import { latin } from './latin.ts';
import type { Path, Source } from './parse.ts';
import { MISFIT, OVER_LIMIT, type Remark, remark } from './remarks.ts';
import { memberOf, schemaAt } from './shape.ts';

/** What is said of one thing that does not fit the grammar. */
export type Issue = z.core.$ZodIssue;
/** `what`: the file in a word, as in "A journey needs ...". */
export type Place = {
  readonly schema: z.core.$ZodType;
  readonly source: Source;
  readonly what: string;
  readonly path: Path;
  /** The schema there, where the path alone does not tell it. */
  readonly open?: z.core.$ZodType;
};

const messageFor = (schema: z.ZodType): string | undefined => schema.safeParse('?').error?.issues[0]?.message;
const DURATION = messageFor(isoDurationSchema);
const ID = messageFor(idSchema);

/** What marketers who come from other tools write. */
const SYNONYMS: Readonly<Record<string, string>> = {
  email: '"send"',
  mail: '"send"',
  message: '"send"',
  delay: '"wait"',
  pause: '"wait"',
  sleep: '"wait"',
  if: '"branch"',
  condition: '"branch"',
  switch: '"branch"',
  test: '"split"',
  random: '"split"',
  exit: '"end"',
  stop: '"end"',
  webhook: '"call"',
  goto: '"skip"',
  loop: '"repeat"',
};

/** A `type` that no step or trigger has. */
export function unknownType(issue: Issue, place: Place, value: unknown): Remark {
  const known = memberOf(issue, 'options');
  const options = Array.isArray(known) ? known.map(String) : [];
  const kind = place.path.includes('steps') ? 'step' : 'trigger';
  if (value === undefined)
    return remark(
      'E03',
      place.source.at(place.path.slice(0, -1)),
      `This ${kind} has no "type". There are ${options.join(', ')}.`,
    );
  const written = String(value);
  const channel = CHANNELS.find((c) => c === written && c !== 'email');
  const meant = channel
    ? `"send" with "channel": "${channel}"`
    : (ownOf(SYNONYMS, written) ?? quoted(nearest(written, options)));
  const hint = meant ? `Did you mean ${meant}?` : `There are ${options.join(', ')}.`;
  return remark('E03', place.source.at(place.path), `There is no ${kind} "${written}". ${hint}`);
}

const quoted = (word: string | undefined) => word && `"${word}"`;

/** A text that does not have the form it needs. */
export function misspelt(issue: Issue | undefined, place: Place, text: string): Remark {
  const at = place.source.at(place.path);
  if (issue?.message === DURATION) {
    const mended = reordered(text);
    if (mended) return remark('E10', at, `Days stand before the T, hours after it: "${mended}".`);
    const meant = durationMeant(text);
    const hint = meant ? `Write "${meant}".` : 'Write "PT30M", "P2D" or "P1M".';
    return remark('E07', at, `"${text}" is not a duration. ${hint}`);
  }
  if (issue?.message === ID) return remark('E05', at, templateRemark(place, text) ?? idRemark(text));
  return remark(MISFIT, at, `"${text}" does not fit: ${issue?.message ?? 'it is misspelt'}.`);
}

/** The id that a name would have: `my-birthday`. */
export const idFor = (name: string): string =>
  latin(name.toLowerCase())
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');

/** Somebody has written where its file lies: `templates/hello/email.mjml`. */
function templateRemark({ path }: Place, text: string): string | undefined {
  const [, id] = /(?:^|\/)([a-z][a-z0-9-]*)(?:\/|\/[^/]+\.(?:mjml|liquid))$/.exec(text) ?? [];
  return id && path.includes('template') ? `A template is named by its folder. Write "${id}".` : undefined;
}

function idRemark(text: string): string {
  const plain = idFor(text);
  const hint = plain && plain !== text ? ` How about "${plain}"?` : '';
  const long = text.length > 40 ? ', 40 at most' : '';
  return `An id has small Latin letters, digits and "-"${long}.${hint} Put the name into "name".`;
}

/** Too many, too few, too long. */
export function outOfBounds(issue: Issue, place: Place): Remark {
  const at = place.source.at(place.path);
  const key = place.path.at(-1);
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return remark(OVER_LIMIT, at, `"${key}" has at most ${issue.maximum} here. Take some out.`);
  }
  if (issue.code === 'too_small' && issue.origin === 'array') {
    if (key === 'any') return remark('E21', at, 'An empty "any" is never true. Put a condition into it.');
    return remark(key === 'all' ? 'E21' : MISFIT, at, `An empty "${key}" says nothing. Fill it, or take it out.`);
  }
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : '';
  const least = issue.code === 'too_small' ? `at least ${issue.minimum}` : '';
  const unit = 'origin' in issue && issue.origin === 'string' ? ' letters long' : '';
  return remark(MISFIT, at, `"${key}" must be ${bound}${least}${unit}.`);
}

/** None of the words that can stand there. */
export function noneOf(values: readonly string[], place: Place, value: unknown): Remark {
  const written = String(value);
  const hint = didYouMean(written, values) || ` It may be ${values.map((v) => `"${v}"`).join(', ')}.`;
  const consent = place.path.at(-2) === 'consent' && values.includes('denied') && values.length === 1;
  if (consent)
    return remark(
      'E42',
      place.source.at(place.path),
      'A journey may withdraw consent, never give it: write "denied", or take it out.',
    );
  return remark(MISFIT, place.source.at(place.path), `"${written}" cannot stand here.${hint}`);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in "[ ]"',
  object: 'an object in "{ }"',
  record: 'an object in "{ }"',
};

function isDuration({ schema, source, path, open }: Place): boolean {
  const expected = open ?? schemaAt(schema, source.value, path);
  return expected !== undefined && z.safeParse(expected, '?').error?.issues[0]?.message === DURATION;
}

/** An object is long, and its first letters tell nobody which it is. */
function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  if (typeof value === 'object' && text !== '{}') return 'an object in "{ }"';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Text where a number belongs, and the like. */
export function misfit(issue: Issue, place: Place, value: unknown): Remark {
  const at = place.source.at(place.path);
  if (issue.code !== 'invalid_type') return remark(MISFIT, at, `${issue.message}.`);
  if (typeof value === 'number' && isDuration(place)) {
    const text = `A duration says its unit. Write "P${value}D" for ${value} days, "PT${value}H" for ${value} hours.`;
    return remark('E07', at, text);
  }
  const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : shortened(value);
  return remark(MISFIT, at, `Here belongs ${KINDS[issue.expected] ?? issue.expected}, not ${got}.`);
}
