import * as z from 'zod';
import type { Condition, Ops } from '#shared/condition/condition.ts';
import { own, unitAt } from '#shared/import/choice.ts';
import { about, lostCondition, oneOrList, type Subject } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import { durationOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';

/** Klaviyo's filters: `{ "type": "string", "operator": "equals", "value": "tea" }`. */

const text = z.string();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const spanOf = (filter: Source): string => {
  const quantity = filter.at('quantity').take(z.number()) ?? 1;
  const unit = unitAt(filter.at('unit')) ?? 'day';
  return durationOf(quantity, unit) ?? 'P1D';
};

const NUMBERS: Readonly<Record<string, keyof Ops>> = {
  ...{ equals: 'is', 'not-equals': 'isNot', 'greater-than': 'gt', 'greater-than-or-equal': 'gte' },
  ...{ 'less-than': 'lt', 'less-than-or-equal': 'lte' },
};

/** What follows `not-` has a plain opposite in the language; the rest is turned round by `not`. */
const TEXTS: Readonly<Record<string, keyof Ops>> = {
  ...{ equals: 'is', 'not-equals': 'isNot', in: 'is', 'not-in': 'isNot', contains: 'contains' },
  ...{ 'starts-with': 'startsWith', 'ends-with': 'endsWith' },
};

const day = (source: Source): string => (source.take(text) ?? '').replace(/\.\d+/, '');

/** Dates by operator; undefined where Klaviyo asks what the language cannot. */
const DATES: Readonly<Record<string, (filter: Source) => Ops | undefined>> = {
  before: (f) => ({ before: day(f.at('date')) }),
  after: (f) => ({ after: day(f.at('date')) }),
  'between-static': (f) => ({ after: day(f.at('start')), before: day(f.at('end')) }),
  'in-the-last': (f) => ({ within: spanOf(f) }),
  'in-the-next': (f) => ({ next: spanOf(f) }),
  'at-least': (f) => ({ before: `now-${spanOf(f)}` }),
  between: (f) => relativeRange(f),
  'anniversary-last': (f) => ({ within: spanOf(f), every: 'P1Y' }),
  'anniversary-next': (f) => ({ next: spanOf(f), every: 'P1Y' }),
  anniversary: () => ({ next: 'P1D', every: 'P1Y' }),
};

function relativeRange(filter: Source): Ops | undefined {
  const unit = unitAt(filter.at('unit')) ?? 'day';
  const [start, end] = ['start', 'end'].map((key) => durationOf(filter.at(key).take(z.number()) ?? 0, unit));
  return start && end ? { after: `now-${end}`, before: `now-${start}` } : end ? { within: end } : undefined;
}

type Read = (filter: Source, operator: string) => Ops | { not: Ops } | undefined;

const READ: Readonly<Record<string, Read>> = {
  string: (filter, operator) => {
    const value = filter.at('value').take(z.array(z.string())) ?? filter.at('value').take(text);
    const positive = own(TEXTS, operator) ?? own(TEXTS, operator.replace(/^not-/, ''));
    if (value === undefined || !positive) return undefined;
    const ops = { [positive]: Array.isArray(value) ? oneOrList(value) : value };
    return own(TEXTS, operator) ? ops : { not: ops };
  },
  numeric: (filter, operator) => {
    const [start, end] = ['start', 'end'].map((key) => filter.at(key).take(z.number()));
    if (operator === 'between' && start !== undefined && end !== undefined) return { gte: start, lte: end };
    const [key, value] = [own(NUMBERS, operator), filter.at('value').take(z.number())];
    return key && value !== undefined ? { [key]: value } : undefined;
  },
  boolean: (filter) => {
    const value = filter.at('value').take(z.boolean());
    return value === undefined ? undefined : { is: value };
  },
  date: (filter, operator) => own(DATES, operator)?.(filter),
  existence: (_, operator) => own({ 'is-set': { exists: true }, 'not-set': { exists: false } }, operator),
  list: (filter, operator) => {
    const value = filter.at('value').take(scalar);
    const many = filter.at('value').take(z.array(z.string()));
    if (operator === 'contains' && value !== undefined) return { is: value };
    if (operator === 'not-contains' && value !== undefined) return { isNot: value };
    if (operator === 'contains-any' && many) return { is: oneOrList(many) };
    if (operator === 'not-contains-any' && many) return { isNot: oneOrList(many) };
    if (operator === 'contains-substring' && typeof value === 'string') return { contains: value };
    return operator === 'not-contains-substring' && typeof value === 'string'
      ? { not: { contains: value } }
      : undefined;
  },
};

const WHY: Readonly<Record<string, string>> = {
  list: 'Fold the number into a trait.',
  string: 'Regular expressions are left out; ask for parts of the text.',
  date: 'Ask for a date, or for a span before now.',
};

/** A filter on a value that lies at this path. */
export function filtered({ notes }: Pick<Draft, 'notes'>, subject: Subject, path: string, filter: Source): Condition {
  const type = filter.at('type').take(text) ?? '';
  const operator = filter.at('operator').take(text) ?? '';
  const ops = own(READ, type)?.(filter, operator);
  if (!ops) return lostCondition(notes, filter, `"${operator}" of "${path}" cannot be expressed.`, own(WHY, type));
  return 'not' in ops ? { not: about(subject, path, ops.not) } : about(subject, path, ops);
}

/** The span of events that a question is about; `undefined` is all of them. */
export function timeframe(draft: Pick<Draft, 'notes'>, filter: Source): { within?: string; since?: string } {
  const operator = filter.at('operator').take(text) ?? 'alltime';
  filter.at('type').take(z.literal('date'));
  if (operator === 'alltime') return {};
  if (operator === 'flow-start') return { since: 'entry' };
  if (operator === 'in-the-last') return { within: spanOf(filter) };
  if (operator === 'after') return { since: day(filter.at('date')) };
  draft.notes.lost(
    filter,
    `Events "${operator}" cannot be asked for; all of them are counted.`,
    'Ask with "within" or "since".',
  );
  return {};
}
