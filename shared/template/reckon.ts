import {
  type Context,
  type Expression,
  evalToken,
  type Filter,
  isTruthy,
  type Token,
  TypeGuards,
  toValueSync,
  UndefinedVariableError,
  type Value,
} from 'liquidjs';

/** What a piece of Liquid comes to, in the mail that the context is of. */
export type Reckon = (context: Context) => unknown;

/**
 * A value with its filters as one function: the library's rules, limits and filters without its generators, by which it
 * waits for what may be a promise. Whatever is rare is left to the library.
 */
export function reckonOf(value: Value): Reckon {
  const initial = expressionOf(value.initial);
  if (!initial) return (context) => toValueSync(value.value(context));
  return value.filters.reduce(filtered, initial);
}

/** The same of one word: a literal, a path. */
export function wordOf(token: Token): Reckon {
  if ('content' in token) {
    const { content } = token;
    return () => content;
  }
  const path = TypeGuards.isPropertyAccessToken(token) && token.variable === undefined ? namesOf(token.props) : [];
  const [root] = path;
  // Ranges, and `a[b]`, which names another path in each mail.
  if (typeof root !== 'string') return (context) => toValueSync(evalToken(token, context));
  return (context) => {
    try {
      let value = context['findScope'](root);
      for (const name of path) value = propertyOf(context, value, name);
      return value;
    } catch (error) {
      throw error instanceof Error ? new UndefinedVariableError(error, token) : error;
    }
  };
}

/** Empty where one of them is not fixed. */
function namesOf(props: readonly Token[]): readonly (string | number)[] {
  const names = props.map((prop) => ('content' in prop ? prop.content : undefined));
  const fixed = names.filter((name) => typeof name === 'string' || typeof name === 'number');
  return fixed.length < props.length ? [] : fixed;
}

/** What stands in a field of data is that field; for all else the library is asked, which reads own properties only. */
function propertyOf(context: Context, scope: ReturnType<Context['findScope']>, name: string | number) {
  if (typeof name === 'string' && typeof scope === 'object' && scope !== null && Object.hasOwn(scope, name)) {
    const value = Reflect.get(scope, name);
    if (value !== undefined && typeof value !== 'function') return value;
  }
  return context.readProperty(scope, name);
}

/** Undefined for one with words missing. */
function expressionOf({ postfix }: Expression): Reckon | undefined {
  const stack: Reckon[] = [];
  for (const token of postfix) {
    const operator = TypeGuards.isOperatorToken(token) ? token.operator : undefined;
    const right = operator === undefined ? wordOf(token) : stack.pop();
    const left = operator === undefined || operator === 'not' ? undefined : stack.pop();
    if (!right || (operator !== undefined && operator !== 'not' && !left)) return undefined;
    if (operator === undefined) stack.push(right);
    else stack.push(left ? operated(operator, left, right) : (context) => !isTruthy(right(context), context));
  }
  const [whole] = stack;
  return stack.length === 1 ? whole : undefined;
}

type Short = (left: unknown, right: unknown, context: Context) => boolean | undefined;

const isPlain = (value: unknown): boolean => typeof value !== 'object' && typeof value !== 'function';

/** What operators say of two numbers, two texts, or yes and no; undefined where the library has rules of its own. */
const SHORT: Readonly<Record<string, Short>> = {
  '==': (left, right) => (isPlain(left) && isPlain(right) ? left === right : undefined),
  '!=': (left, right) => (isPlain(left) && isPlain(right) ? left !== right : undefined),
  '<': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left < right : undefined),
  '<=': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left <= right : undefined),
  '>': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left > right : undefined),
  '>=': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left >= right : undefined),
  contains: (left, right) => (typeof left === 'string' && typeof right === 'string' ? left.includes(right) : undefined),
  and: (left, right, context) => isTruthy(left, context) && isTruthy(right, context),
  or: (left, right, context) => isTruthy(left, context) || isTruthy(right, context),
};

const never: Short = () => undefined;

/** Both sides are reckoned always, as by the library. */
function operated(operator: string, left: Reckon, right: Reckon): Reckon {
  const short = SHORT[operator] ?? never;
  return (context) => {
    const a = left(context);
    const b = right(context);
    return short(a, b, context) ?? toValueSync(context.opts.operators[operator]?.(a, b, context));
  };
}

export const isEqual = (left: unknown, right: unknown, context: Context): unknown =>
  isPlain(left) && isPlain(right) ? left === right : toValueSync(context.opts.operators['==']?.(left, right, context));

const UNSAFE = /[&<>"']/;

/** Most of what is printed has nothing to escape; it counts for the limit all the same. */
function escaped(reckon: Reckon, handler: (value: unknown, context: Context) => unknown): Reckon {
  return (context) => {
    const value = reckon(context);
    if (typeof value !== 'string' || UNSAFE.test(value)) return handler(value, context);
    context.memoryLimit.use(value.length);
    return value;
  };
}

/** Some filters give what they make piece by piece. */
const whole = (made: unknown): unknown => (isPlain(made) ? made : toValueSync(made));

function filtered(reckon: Reckon, filter: Filter): Reckon {
  const { handler, token, liquid } = { handler: filter['handler'], token: filter['token'], liquid: filter['liquid'] };
  if (handler === liquid.options.outputEscape)
    return escaped(reckon, (value, context) => handler.call({ context, token, liquid }, value));
  const [first, ...more] = filter.args.map((arg): Reckon => {
    if (!Array.isArray(arg)) return wordOf(arg);
    const [name, named] = arg;
    const word = named && wordOf(named);
    return (context) => [name, word?.(context)];
  });
  if (!first) return (context) => whole(handler.call({ context, token, liquid }, reckon(context)));
  if (more.length === 0)
    return (context) => whole(handler.call({ context, token, liquid }, reckon(context), first(context)));
  const args = [first, ...more];
  return (context) =>
    whole(handler.apply({ context, token, liquid }, [reckon(context), ...args.map((arg) => arg(context))]));
}
