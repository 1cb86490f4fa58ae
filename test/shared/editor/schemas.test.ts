import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FILES } from '#shared/editor/files.ts';
import { editorSchema, schemaPath } from '#shared/editor/generate.ts';
import { WORDS } from '#shared/editor/words.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const kinds = Object.entries(FILES);
const schemaOf = (kind: string) =>
  JSON.parse(readFileSync(new URL(`../../../shared/${schemaPath(kind)}`, import.meta.url), 'utf8'));

type Found = { readonly where: string; readonly described: boolean; readonly words: unknown };

/** Every property of a schema, wherever it stands. */
function propertiesOf(node: unknown, where: string): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, member]) => {
    const inner = propertiesOf(member, `${where}/${key}`);
    if (key !== 'properties') return inner;
    const own = Object.entries(member as object).map(([name, property]): Found => {
      const words = (property as { description?: string }).description;
      return { where: `${where}.${name}`, described: typeof words === 'string', words };
    });
    return [...own, ...inner];
  });
}

describe.each(kinds)('the schema of a %s file', (kind, schema) => {
  const made = editorSchema(kind, schema);

  it('is the one that lies in the repository: npm run schemas writes it anew', () => {
    expect(schemaOf(kind)).toEqual(JSON.parse(JSON.stringify(made)));
  });

  it('says of every field what it means', () => {
    const all = propertiesOf(made, kind);
    expect(all.length).toBeGreaterThan(kind === 'template' ? 6 : 40);
    expect(all.filter(({ described }) => !described).map(({ where }) => where)).toEqual([]);
  });

  it('refuses what it does not know, as publish does', () => {
    expect(made).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', additionalProperties: false });
  });
});

const EXAMPLES: readonly (readonly [kind: string, key: string])[] = [
  ...exampleKeys('journeys').map((key) => ['journey', key] as const),
  ['settings', 'settings.json'],
  ...exampleKeys('tests').map((key) => ['test', key] as const),
];

it.each(EXAMPLES)('an editor finds no fault in a %s file that publish takes: %s', (kind, key) => {
  const judge = z.fromJSONSchema(schemaOf(kind));
  const file: object = parseJsonc(example(key)).value as object;
  expect(judge.safeParse(file).error).toBeUndefined();
  expect(judge.safeParse({ ...file, stauts: 'live' }).success).toBe(false);
});

it('no words are left that no field has', () => {
  const said = new Set(
    kinds.flatMap(([kind, schema]) => propertiesOf(editorSchema(kind, schema), kind)).map(({ words }) => words),
  );
  expect(
    Object.entries(WORDS)
      .filter(([, words]) => !said.has(words))
      .map(([name]) => name),
  ).toEqual([]);
});
