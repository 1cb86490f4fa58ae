import { FILES } from '#shared/editor/files.ts';
import { editorSchema, schemaPath } from '#shared/editor/generate.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';

const A_DAY = 86_400;

/** `GET /schemas/1/journey.schema.json`: what an editor completes and checks files by. It is nobody's secret. */
export function schema({ pathParameters = {} }: HttpRequest): HttpResponse {
  const path = `schemas/${pathParameters['version']}/${pathParameters['file']}`;
  const found = Object.entries(FILES).find(([kind]) => schemaPath(kind) === path);
  const body = found ? editorSchema(found[0], found[1]) : { error: 'there is no such schema' };
  return {
    statusCode: found ? 200 : 404,
    headers: {
      'content-type': 'application/schema+json',
      'cache-control': found ? `public, max-age=${A_DAY}` : 'no-store',
      // Editors in a browser read it from another origin.
      'access-control-allow-origin': '*',
    },
    body: JSON.stringify(body),
  };
}
