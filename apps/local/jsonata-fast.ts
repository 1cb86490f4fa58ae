import * as z from 'zod';

/** What `$states` holds while an expression is evaluated. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * JSONata is asynchronous and takes tens of microseconds for what a state machine mostly asks: a member, a merge, a
 * difference of times. The expressions made of these are compiled to plain functions. Such a function gives the very
 * value that the library would, or UNSURE, whenever anything is met that JSONata treats in a way of its own: sequences,
 * missing values, wrong types. The library then decides.
 */
export const UNSURE = Symbol('unsure');
export type Fast = (states: Scope) => unknown;

type Node = { readonly type: string; readonly value?: unknown } & Readonly<Record<string, unknown>>;
const nodeSchema: z.ZodType<Node> = z.looseObject({ type: z.string(), value: z.unknown().optional() });
const nodes = z.array(nodeSchema);

const isObject = (value: unknown): value is Scope =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** A function for the expression, or undefined where only the library knows. */
export function compileFast(ast: unknown): Fast | undefined {
  const parsed = nodeSchema.safeParse(ast);
  return parsed.success ? COMPILERS[parsed.data.type]?.(parsed.data) : undefined;
}

const COMPILERS: Readonly<Record<string, (node: Node) => Fast | undefined>> = {
  string:
    ({ value }) =>
    () =>
      value,
  number:
    ({ value }) =>
    () =>
      value,
  value:
    ({ value }) =>
    () =>
      value,
  path: compilePath,
  block: (node) => {
    const [only, ...more] = nodes.parse(node['expressions']);
    return only && more.length === 0 ? compileFast(only) : undefined;
  },
  unary: (node) => (node.value === '{' ? compileObject(node) : undefined),
  binary: compileArithmetic,
  function: compileCall,
};

/** What the parser leaves on every node. Anything else is a predicate, a group, a binding, ... */
const PLAIN = new Set(['type', 'value', 'position', 'id', 'lbp', 'nud', 'led']);

/** `$states.a.b`: plain members all the way. */
function compilePath(node: Node): Fast | undefined {
  const [root, ...steps] = nodes.parse(node['steps']);
  const plain = (step: Node | undefined, type: string) =>
    step?.type === type && Object.keys(step).every((key) => PLAIN.has(key));
  if (!plain(root, 'variable') || root?.value !== 'states') return undefined;
  if (steps.length === 0 || !steps.every((step) => plain(step, 'name'))) return undefined;
  const names = steps.map(({ value }) => String(value));
  return (states) => {
    let value: unknown = states;
    for (const name of names) {
      if (!isObject(value) || !Object.hasOwn(value, name)) return UNSURE;
      value = value[name];
    }
    return value === undefined || Array.isArray(value) ? UNSURE : value;
  };
}

function compileAll(given: readonly Node[]): readonly Fast[] | undefined {
  const fast = given.map(compileFast);
  return fast.every((one) => one !== undefined) ? fast : undefined;
}

/** `{'name': ...}` with literal names, each once. */
function compileObject(node: Node): Fast | undefined {
  const pairs = z.array(z.tuple([nodeSchema, nodeSchema])).parse(node['lhs']);
  const names = pairs.map(([name]) => (name.type === 'string' ? String(name.value) : undefined));
  const values = compileAll(pairs.map(([, value]) => value));
  if (!values || names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return (states) => {
    const made: Record<string, unknown> = {};
    for (const [i, value] of values.entries()) {
      const got = value(states);
      if (got === UNSURE) return UNSURE;
      made[names[i] ?? ''] = got;
    }
    return made;
  };
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const finite = (n: number): unknown => (Number.isFinite(n) ? n : UNSURE);

function compileArithmetic(node: Node): Fast | undefined {
  const operation = ARITHMETIC[String(node.value)];
  const [left, right] = compileAll([nodeSchema.parse(node['lhs']), nodeSchema.parse(node['rhs'])]) ?? [];
  if (!operation || !left || !right) return undefined;
  return (states) => {
    const [a, b] = [left(states), right(states)];
    return isNumber(a) && isNumber(b) ? finite(operation(a, b)) : UNSURE;
  };
}

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const OF_ONE: Readonly<Record<string, (value: unknown) => unknown>> = {
  ceil: (value) => (isNumber(value) ? Math.ceil(value) : UNSURE),
  floor: (value) => (isNumber(value) ? Math.floor(value) : UNSURE),
  toMillis: (value) => (typeof value === 'string' && CANONICAL.test(value) ? finite(Date.parse(value)) : UNSURE),
};
const OF_LIST: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  max: (values) => (values.every(isNumber) ? Math.max(...values) : UNSURE),
  min: (values) => (values.every(isNumber) ? Math.min(...values) : UNSURE),
  merge: (values) => (values.every(isObject) ? Object.assign({}, ...values) : UNSURE),
};

/** `$f(x)`, or `$f([x, y])` for the functions of lists. */
function compileCall(node: Node): Fast | undefined {
  const name = String(nodeSchema.parse(node['procedure']).value);
  const [argument, ...more] = nodes.parse(node['arguments']);
  if (!argument || more.length > 0) return undefined;
  const ofOne = OF_ONE[name];
  const ofList = OF_LIST[name];
  if (ofOne) {
    const value = compileFast(argument);
    return value && ((states) => ofOne(value(states)));
  }
  if (!ofList || argument.type !== 'unary' || argument.value !== '[') return undefined;
  const elements = nodes.parse(argument['expressions']);
  const values = compileAll(elements);
  return values && elements.length > 0 ? (states) => ofList(values.map((value) => value(states))) : undefined;
}
