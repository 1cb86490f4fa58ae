import { daysOf } from './durations.ts';
import { once } from './once.ts';
import { textOf } from './text-of.ts';
import type { Leaf } from './walk.ts';

/** What follows from what, of leaves. */

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = once(
  (leaf: Leaf): Fields => Object.fromEntries(Object.entries(leaf).filter(([, v]) => v !== undefined)),
);

const VALUES = ['trait', 'trigger', 'data', 'step'];
const LISTS = ['tag', 'segment', 'reachable'];
const BOUNDS = ['gt', 'gte', 'lt', 'lte'];
const AGGREGATES = ['sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'];
const NO_OPERATOR = [...VALUES, 'note', 'listener', 'exists', 'isNot'];

type Range = { readonly from: number; readonly fromOpen: boolean; readonly to: number; readonly toOpen: boolean };

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The numbers that satisfy the bounds; undefined where one is a reference. */
function rangeOf(ops: Fields): Range | undefined {
  if (BOUNDS.some((op) => ops[op] !== undefined && number(ops[op]) === undefined)) return undefined;
  const [gt, gte, lt, lte] = BOUNDS.map((op) => number(ops[op]));
  const from = Math.max(gt ?? Number.NEGATIVE_INFINITY, gte ?? Number.NEGATIVE_INFINITY);
  const to = Math.min(lt ?? Number.POSITIVE_INFINITY, lte ?? Number.POSITIVE_INFINITY);
  return { from, fromOpen: gt === from, to, toOpen: lt === to };
}

const isEmpty = ({ from, fromOpen, to, toOpen }: Range): boolean => from > to || (from === to && (fromOpen || toOpen));

const isWithin = (a: Range, b: Range): boolean =>
  (a.from > b.from || (a.from === b.from && (!b.fromOpen || a.fromOpen))) &&
  (a.to < b.to || (a.to === b.to && (!b.toOpen || a.toOpen)));

const counts = (f: Fields): boolean => 'event' in f && !AGGREGATES.some((name) => name in f);

/** The numbers of events that satisfy the leaf: without an operator, at least one. */
function countRange(f: Fields): Range | undefined {
  const plain = !BOUNDS.some((op) => op in f) && !('is' in f) && !('isNot' in f);
  return rangeOf(plain ? { gte: 1 } : f);
}

/** `sample: 100`, "at least none". */
export function isSure(leaf: Leaf): boolean {
  if ('sample' in leaf) return leaf.sample >= 100;
  if (!('event' in leaf) || leaf.is !== undefined || leaf.isNot !== undefined) return false;
  const f = fieldsOf(leaf);
  const range = counts(f) ? countRange(f) : undefined;
  return (
    range !== undefined && isWithin({ from: 0, fromOpen: false, to: Number.POSITIVE_INFINITY, toOpen: false }, range)
  );
}

/** `sample: 0`, more than five and less than three. */
export function isNever(leaf: Leaf): boolean {
  if ('sample' in leaf) return leaf.sample <= 0;
  const range = BOUNDS.some((op) => op in leaf) ? rangeOf(fieldsOf(leaf)) : undefined;
  return range !== undefined && isEmpty(range);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

export function impliesLeaf(a: Leaf, b: Leaf): boolean {
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  const list = LISTS.find((key) => key in x && key in y);
  if (list) {
    const taken = listOf(y[list]).map(textOf);
    return x['topic'] === y['topic'] && listOf(x[list]).every((one) => taken.includes(textOf(one)));
  }
  if ('sample' in x && 'sample' in y) return x['salt'] === y['salt'] && Number(x['sample']) <= Number(y['sample']);
  const subject = VALUES.find((key) => key in x && x[key] === y[key]);
  if (subject) return Object.keys(y).every((op) => op === subject || op === 'note' || impliesOp(op, x, y));
  return counts(x) && counts(y) && impliesCount(x, y);
}

function impliesOp(op: string, x: Fields, y: Fields): boolean {
  if (textOf(x[op]) === textOf(y[op])) return true;
  if (op === 'exists') return y[op] === true && Object.keys(x).some((key) => !NO_OPERATOR.includes(key));
  const said = 'is' in x ? listOf(x['is']).map(textOf) : undefined;
  const wanted = listOf(y[op]).map(textOf);
  if (op === 'is') return said?.every((value) => wanted.includes(value)) ?? false;
  if (op === 'isNot') return said?.every((value) => !wanted.includes(value)) ?? false;
  if (!BOUNDS.includes(op)) return false;
  const bound = rangeOf({ [op]: y[op] });
  if (!bound) return false;
  if (said)
    return listOf(x['is']).every((v) => typeof v === 'number' && isWithin(rangeOf({ gte: v, lte: v }) ?? bound, bound));
  const range = BOUNDS.some((key) => key in x) ? rangeOf(x) : undefined;
  return range !== undefined && isWithin(range, bound);
}

const about = once(({ event, where, since }: Fields) => textOf({ event, where, since }));

/** Of the same events: more of them in a shorter time are as many in a longer one. */
function impliesCount(x: Fields, y: Fields): boolean {
  if (about(x) !== about(y) || 'is' in x || 'is' in y || 'isNot' in x || 'isNot' in y) return false;
  const [a, b] = [countRange(x), countRange(y)];
  if (!a || !b || !isWithin(a, b)) return false;
  if (x['within'] === y['within']) return true;
  const atLeast = b.to === Number.POSITIVE_INFINITY;
  return (
    atLeast &&
    (y['within'] === undefined ||
      (typeof x['within'] === 'string' && daysOf(x['within']) <= daysOf(String(y['within']))))
  );
}
