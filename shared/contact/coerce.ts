import { ownOf } from '#shared/own-of.ts';
import type { Settings, ValueType } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';
import type { TraitValue } from './profile.ts';

const ISO_DATE = /^(\d{4}|-)-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;
const ISO_DURATION = /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;
/** A date, or a moment, as it is written; `--05-17` is one without a year. */
export const isDate = (value: Json): value is string => typeof value === 'string' && ISO_DATE.test(value);
export const isDuration = (value: Json): value is string => typeof value === 'string' && ISO_DURATION.test(value);

/** A trait is a fact about a person, not a document: a profile has 4 KB for all of them (room.ts). */
export const LONGEST_TEXT = 300;
export const LONGEST_LIST = 50;

const asNumber = (value: Json): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && holdsNumber(number) ? number : undefined;
};
const asText = (value: Json): string | undefined => {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.length <= LONGEST_TEXT ? text : undefined;
};
const asFlag = (value: Json): boolean | undefined =>
  typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined;

function asList<T>(value: Json, each: (item: Json) => T | undefined): T[] | undefined {
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const converted = items.map(each);
  const fit = converted.filter((item) => item !== undefined);
  return fit.length === items.length && fit.length <= LONGEST_LIST ? fit : undefined;
}

/** How each declared type is enforced when a profile or an event is written. Undefined: it does not fit and is kept out. */
const COERCE: { readonly [T in ValueType]: (value: Json) => TraitValue | undefined } = {
  number: asNumber,
  text: asText,
  flag: asFlag,
  date: (value) => (isDate(value) ? value : undefined),
  duration: (value) => (isDuration(value) ? value : undefined),
  texts: (value) => asList(value, asText),
  numbers: (value) => asList(value, asNumber),
};

/** A value as the settings declare it; undeclared ones keep the type they came with. */
export function coerce(settings: Settings, path: string, value: Json): TraitValue | undefined {
  const declared = ownOf(settings.traits, path);
  if (typeof declared === 'string') return COERCE[declared](value);
  if (typeof value === 'number') return asNumber(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return asText(value);
  if (!Array.isArray(value)) return undefined;
  return asList(value, (item) => (typeof item === 'number' ? asNumber(item) : asText(item)));
}

/** Nested objects as paths: `{ loyalty: { tier: 1 } }` is `loyalty.tier`. Null stays, it means "remove". */
export function flatten(values: Readonly<Record<string, Json>>, prefix = '', depth = 0): [path: string, value: Json][] {
  return Object.entries(values).flatMap(([name, value]): [string, Json][] => {
    const path = prefix + name;
    if (!isObject(value)) return [[path, value]];
    return depth < 5 ? flatten(value, `${path}.`, depth + 1) : [];
  });
}
