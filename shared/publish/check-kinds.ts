import type { Ops } from '#shared/condition/condition.ts';
import type { Settings, ValueType } from '#shared/settings/settings.ts';
import type { Asking } from './context.ts';
import { SAID, TAKE, WRITE } from './kind-words.ts';
import { kindOfField, kindOfLeft, kindOfTrait, kindOfTrigger } from './kinds.ts';
import type { Path } from './parse.ts';
import { type Remark, remark } from './remarks.ts';
import type { Leaf, LeafPlace } from './walk.ts';

const NUMBERS: readonly ValueType[] = ['number', 'numbers'];
const TEXTS: readonly ValueType[] = ['text', 'texts'];
const DATES: readonly ValueType[] = ['date'];

/** What each operator works on. `is`, `isNot` and `exists` work on everything. */
type Works = readonly [kinds: readonly ValueType[], does: string];
const all = (operators: readonly (keyof Ops)[], works: Works) => operators.map((op): [string, Works] => [op, works]);
const WORKS_ON: ReadonlyMap<string, Works> = new Map([
  ...all(['gt', 'gte', 'lt', 'lte'], [NUMBERS, 'compares numbers']),
  ...all(['contains', 'startsWith', 'endsWith'], [TEXTS, 'looks into texts']),
  ...all(['before', 'after'], [DATES, 'compares dates']),
  ...all(['within', 'next', 'every'], [DATES, 'is about dates']),
]);

const AGGREGATES = ['sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'] as const;
type Subject = { readonly name: string; readonly kind: ValueType; readonly ops: Ops; readonly except?: keyof Ops };

/** Comparisons of what cannot be compared so, as far as settings say what there is. */
export function checkComparison(place: LeafPlace, asking: Asking): Remark[] {
  const { leaf, path } = place;
  const subject = subjectOf(place, asking);
  return [
    ...('event' in leaf ? aggregate(leaf, path, asking) : []),
    ...(subject ? comparisons(subject, path, asking) : []),
  ];
}

function subjectOf({ leaf, types }: LeafPlace, { context, journey, steps }: Asking): Subject | undefined {
  const { settings } = context;
  const named = (name: string, kind: ValueType | undefined, ops: Ops, except?: keyof Ops): Subject | undefined =>
    kind && { name: `"${name}"`, kind, ops, ...(except && { except }) };
  if ('trait' in leaf) return named(leaf.trait, kindOfTrait(settings, leaf.trait), leaf);
  if ('data' in leaf) return named(leaf.data, kindOfField(settings, types, leaf.data), leaf);
  if ('trigger' in leaf) {
    return named(leaf.trigger, journey && kindOfTrigger(settings, journey.trigger, leaf.trigger), leaf);
  }
  if ('step' in leaf) {
    const [id = '', ...path] = leaf.step.split('.');
    const field = path.join('.');
    const step = steps.find((place) => place.step.id === id)?.step;
    return named(leaf.step, field === 'at' ? 'date' : step && kindOfLeft(settings, step, field), leaf);
  }
  return 'event' in leaf ? ofEvents(leaf, settings) : undefined;
}

/** Without an aggregate the number of events is compared; `within` is the span then, as it always is. */
function ofEvents(leaf: Extract<Leaf, { event: unknown }>, settings: Settings): Subject | undefined {
  const types = [leaf.event].flat();
  const used = AGGREGATES.find((name) => leaf[name] !== undefined);
  const path = used && leaf[used];
  const edge = used && ['min', 'max', 'first', 'last'].includes(used);
  const kind = edge ? kindOfField(settings, types, path ?? '') : 'number';
  const name = used ? `"${used}" of "${path}"` : `The number of "${types.join('", "')}"`;
  return kind && { name, kind, ops: leaf, except: 'within' };
}

function aggregate(leaf: Extract<Leaf, { event: unknown }>, path: Path, { context, source }: Asking): Remark[] {
  return (['sum', 'avg'] as const).flatMap((name) => {
    const field = leaf[name];
    const kind = field === undefined ? undefined : kindOfField(context.settings, [leaf.event].flat(), field);
    if (!kind || NUMBERS.includes(kind)) return [];
    return [
      remark(
        'E19',
        source.keyAt([...path, name]),
        `"${field}" is ${SAID[kind]}; "${name}" adds numbers. Name a field that is one.`,
      ),
    ];
  });
}

function comparisons({ name, kind, ops, except }: Subject, path: Path, asking: Asking): Remark[] {
  const { source, context } = asking;
  for (const [operator, value] of Object.entries(ops)) {
    const [kinds, does] = WORKS_ON.get(operator) ?? [];
    if (operator === except || value === undefined || !kinds || kinds.includes(kind)) continue;
    return [
      remark(
        'E19',
        source.keyAt([...path, operator]),
        `${name} is ${SAID[kind]}; "${operator}" ${does}. ${TAKE[kind]}`,
      ),
    ];
  }
  return [...literals({ name, kind, ops }, path, asking), ...operands(ops, path, source, context.settings)];
}

/** `is` with a text where numbers are. */
function literals({ name, kind, ops }: Subject, path: Path, { source }: Asking): Remark[] {
  return (['is', 'isNot'] as const).flatMap((operator) => {
    const said = ops[operator];
    const values = said === undefined ? [] : [said].flat();
    const at = (i: number) => source.at(Array.isArray(said) ? [...path, operator, i] : [...path, operator]);
    return values.flatMap((value, i) => {
      const written = typeof value === 'object' ? undefined : FITS[kind](value);
      return written === undefined
        ? []
        : [remark('E19', at(i), `${name} is ${SAID[kind]}; ${JSON.stringify(value)} is ${written}. ${WRITE[kind]}`)];
    });
  });
}

type Literal = string | number | boolean;
const WRITTEN = { string: 'a text', number: 'a number', boolean: 'true or false' } as const;
const typed =
  (wanted: 'string' | 'number' | 'boolean') =>
  (value: Literal): string | undefined => {
    const type = typeof value;
    return type === wanted
      ? undefined
      : type === 'string' || type === 'number' || type === 'boolean'
        ? WRITTEN[type]
        : undefined;
  };
const DATE = /^(?:\d{4}|-)-\d\d-\d\d(?:T.*)?$|^(?:now|today|entry)(?:[+-]P.+)?$/;

/** What is wrong with a literal for a kind of value; undefined if nothing is. */
const FITS: { readonly [K in ValueType]: (value: Literal) => string | undefined } = {
  number: typed('number'),
  numbers: typed('number'),
  text: typed('string'),
  texts: typed('string'),
  flag: typed('boolean'),
  duration: typed('string'),
  date: (value) => (typeof value === 'string' && !DATE.test(value) ? 'none' : typed('string')(value)),
};

/** `gt: { trait: "name" }`: what is compared with must be a number, too. */
function operands(ops: Ops, path: Path, source: Asking['source'], settings: Settings): Remark[] {
  return (['gt', 'gte', 'lt', 'lte'] as const).flatMap((operator) => {
    const value = ops[operator];
    if (typeof value !== 'object' || !('trait' in value)) return [];
    const kind = kindOfTrait(settings, value.trait);
    if (!kind || NUMBERS.includes(kind)) return [];
    const text = `"${value.trait}" is ${SAID[kind]}; "${operator}" compares numbers. Name a trait that is one.`;
    return [remark('E19', source.at([...path, operator]), text)];
  });
}
