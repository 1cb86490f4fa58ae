import type { HttpRequest, HttpResponse } from '#shared/http.ts';

export type Method = 'GET' | 'POST';

/** Path segments in braces are parameters, as API Gateway has them. A GET route answers HEAD, too. */
export type Route = {
  readonly method: Method;
  readonly path: string;
  readonly answer: (request: HttpRequest) => Promise<HttpResponse>;
};

export type Found =
  | { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> }
  /** The path is known, the method is not. */
  | { readonly allow: readonly string[] }
  | undefined;

/** Which route a request takes; undefined when no route has such a path, decodable or not. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const here = routes.flatMap((route) => {
    const pathParameters = parametersOf(route.path, path);
    return pathParameters ? [{ route, pathParameters }] : [];
  });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = here.find(({ route }) => route.method === wanted);
  if (found || here.length === 0) return found;
  return { allow: here.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])) };
}

function parametersOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const text = decode(given[i] ?? '');
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? text !== segment : !text) return undefined;
    if (name !== undefined && text) parameters[name] = text;
  }
  return parameters;
}

/** Undefined for what is not percent-encoded UTF-8. */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
