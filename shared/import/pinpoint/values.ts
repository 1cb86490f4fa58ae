import * as z from 'zod';
import type { Condition, Ops } from '#shared/condition/condition.ts';
import { chosen, isMoment, own } from '#shared/import/choice.ts';
import { about, anyOf, lostCondition, nobody, oneOrList, type Subject } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';

const texts = z.array(z.string());

const text = z.string().min(1);

/** Attributes and metrics, by Pinpoint's ways of comparing. */

/** Pinpoint's dimensions: what its journeys, events and segments ask for. */
export type Asking = Pick<Draft, 'notes' | 'needs'> & {
  /** The step that an activity has become, for questions about its message. */
  readonly stepOf: (activity: string) => string | undefined;
};

export const EXCLUSIVE = 'EXCLUSIVE';
export const INCLUDED = z.enum(['INCLUSIVE', EXCLUSIVE]);

/** Attribute values by Pinpoint's nine ways of comparing. */
function compared(asking: Asking, subject: Subject, path: string, dimension: Source): Condition {
  const values = dimension.at('Values').take(texts) ?? [];
  const type = dimension.at('AttributeType').take(text) ?? 'INCLUSIVE';
  const [first = '', second = ''] = values;
  const ops: Readonly<Record<string, Ops>> = {
    INCLUSIVE: { is: oneOrList(values) },
    [EXCLUSIVE]: { isNot: oneOrList(values) },
    BEFORE: { before: first },
    AFTER: { after: first },
    BETWEEN: { after: first, before: second },
  };
  if (type === 'ON' && isMoment(first)) return about(subject, path, { is: first.slice(0, 10) });
  if (type === 'CONTAINS') {
    return anyOf(values.map((value) => about(subject, path, { contains: value }))) ?? nobody('no value was given');
  }
  const found = own(ops, type);
  if (found && values.length > 0) return about(subject, path, found);
  return lostCondition(asking.notes, dimension, `The comparison ${type} of "${path}" cannot be expressed.`);
}

const NUMBERS: Readonly<Record<string, keyof Ops>> = {
  EQUAL: 'is',
  GREATER_THAN: 'gt',
  GREATER_THAN_OR_EQUAL: 'gte',
  LESS_THAN: 'lt',
  LESS_THAN_OR_EQUAL: 'lte',
};

function metric(asking: Asking, subject: Subject, path: string, dimension: Source): Condition {
  const operator = chosen(dimension.at('ComparisonOperator'), NUMBERS);
  const value = dimension.at('Value').take(z.number());
  if (operator && value !== undefined) return about(subject, path, { [operator]: value });
  return lostCondition(asking.notes, dimension, `The comparison of the metric "${path}" cannot be expressed.`);
}

const named = (asking: Asking, subject: Subject, source: Source, name: string): string =>
  subject === 'trait' ? asking.needs.trait(source, name) : name;

/** Attributes and metrics: of the contact, or of the event that is asked about. */
export function values(asking: Asking, subject: Subject, dimensions: Source): Condition[] {
  const attributes = ['Attributes', 'UserAttributes'].flatMap((key) => dimensions.at(key).fields());
  return [
    ...attributes.map(([name, d]) => compared(asking, subject, named(asking, subject, d, name), d)),
    ...dimensions
      .at('Metrics')
      .fields()
      .map(([name, d]) => metric(asking, subject, named(asking, subject, d, name), d)),
    ...dimensions
      .at('UserMetrics')
      .fields()
      .map(([name, d]) => metric(asking, subject, named(asking, subject, d, name), d)),
  ];
}
