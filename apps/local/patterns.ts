import { compileField, type FieldTest, InvalidPattern, type Scalar } from './pattern-values.ts';

/**
 * EventBridge's event patterns, as its user guide ("Comparison operators for use in event patterns") and the open matcher
 * behind it (aws/event-ruler) describe them: names are joined by dots, arrays are looked through, and no two
 * fields of a match may lie in different elements of one array.
 */
export type Matcher = (event: object) => boolean;

type Field = FieldTest & { readonly path: readonly string[] };
/** One way to match; a pattern with `$or` has several. */
type Rule = readonly Field[];

/** Elements of arrays that a value lies in. */
type Place = ReadonlyMap<readonly unknown[], number>;
type Leaf = { readonly value: Scalar; readonly place: Place };

const NOWHERE: Place = new Map();

const OPERATORS = new Set([
  'exact',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'exists',
  'cidr',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Throws InvalidPattern for what EventBridge would not take. */
export function compile(pattern: object): Matcher {
  const rules = rulesOf(pattern, []);
  if (rules.some((rule) => rule.length === 0)) throw new InvalidPattern('an empty pattern');
  return (event) => rules.some((rule) => matches(rule, 0, event, NOWHERE));
}

/** The ways to match, each sorted by name, for absence is judged by what has matched before it. */
function rulesOf(pattern: object, prefix: readonly string[]): Rule[] {
  let rules: Rule[] = [[]];
  for (const [name, value] of Object.entries(pattern)) {
    const alternatives = isOr(name, value)
      ? value.flatMap((one) => rulesOf(one, prefix))
      : alternativesOf([...prefix, ...name.split('.')], value);
    rules = rules.flatMap((rule) => alternatives.map((more) => [...rule, ...more]));
  }
  return rules.map((rule) => rule.toSorted((a, b) => (a.path.join('.') < b.path.join('.') ? -1 : 1)));
}

function alternativesOf(path: readonly string[], value: unknown): Rule[] {
  if (Array.isArray(value)) return [[{ path, ...compileField(path.join('.'), value) }]];
  if (!isObject(value)) throw new InvalidPattern(`${path.join('.')}: a value must stand in a list`);
  if (Object.keys(value).length === 0) throw new InvalidPattern(`${path.join('.')}: an empty object`);
  return rulesOf(value, path);
}

/** `$or` is an operator only before two or more objects that have no operator's name in them; else it is a field. */
const isOr = (name: string, value: unknown): value is readonly object[] =>
  name === '$or' &&
  Array.isArray(value) &&
  value.length >= 2 &&
  value.every((one) => isObject(one) && !Object.keys(one).some((key) => OPERATORS.has(key)));

function matches(rule: Rule, from: number, event: object, place: Place): boolean {
  const field = rule[from];
  if (field === undefined) return true;
  const leaves: Leaf[] = [];
  collect(event, field.path, 0, NOWHERE, leaves);
  const reachable = leaves.map((leaf) => ({ leaf, together: joined(place, leaf.place) }));
  if (
    field.absent &&
    reachable.every(({ together }) => together === undefined) &&
    matches(rule, from + 1, event, place)
  )
    return true;
  return reachable.some(
    ({ leaf, together }) =>
      together !== undefined && field.value?.(leaf.value) === true && matches(rule, from + 1, event, together),
  );
}

/** Both places, or undefined where they are different elements of one array. */
function joined(a: Place, b: Place): Place | undefined {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  for (const [array, index] of b) if ((a.get(array) ?? index) !== index) return undefined;
  return new Map([...a, ...b]);
}

/** Finds the values at a path; a name of the event may itself have dots in it. */
function collect(value: unknown, path: readonly string[], from: number, place: Place, into: Leaf[]): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      if (isScalar(element)) collect(element, path, from, place, into);
      else collect(element, path, from, new Map(place).set(value, index), into);
    return;
  }
  if (from === path.length) {
    if (isScalar(value)) into.push({ value, place });
    return;
  }
  if (!isObject(value)) return;
  let name = '';
  for (let to = from; to < path.length; to++) {
    name = to === from ? (path[to] ?? '') : `${name}.${path[to]}`;
    if (Object.hasOwn(value, name)) collect(value[name], path, to + 1, place, into);
  }
}
