import * as z from 'zod';
import { wordsOf } from '#shared/editor/generate.ts';
import { LEFT_OUT } from './left-out.ts';
import type { NotYet } from './not-yet.ts';
import { keysIn, SHAPES, type Shape } from './shapes.ts';
import { bare, isNamed, sayValue } from './values.ts';

/** Tables of keys, made of the schemas that publish reads files by and of the words that editors show. */

/** Parts of a journey that have a table of their own. */
const APART: Readonly<Record<string, string>> = {
  trigger: 'triggers',
  entry: 'entry',
  goal: 'goal',
  exits: 'exits',
  caps: 'caps-and-quiet',
  publish: 'publish',
  steps: 'steps',
};
/** Said once, for all files. */
const EVERYWHERE = ['$schema', 'note', 'type'];

type Row = { readonly key: string; readonly value: string; readonly without: string; readonly meaning: string };

/** A cell breaks at no bar; what is no code has no tags. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

function shapeNamed(name: string): Shape {
  const shape = SHAPES.get(name);
  if (!shape) throw new Error(`there is no table "${name}"; there are ${[...SHAPES.keys()].join(', ')}`);
  return shape;
}

/** The table of all keys that these things have, with the keys of what lies in them. */
export function keysTable(names: readonly string[], notYet: NotYet): string {
  const making = { notYet, flat: names.includes('journey'), shown: new Set() };
  const rows = names.flatMap((name) => rowsOf(shapeNamed(name), '', making));
  const head = ['key', 'value', 'left out', 'meaning'];
  return table(
    head,
    rows.map(({ key, value, without, meaning }) => [`\`${key}\``, value, without, meaning]),
  );
}

type Making = {
  readonly notYet: NotYet;
  /** Without what lies in the keys. */
  readonly flat: boolean;
  /** What has been opened before, so that it is shown once. */
  readonly shown: Set<unknown>;
};

function rowsOf({ owners, keys }: Shape, prefix: string, making: Making): Row[] {
  return Object.entries(keys).flatMap(([key, schema]): Row[] => {
    if (EVERYWHERE.includes(key)) return [];
    const said = code(wordsOf(owners, key) ?? '');
    const row = {
      key: `${prefix}${key}`,
      value: making.flat && APART[key] ? `[${key}](#${APART[key]})` : sayValue(schema),
      without: withoutIt(schema, owners, key),
      meaning: [said, making.notYet(`${owners.at(-1)}.${key}`)].filter(Boolean).join(' '),
    };
    return [
      row,
      ...rowsOf({ owners: [key], keys: inside(schema, making) }, `${prefix}${key}${beneath(schema)}`, making),
    ];
  });
}

function inside(schema: z.core.$ZodType, { flat, shown }: Making): Shape['keys'] {
  const inner = bare(schema);
  if (flat || isNamed(schema) || shown.has(inner)) return {};
  shown.add(inner);
  return keysIn(inner);
}

/** How one gets from a key to the keys that lie in it. */
function beneath(schema: z.core.$ZodType): string {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return '[].';
  return inner instanceof z.ZodRecord ? '.<name>.' : '.';
}

function withoutIt(schema: z.core.$ZodType, owners: readonly string[], key: string): string {
  const said = owners.map((owner) => LEFT_OUT[`${owner}.${key}`]).findLast(Boolean);
  if (said !== undefined) return said;
  const { success, data } = z.safeParse(schema, undefined);
  if (!success) return '**needed**';
  return data === undefined || isEmpty(data) ? '' : `\`${JSON.stringify(data)}\``;
}

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** JSON in the words of editors is set as code. */
const code = (words: string): string =>
  words.replace(
    /\{\{ .*? \}\}|\{ .*? \}(?= \}|)(?: \})?|\["[^\]]*"\]|\[\d[^\]]*\]|"[^"\s]+"/g,
    (json) => `\`${json}\``,
  );
