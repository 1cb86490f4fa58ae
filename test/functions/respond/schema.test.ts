import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { respond } from '#functions/respond/respond.ts';
import { FILES } from '#shared/editor/files.ts';
import { HandShop } from '#test/build/hand-shop.ts';

const get = async (version: string, file: string) =>
  respond(
    {
      headers: {},
      pathParameters: { version, file },
      requestContext: { http: { method: 'GET' } },
      isBase64Encoded: false,
    },
    new HandShop().deps,
  );

it.each(Object.keys(FILES))('the schema of a %s file is served as it lies in the repository', async (kind) => {
  const answer = await get('1', `${kind}.schema.json`);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/schema+json' } });
  const file = readFileSync(new URL(`../../../shared/schemas/1/${kind}.schema.json`, import.meta.url), 'utf8');
  expect(JSON.parse(answer.body)).toEqual(JSON.parse(file));
});

it.each([
  ['2', 'journey.schema.json'],
  ['1', 'constructor.schema.json'],
  ['1', '../journey.schema.json'],
])('there is no schema %s/%s', async (version, file) => {
  expect(await get(version, file)).toMatchObject({ statusCode: 404 });
});
