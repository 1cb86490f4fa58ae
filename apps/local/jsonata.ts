import jsonata from 'jsonata';
import { compileFast, type Fast, type Scope, UNSURE } from './jsonata-fast.ts';
import { StateError } from './state-errors.ts';

/** A JSON value of the state machine with its `{% %}` filled in; a promise of it only where the library was needed. */
export type Template = (states: Scope) => unknown;

const EXPRESSION = /^\{%(.*)%\}$/s;

type Expression = { readonly fast: Fast | undefined; readonly slow: jsonata.Expression };
const expressions = new Map<string, Expression>();

function expressionOf(text: string): Expression {
  const known = expressions.get(text);
  if (known) return known;
  const slow = jsonata(text);
  // Step Functions has no $eval; nothing may come to depend on it here.
  slow.registerFunction('eval', () => {
    throw new Error('$eval is not available');
  });
  const made = { fast: compileFast(slow.ast()), slow };
  expressions.set(text, made);
  return made;
}

/** Whether the expression, without its `{% %}`, is compiled and does not need the library as a rule. */
export const isFast = (text: string): boolean => expressionOf(text).fast !== undefined;

/**
 * The value of an expression without its `{% %}`, or a promise of it. Throws, or rejects with,
 * States.QueryEvaluationError where it goes wrong or gives nothing, which JSON cannot say.
 */
export function evaluate(text: string, states: Scope): unknown {
  const { fast, slow } = expressionOf(text);
  const value = fast ? fast(states) : UNSURE;
  return value === UNSURE ? slowly(slow, text, states) : value;
}

async function slowly(expression: jsonata.Expression, text: string, states: Scope): Promise<unknown> {
  const found = await expression.evaluate(undefined, { states }).catch((error: unknown) => {
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    throw new StateError('States.QueryEvaluationError', `${message} in ${text}`, { cause: error });
  });
  if (found === undefined) throw new StateError('States.QueryEvaluationError', `the expression gives nothing: ${text}`);
  return found;
}

/** Compiles a JSON value; throws where an expression has no JSONata syntax. */
export function compileTemplate(value: unknown): Template {
  if (typeof value === 'string') {
    const text = EXPRESSION.exec(value)?.[1]?.trim();
    if (text === undefined) return () => value;
    expressionOf(text);
    return (states) => evaluate(text, states);
  }
  if (Array.isArray(value)) {
    const elements = value.map(compileTemplate);
    return (states) => all(elements, states, (values) => values);
  }
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value);
    const members = Object.values(value).map(compileTemplate);
    return (states) => all(members, states, (values) => Object.fromEntries(values.map((v, i) => [names[i] ?? '', v])));
  }
  return () => value;
}

function all(templates: readonly Template[], states: Scope, make: (values: unknown[]) => unknown): unknown {
  const values = templates.map((template) => template(states));
  return values.some((value) => value instanceof Promise) ? Promise.all(values).then(make) : make(values);
}
