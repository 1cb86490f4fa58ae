import { zoneOf } from '#shared/contact/zone.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import type { Ops, Ref, Value } from './condition.ts';
import { isAfter, isBefore, isDate, isNext, isWithin } from './dates.ts';
import { lookup, standpoint } from './lookup.ts';
import type { Scope } from './scope.ts';
import { asNumber, asText, elementsOf, isSame } from './values.ts';

/** Operators that ask something of a value, and are false where there is none. */
type Asking = Exclude<keyof Ops, 'isNot' | 'exists'>;
type Test<O extends Asking> = (value: Json, said: NonNullable<Ops[O]>, scope: Scope, ops: Ops) => boolean;

const resolve = (said: Value, scope: Scope): Json | undefined => (isObject(said) ? lookup(said, scope) : said);

/** Whether a value is one of those said; a reference to a list means any of its elements. */
function isOneOf(value: Json, said: NonNullable<Ops['is']>, scope: Scope): boolean {
  const zone = zoneOf(scope.profile, scope.settings);
  const all = Array.isArray(said) ? said : [said];
  return all.some((one) => elementsOf(resolve(one, scope)).some((meant) => isSame(value, meant, zone)));
}

const numeric =
  (holds: (value: number, said: number) => boolean) =>
  (value: Json, said: number | Ref, scope: Scope): boolean => {
    const [a, b] = [asNumber(value), asNumber(resolve(said, scope))];
    return a !== undefined && b !== undefined && holds(a, b);
  };

const textual =
  (holds: (value: string, said: string) => boolean) =>
  (value: Json, said: string | Ref, scope: Scope): boolean => {
    const [a, b] = [asText(value), asText(resolve(said, scope))];
    return a !== undefined && b !== undefined && holds(a, b);
  };

const TESTS: { readonly [O in Asking]: Test<O> } = {
  is: isOneOf,
  gt: numeric((a, b) => a > b),
  gte: numeric((a, b) => a >= b),
  lt: numeric((a, b) => a < b),
  lte: numeric((a, b) => a <= b),
  contains: textual((a, b) => a.includes(b)),
  startsWith: textual((a, b) => a.startsWith(b)),
  endsWith: textual((a, b) => a.endsWith(b)),
  before: (value, said, scope, { every }) => isBefore(value, said, every, standpoint(scope)),
  after: (value, said, scope, { every }) => isAfter(value, said, every, standpoint(scope)),
  within: (value, span, scope, { every }) => isWithin(value, span, every, standpoint(scope)),
  next: (value, span, scope, { every }) => isNext(value, span, every, standpoint(scope)),
  every: (value, every, scope) => isDate(value, every, standpoint(scope)),
};

const isAsking = (name: string): name is Asking => Object.hasOwn(TESTS, name);

function holds<O extends Asking>(op: O, value: Json, ops: Ops, scope: Scope): boolean {
  const said: Ops[O] = ops[op];
  const test: Test<O> = TESTS[op];
  return said === undefined || said === null || test(value, said, scope, ops);
}

const known = new WeakMap<Ops, readonly Asking[]>();

/** Conditions never change once they are read, and are asked millions of times. */
function asked(ops: Ops): readonly Asking[] {
  const before = known.get(ops);
  if (before) return before;
  const found = Object.keys(ops)
    .filter(isAsking)
    .filter((op) => ops[op] !== undefined);
  known.set(ops, found);
  return found;
}

/**
 * Whether a value satisfies all operators together. Of a list one element has to satisfy all of them, and `isNot` means
 * none. A missing or unfit value satisfies only `isNot` and `exists: false`. Without any operator: there is a value.
 */
export function satisfies(value: Json | undefined, ops: Ops, scope: Scope): boolean {
  const elements = elementsOf(value);
  const { exists, isNot } = ops;
  if (exists !== undefined && exists !== elements.length > 0) return false;
  if (isNot !== undefined && elements.some((element) => isOneOf(element, isNot, scope))) return false;
  const asking = asked(ops);
  if (asking.length === 0) return elements.length > 0 || exists !== undefined || isNot !== undefined;
  return elements.some((element) => asking.every((op) => holds(op, element, ops, scope)));
}
