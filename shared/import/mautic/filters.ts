import * as z from 'zod';
import type { Condition, Ops } from '#shared/condition/condition.ts';
import { isMoment, own } from '#shared/import/choice.ts';
import { about, allOf, anyOf, lostCondition, nobody, oneOrList, type Subject } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import { durationOf, unitOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import { either, textAt } from './events.ts';

/** Mautic's comparisons: of segments' filters and of conditions in campaigns. */

const TRAITS: Readonly<Record<string, string>> = {
  ...{ firstname: 'name.first', lastname: 'name.last', country: 'location.country', city: 'location.city' },
  ...{ state: 'location.region', date_added: 'createdAt', preferred_locale: 'locale', timezone: 'timeZone' },
  ...{ owner_id: 'owner', device_type: 'device.type', device_brand: 'device.make', device_os: 'device.os' },
};

export const traitOf = ({ needs }: Pick<Draft, 'needs'>, at: Source, alias: string): string =>
  own(TRAITS, alias) ?? needs.trait(at, alias);

const scalar = z.union([z.string(), z.number(), z.boolean()]);
export type Given = string | number | boolean | readonly (string | number | boolean)[] | undefined;
export const valueSchema = z.union([scalar, z.array(scalar)]);

/** `-30 days`, `today`, or a date. */
function moment(value: string): string | undefined {
  const [, sign = '', count, word = ''] = /^([+-]?)\s*(\d+)\s+(\w+)$/.exec(value.trim()) ?? [];
  const unit = unitOf(word);
  const span = count === undefined || !unit ? undefined : durationOf(Number(count), unit);
  if (span) return `now${sign === '+' ? '+' : '-'}${span}`;
  return value === 'today' || value === 'now' || isMoment(value) ? value.replace(' ', 'T') : undefined;
}

const isDate = (value: string): boolean => /^(\d{4}-\d\d-\d\d|today|now|[+-]\s*\d+\s*\w+)/.test(value.trim());
const number = (value: Given): number => Number([value].flat()[0]);
type Scalar = string | number | boolean;
/** Several values stand in a list, or in one text with bars between them. */
const list = (value: Given): Scalar | Scalar[] =>
  oneOrList(
    [value].flat().flatMap((v): Scalar[] => (v === undefined ? [] : typeof v === 'string' ? v.split('|') : [v])),
  );
const texts = (value: Given): string | string[] => oneOrList([list(value)].flat().map(String));
const word = (value: Given): string => String([value].flat()[0] ?? '').replace(/^%|%$/g, '');

const sized =
  (before: keyof Ops, orderly: keyof Ops): Compare =>
  (value) => {
    if (!isDate(word(value))) return { [orderly]: number(value) };
    const found = moment(word(value));
    return found === undefined ? undefined : { [before]: found };
  };

type Compare = (value: Given) => Ops | { not: Ops } | undefined;

const COMPARE: Readonly<Record<string, Compare>> = {
  ...{
    '=': (v) => ({ is: list(v) }),
    eq: (v) => ({ is: list(v) }),
    in: (v) => ({ is: list(v) }),
    date: (v) => ({ is: word(v).slice(0, 10) }),
  },
  ...{
    '!=': (v) => ({ isNot: list(v) }),
    neq: (v) => ({ isNot: list(v) }),
    '!in': (v) => ({ isNot: list(v) }),
    notIn: (v) => ({ isNot: list(v) }),
  },
  ...{ gt: sized('after', 'gt'), gte: sized('after', 'gte'), lt: sized('before', 'lt'), lte: sized('before', 'lte') },
  ...{ like: (v) => ({ contains: word(v) }), contains: (v) => ({ contains: word(v) }) },
  ...{ '!like': (v) => ({ not: { contains: word(v) } }), notLike: (v) => ({ not: { contains: word(v) } }) },
  ...{ startsWith: (v) => ({ startsWith: word(v) }), endsWith: (v) => ({ endsWith: word(v) }) },
  ...{ empty: () => ({ exists: false }), '!empty': () => ({ exists: true }), notEmpty: () => ({ exists: true }) },
  between: (v) => (Array.isArray(v) ? { gte: Number(v[0]), lte: Number(v[1]) } : undefined),
};

export function compared(
  { notes }: Pick<Draft, 'notes'>,
  at: Source,
  subject: Subject,
  path: string,
  operator: string,
  value: Given,
): Condition {
  if (/^(birthday|anniversary)/.test(word(value))) return about(subject, path, { next: 'P1D', every: 'P1Y' });
  const ops = own(COMPARE, operator)?.(value);
  if (!ops)
    return lostCondition(notes, at, `"${operator}" of "${path}" cannot be expressed.`, 'Ask for parts of the text.');
  return 'not' in ops ? { not: about(subject, path, ops.not) } : about(subject, path, ops);
}

/** A segment's filters: groups that begin at each `or`, in which all must hold. */
export function segmentCondition(draft: Draft, filters: Source): Condition {
  const groups: Condition[][] = [];
  for (const at of filters.items()) {
    const glue = either(at, z.enum(['and', 'or']), 'glue') ?? 'and';
    if (glue === 'or' || groups.length === 0) groups.push([]);
    groups.at(-1)?.push(filter(draft, at));
  }
  return anyOf(groups.flatMap((group) => allOf(group) ?? [])) ?? nobody('the segment has no filters');
}

function filter(draft: Draft, at: Source): Condition {
  const field = textAt(at, 'field') ?? 'field';
  const operator = textAt(at, 'operator') ?? '=';
  const object = either(at, z.enum(['lead', 'company', 'behaviors']), 'object') ?? 'lead';
  textAt(at, 'type');
  draft.notes.drop(at, ['display', 'merged_property', 'customFieldType'], 'how the filter is shown');
  const properties = at.at('properties');
  textAt(properties, 'display');
  const [inner, outer] = [properties.at('filter').take(valueSchema), at.at('filter').take(valueSchema)];
  const value = inner ?? outer;
  if (object === 'company')
    return lostCondition(draft.notes, at, 'There are no companies.', 'Keep it as a trait of the contact.');
  if (field === 'tags') return listed({ tag: texts(value) }, operator, at, draft);
  if (field === 'leadlist') {
    const ids = [value].flat().map((id) => draft.needs.segment(at, String(id), `segment ${String(id)}`));
    return listed({ segment: oneOrList(ids) }, operator, at, draft);
  }
  if (object === 'behaviors')
    return lostCondition(
      draft.notes,
      at,
      `The filter "${field}" cannot be expressed.`,
      'Ask for events in a condition.',
    );
  return compared(draft, at, 'trait', traitOf(draft, at, field), operator, value);
}

/** Ways to ask for a tag or a segment, and whether they ask for its absence. */
const LISTED: Readonly<Record<string, boolean>> = {
  ...{ in: false, '=': false, eq: false, include: false, contains: false },
  ...{ '!in': true, '!=': true, neq: true, notIn: true, exclude: true, excludingAll: true },
};

function listed(condition: Condition, operator: string, at: Source, draft: Draft): Condition {
  const isNot = own(LISTED, operator);
  if (isNot === undefined)
    return lostCondition(draft.notes, at, `"${operator}" of tags and segments cannot be expressed.`);
  return isNot ? { not: condition } : condition;
}
