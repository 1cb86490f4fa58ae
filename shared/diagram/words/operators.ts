import type { Ops, Ref, Value } from '#shared/condition/condition.ts';
import { sayEvery, sayInstant, sayStretch } from './times.ts';
import { listed, oneOrMore, sayNumber, sayRef, sayValue } from './values.ts';

/** What a condition asks of a value: "is at least 5 and below 10". */

/** A clause and its opposite, exact under two-valued logic: what is missing answers no to all but `isNot`. */
export type Clause = { readonly yes: string; readonly no: string };

type Said<O extends keyof Ops> = NonNullable<Ops[O]>;
type Say<O extends keyof Ops> = (said: Said<O>, ops: Ops) => Clause | undefined;

const isOneOf = (said: Value | readonly Value[]): string => `is ${listed(oneOrMore(said).map(sayValue), 'or')}`;
function isNoneOf(said: Value | readonly Value[]): string {
  const values = oneOrMore(said).map(sayValue);
  return values.length > 1 ? `is neither ${listed(values, 'nor')}` : `is not ${values.join()}`;
}
export const sayAmount = (said: number | Ref): string => (typeof said === 'number' ? sayNumber(said) : sayRef(said));

/** A missing value is not above 5 either. */
const orUnknown = (yes: string, no: string): Clause => ({ yes, no: `${no} (or is unknown)` });
const verb = (rest: string): Clause => orUnknown(`is ${rest}`, `is not ${rest}`);
const doing = (does: string, base: string, rest: string): Clause =>
  orUnknown(`${does} ${rest}`, `does not ${base} ${rest}`);

/** Of a date, or of the day on which it comes again. */
const dated = (rest: string, { every }: Ops): Clause =>
  every === undefined ? verb(rest) : doing('comes round', 'come round', `(${sayEvery(every)}) ${rest}`);

const text = (said: string | Ref): string => sayValue(said);

/** How each operator is said. A new one does not compile until it is. */
const OPERATORS: { readonly [O in keyof Required<Ops>]: Say<O> } = {
  is: (said) => ({ yes: isOneOf(said), no: isNoneOf(said) }),
  isNot: (said) => ({ yes: isNoneOf(said), no: isOneOf(said) }),
  gt: (said) => verb(`above ${sayAmount(said)}`),
  gte: (said) => verb(`at least ${sayAmount(said)}`),
  lt: (said) => verb(`below ${sayAmount(said)}`),
  lte: (said) => verb(`at most ${sayAmount(said)}`),
  contains: (said) => doing('contains', 'contain', text(said)),
  startsWith: (said) => doing('starts', 'start', `with ${text(said)}`),
  endsWith: (said) => doing('ends', 'end', `with ${text(said)}`),
  before: (said, ops) => dated(`before ${sayInstant(said)}`, ops),
  after: (said, ops) => dated(`after ${sayInstant(said)}`, ops),
  within: (said, ops) => dated(`in the last ${sayStretch(said)}`, ops),
  next: (said, ops) => dated(`in the next ${sayStretch(said)}`, ops),
  // Beside an operator on dates it is said with that.
  every: (said, { before, after, within, next }) =>
    (before ?? after ?? within ?? next) === undefined ? verb(`a date that comes round ${sayEvery(said)}`) : undefined,
  exists: (said) => (said ? KNOWN : { yes: KNOWN.no, no: KNOWN.yes }),
};
const KNOWN: Clause = { yes: 'is known', no: 'is unknown' };

const isOperator = (name: string): name is keyof Ops => Object.hasOwn(OPERATORS, name);

function sayOperator<O extends keyof Ops>(op: O, ops: Ops): Clause | undefined {
  const said: Ops[O] = ops[op];
  const say: Say<O> = OPERATORS[op];
  return said === undefined || said === null ? undefined : say(said, ops);
}

/** Several operators on one subject mean all of them; none means that there is a value. */
export function sayOps(subject: string, ops: Ops): Clause {
  const clauses = Object.keys(ops)
    .filter(isOperator)
    .flatMap((op) => sayOperator(op, ops) ?? []);
  const [first = KNOWN, ...others] = clauses;
  if (others.length === 0) return { yes: `${subject} ${first.yes}`, no: `${subject} ${first.no}` };
  const yes = `${subject} ${listed(
    clauses.map((clause) => clause.yes),
    'and',
  )}`;
  return { yes, no: notSo(yes) };
}

export const notSo = (yes: string): string => `it is not so that ${yes}`;
