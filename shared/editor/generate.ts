import * as z from 'zod';
import { WORDS } from './words.ts';

/** JSON Schemas for editors, made of the very schemas that publish reads files with. Draft 7 is what editors know best. */
type Node = { [key: string]: unknown };

const LANGUAGE = 1;

/** Words of VS Code: the files may have comments and commas at the end, and an editor is not to complain of them. */
const LENIENT = { allowComments: true, allowTrailingCommas: true };

/** Where the schema of a kind of file lies, seen from the bucket's root. */
export const schemaPath = (kind: string): string => `schemas/${LANGUAGE}/${kind}.schema.json`;

/** The schema of one kind of file, with what an editor says of each field. */
export function editorSchema(kind: string, schema: z.ZodType): Node {
  const made: Node = z.toJSONSchema(schema, {
    io: 'input',
    reused: 'ref',
    unrepresentable: 'any',
    target: 'draft-7',
  });
  const { $schema, ...rest } = made;
  const definitions = objectOf(made['definitions']);
  new Describer(definitions).describe(rest, kind);
  return { $schema, title: `Tropa ${kind}`, ...LENIENT, ...rest };
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Node => (isNode(value) ? value : {});
const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** Puts the words beside each property, also beside a reference: what is shared has other words in each place. */
class Describer {
  readonly #definitions: Node;
  readonly #seen = new Set<unknown>();

  constructor(definitions: Node) {
    this.#definitions = definitions;
  }

  describe(node: Node, owner: string): void {
    const reference = node['$ref'];
    if (typeof reference === 'string') {
      const name = reference.slice(reference.lastIndexOf('/') + 1);
      this.describe(objectOf(this.#definitions[name]), owner);
      return;
    }
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    for (const name of ['anyOf', 'oneOf', 'allOf'])
      for (const option of nodesOf(node[name])) this.describe(option, owner);
    if (isNode(node['items'])) this.describe(node['items'], owner);
    if (isNode(node['additionalProperties'])) this.describe(node['additionalProperties'], owner);
    this.#properties(node, owner);
  }

  #properties(node: Node, owner: string): void {
    const properties = objectOf(node['properties']);
    const own = ownerOf(properties, owner);
    for (const [key, property] of Object.entries(properties)) {
      if (!isNode(property)) continue;
      const words = wordsOf([own, ...subjectOf(properties)], key);
      if (words !== undefined) property['description'] = words;
      this.describe(property, key);
    }
  }
}

/** What is said of a key by whoever has it, the closest first. */
export const wordsOf = (owners: readonly string[], key: string): string | undefined =>
  [...owners.toReversed(), ...(owners.includes('trigger date') ? ['moment'] : []), '*']
    .map((owner) => WORDS[`${owner}.${key}`])
    .find(Boolean);

/** A condition has words of its own where its keys are not those of all. */
function subjectOf(properties: Node): string[] {
  const [first = ''] = Object.keys(properties);
  return ['consent', 'message', 'journey', 'reachable', 'event'].includes(first) ? [`asking ${first}`] : [];
}

const SUBJECTS = ['all', 'any', 'not', 'tag', 'segment', 'consent', 'message', 'journey', 'reachable', 'sample', 'now'];

/** Whose fields these are: a step by its type, a condition by what it asks, else by the name that they stand under. */
function ownerOf(properties: Node, under: string): string {
  const type = objectOf(properties['type'])['const'];
  if (typeof type === 'string') return under === 'trigger' ? `trigger ${type}` : type;
  if (under === 'sources') return under;
  const keys = Object.keys(properties);
  if (keys.includes('exists') || SUBJECTS.some((subject) => keys[0] === subject)) return 'condition';
  if (keys.includes('times') && keys.includes('atMost')) return 'duration';
  if (keys.includes('every') && keys.includes('step')) return 'moment';
  if (keys.includes('days') && keys.includes('zone')) return 'window';
  const isReference = keys.length === 1 && ['trait', 'trigger', 'step', 'data'].includes(keys[0] ?? '');
  return isReference ? 'reference' : under;
}
