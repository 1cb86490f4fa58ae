import { type Context, type Filter, type Template, TypeGuards, toValueSync, Value } from 'liquidjs';

type Read = (context: Context) => unknown;

/**
 * How one word of Liquid is read: what stands in it, or the path that it names. Undefined for all others. The library's own
 * rules of what may be read: it is asked for each name.
 */
function readOf(token: Value['initial']['postfix'][number]): Read | undefined {
  if (TypeGuards.isPropertyAccessToken(token)) {
    const path = token.props.flatMap((prop) => ('content' in prop ? [prop.content] : []));
    const [root] = path;
    // `a[b]` names another path in each mail.
    if (token.variable !== undefined || path.length < token.props.length || typeof root !== 'string') return undefined;
    return (context) => {
      let value = context['findScope'](root);
      for (const name of path) value = context.readProperty(value, String(name));
      return value;
    };
  }
  if (!('content' in token)) return undefined;
  const { content } = token;
  return () => content;
}

/** A filter with its arguments; undefined when one of them is more than a word. */
function applied(filter: Filter): ((value: unknown, context: Context) => unknown) | undefined {
  const reads = filter.args.flatMap((arg) => (Array.isArray(arg) ? [] : (readOf(arg) ?? [])));
  if (reads.length < filter.args.length) return undefined;
  const { handler, token, liquid } = { handler: filter['handler'], token: filter['token'], liquid: filter['liquid'] };
  return (value, context) =>
    toValueSync(handler.apply({ context, token, liquid }, [value, ...reads.map((read) => read(context))]));
}

/** The same value without the generators by which the library waits for what may be a promise. */
function quickened(value: Value): void {
  const [token, ...more] = value.initial.postfix;
  const read = token && more.length === 0 ? readOf(token) : undefined;
  const filters = value.filters.flatMap((filter) => applied(filter) ?? []);
  if (!read || filters.length < value.filters.length) return;
  const reckon = (context: Context) => filters.reduce((result, filter) => filter(result, context), read(context));
  Object.defineProperty(value, 'value', { value: reckon });
}

/** The template, with what it prints and asks made quick wherever it is plain. Each is reckoned by the library's rules and limits. */
export function quick(templates: Template[]): Template[] {
  for (const template of templates) {
    for (const part of template.arguments?.() ?? []) if (part instanceof Value) quickened(part);
    quick(toValueSync<Template[]>(template.children?.(false, true) ?? []));
  }
  return templates;
}
