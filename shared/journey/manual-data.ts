import { readPath } from '#shared/condition/lookup.ts';
import { isDate, isDuration } from '#shared/contact/coerce.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { type ValueType, valueTypeSchema } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Trigger } from './journey.ts';

/** What a `manual` journey says that it is given. */
type Declared = NonNullable<Extract<Trigger, { type: 'manual' }>['data']>;

type Rule = { readonly means: string; readonly fits: (value: Json) => boolean };

const isText = (value: Json): boolean => typeof value === 'string';
const isNumber = (value: Json): boolean => typeof value === 'number';
const isListOf =
  (fits: (item: Json) => boolean) =>
  (value: Json): boolean =>
    Array.isArray(value) && value.every(fits);

const RULES: { readonly [T in ValueType]: Rule } = {
  number: { means: 'a number', fits: isNumber },
  text: { means: 'a text in double quotes', fits: isText },
  flag: { means: 'true or false', fits: (value) => typeof value === 'boolean' },
  date: { means: 'a date or a time, as "2026-03-02" or "2026-03-02T09:00:00Z"', fits: isDate },
  duration: { means: 'a duration, as "P3D"', fits: isDuration },
  texts: { means: 'a list of texts, as ["tea"]', fits: isListOf(isText) },
  numbers: { means: 'a list of numbers, as [1, 2]', fits: isListOf(isNumber) },
};

/**
 * What is wrong with the data that somebody brings along to a `manual` journey, a sentence for each field behind its path.
 * Every declared field is needed, and none else may be there. A journey that declares nothing takes what it is given.
 */
export function dataFaults(data: Readonly<Record<string, Json>>, declared: Declared | undefined): string[] {
  if (!declared) return [];
  const names = Object.keys(declared).map((path) => path.split('.')[0] ?? '');
  const strange = Object.keys(data).filter((name) => !names.includes(name));
  return [
    ...strange.map((name) => `data: the journey takes no "${name}".${didYouMean(name, names)}`),
    ...Object.entries(declared).flatMap(([path, type]) => fieldFault(path, type, readPath(data, path))),
  ];
}

function fieldFault(path: string, type: string, value: Json | undefined): string[] {
  const known = valueTypeSchema.safeParse(type).data;
  if (value === undefined) return [`data.${path}: is missing.${known ? ` It is ${RULES[known].means}` : ''}`];
  return !known || RULES[known].fits(value) ? [] : [`data.${path}: should be ${RULES[known].means}`];
}
