import { BlockList, isIP } from 'node:net';
import * as z from 'zod';

/** What a pattern's leaf says of one value of an event. */
export type Scalar = string | number | boolean | null;
type ValueTest = (value: Scalar) => boolean;

export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

const some = (tests: readonly ValueTest[]): ValueTest => {
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (value) => tests.some((test) => test(value));
};

const onText =
  (test: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === 'string' && test(value);

const fold = (text: string): string => text.toLowerCase();

const ignoringCase = z.strictObject({ 'equals-ignore-case': z.string() });
const textOrIgnoringCase = z.union([z.string(), ignoringCase]);

function prefix(operand: z.infer<typeof textOrIgnoringCase>): ValueTest {
  if (typeof operand === 'string') return onText((text) => text.startsWith(operand));
  const start = fold(operand['equals-ignore-case']);
  return onText((text) => fold(text).startsWith(start));
}

function suffix(operand: z.infer<typeof textOrIgnoringCase>): ValueTest {
  if (typeof operand === 'string') return onText((text) => text.endsWith(operand));
  const end = fold(operand['equals-ignore-case']);
  return onText((text) => fold(text).endsWith(end));
}

function equalsIgnoreCase(operand: string): ValueTest {
  const wanted = fold(operand);
  return onText((text) => fold(text) === wanted);
}

/** The literal pieces between the asterisks; `\*` and `\\` stand for themselves. */
function wildcardPieces(pattern: string): string[] {
  const pieces = [''];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === '*') {
      if (pattern[i - 1] === '*' && pieces.at(-1) === '') throw new InvalidPattern('two wildcards in a row');
      pieces.push('');
      continue;
    }
    let literal = char;
    if (char === '\\') {
      i += 1;
      literal = pattern[i] ?? '';
      if (literal !== '*' && literal !== '\\') throw new InvalidPattern('a backslash before neither * nor backslash');
    }
    pieces.push((pieces.pop() ?? '') + literal);
  }
  return pieces;
}

/** Takes the first fit of each piece, which is enough: what follows a wildcard may start anywhere later. */
function wildcard(operand: string): ValueTest {
  const [start = '', ...later] = wildcardPieces(operand);
  const end = later.pop();
  if (end === undefined) return (value) => value === start;
  return onText((text) => {
    if (!text.startsWith(start)) return false;
    let at = start.length;
    for (const piece of later) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - end.length >= at && text.endsWith(end);
  });
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
const comparison = z.enum(['=', '<', '<=', '>', '>=']);
const numericSchema = z.union([
  z.tuple([comparison, z.number()]),
  z.tuple([z.enum(['>', '>=']), z.number(), z.enum(['<', '<=']), z.number()]),
]);

function numeric([operator, bound, operator2, bound2]: z.infer<typeof numericSchema>): ValueTest {
  const first = COMPARISONS[operator];
  const second = operator2 === undefined ? undefined : COMPARISONS[operator2];
  return (value) =>
    typeof value === 'number' &&
    first?.(value, bound) === true &&
    (second === undefined || (bound2 !== undefined && second(value, bound2)));
}

function cidr(operand: string): ValueTest {
  const [address = '', bits = ''] = operand.split('/');
  const version = isIP(address);
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128))
    throw new InvalidPattern(`not a range of addresses: ${operand}`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return onText((text) => isIP(text) === version && range.check(text, version === 4 ? 'ipv4' : 'ipv6'));
}

const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.array(schema).min(1)]).transform((given) => (Array.isArray(given) ? given : [given]));
const texts = oneOrMore(z.string());

const anythingButSchema = z.union([
  z.strictObject({ prefix: texts }).transform((o) => some(o.prefix.map(prefix))),
  z.strictObject({ suffix: texts }).transform((o) => some(o.suffix.map(suffix))),
  z.strictObject({ wildcard: texts }).transform((o) => some(o.wildcard.map(wildcard))),
  z.strictObject({ 'equals-ignore-case': texts }).transform((o) => some(o['equals-ignore-case'].map(equalsIgnoreCase))),
  z.boolean().transform(
    (unwanted): ValueTest =>
      (value) =>
        value === unwanted,
  ),
  z.union([texts, oneOrMore(z.number()), z.array(z.boolean()).min(1)]).transform((unwanted): ValueTest => {
    const set = new Set<Scalar>(unwanted);
    return (value) => set.has(value);
  }),
]);

/** Matches whatever is there and not meant; what is not there does not match. */
const not =
  (unwanted: ValueTest): ValueTest =>
  (value) =>
    !unwanted(value);

const operatorSchema = z.union([
  z.union([z.string(), z.number(), z.boolean(), z.null()]).transform(
    (wanted): ValueTest =>
      (value) =>
        value === wanted,
  ),
  z.strictObject({ prefix: textOrIgnoringCase }).transform((o) => prefix(o.prefix)),
  z.strictObject({ suffix: textOrIgnoringCase }).transform((o) => suffix(o.suffix)),
  z.strictObject({ 'equals-ignore-case': z.string() }).transform((o) => equalsIgnoreCase(o['equals-ignore-case'])),
  z.strictObject({ wildcard: z.string() }).transform((o) => wildcard(o.wildcard)),
  z.strictObject({ 'anything-but': anythingButSchema }).transform((o) => not(o['anything-but'])),
  z.strictObject({ numeric: numericSchema }).transform((o) => numeric(o.numeric)),
  z.strictObject({ cidr: z.string() }).transform((o) => cidr(o.cidr)),
  z.strictObject({ exists: z.literal(true) }).transform((): ValueTest => () => true),
]);

const absentSchema = z.strictObject({ exists: z.literal(false) });

/** What a leaf of a pattern asks for: a value that passes, or that there is none. */
export type FieldTest = { readonly value: ValueTest | undefined; readonly absent: boolean };

/** Compiles one leaf, `["a", { "prefix": "b" }]`. Throws InvalidPattern. */
export function compileField(path: string, operators: readonly unknown[]): FieldTest {
  if (operators.length === 0) throw new InvalidPattern(`${path}: an empty list matches nothing`);
  const tests: ValueTest[] = [];
  let absent = false;
  for (const operator of operators) {
    if (absentSchema.safeParse(operator).success) {
      absent = true;
      continue;
    }
    const parsed = operatorSchema.safeParse(operator);
    if (!parsed.success) throw new InvalidPattern(`${path}: unknown operator ${JSON.stringify(operator)}`);
    tests.push(parsed.data);
  }
  return { value: tests.length > 0 ? some(tests) : undefined, absent };
}
