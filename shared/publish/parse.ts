import { getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { garbled } from './encoding.ts';
import { oddities } from './oddities.ts';
import { lazily } from './once.ts';
import { readPlain } from './plain.ts';
import { OVER_LIMIT, type Position, type Remark, remark, TOP, tooLong } from './remarks.ts';
import { positions, syntaxRemarks, tooDeep, withoutMark } from './syntax.ts';

export type Path = readonly (string | number)[];

/** A parsed file that still knows where everything stood. */
export type Source = {
  /** Undefined where nothing could be read. */
  readonly value: unknown;
  /** All that is wrong with the JSON itself. */
  readonly remarks: readonly Remark[];
  /** Where the value stands; for one that is missing, the nearest thing around it that is there. */
  at(path: Path): Position;
  /** Where the key of that value stands, the value itself in a list. */
  keyAt(path: Path): Position;
};

/** Refuses what is too long to be read at all. */
export function readFile(text: string): Source {
  const long = tooLong(text);
  return long ? { value: undefined, remarks: [long], at: () => TOP, keyAt: () => TOP } : parseJsonc(text);
}

/**
 * Reads JSON with comments and trailing commas. Never throws: what is wrong is in `remarks`, every error of them.
 * `firstLine` is the line of the file on which the text begins.
 */
export function parseJsonc(given: string, firstLine = 1): Source {
  const text = withoutMark(given);
  const positionOf = positions(text, firstLine);
  const hopeless = garbled(text, firstLine) ?? deepRemark(text, positionOf);
  if (hopeless) return { value: undefined, remarks: [hopeless], at: () => hopeless, keyAt: () => hopeless };
  const plain = readPlain(text);
  const tree = lazily(() => treeOf(text));
  const node = (path: Path) => locate(tree().root, path);
  return {
    ...(plain ? { ...plain, remarks: [] } : told(text, tree(), positionOf)),
    at: (path) => whenRead(() => positionOf(node(path)?.offset ?? 0)),
    keyAt: (path) => whenRead(() => positionOf(keyOf(node(path))?.offset ?? 0)),
  };
}

/** The rules ask for the place of all that they look at, and read it of the little that is wrong. */
function whenRead(find: () => Position): Position {
  const found = lazily(find);
  return {
    get line() {
      return found().line;
    },
    get column() {
      return found().column;
    },
  };
}

type Tree = { readonly root: Node | undefined; readonly errors: readonly ParseError[] };

function treeOf(text: string): Tree {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  return { root, errors };
}

const told = (text: string, { root, errors }: Tree, positionOf: (offset: number) => Position) => ({
  value: root && getNodeValue(root),
  remarks: [...syntaxRemarks(text, errors, positionOf), ...(root ? oddities(root, positionOf) : [])],
});

/** What stands there, or the nearest thing around it. */
function locate(root: Node | undefined, path: Path): Node | undefined {
  let found = root;
  for (const part of path) {
    const child = found && childOf(found, part);
    if (!child) return found;
    found = child;
  }
  return found;
}

/** By the object that has them: a search for each of thousands of keys would take the square of their number. */
const properties = new WeakMap<Node, ReadonlyMap<string, Node>>();

function childOf(node: Node, part: string | number): Node | undefined {
  if (node.type === 'array') return typeof part === 'number' ? node.children?.[part] : undefined;
  if (node.type !== 'object') return undefined;
  const known = properties.get(node) ?? propertiesOf(node);
  properties.set(node, known);
  return known.get(String(part));
}

/** Of a key that stands there twice the first counts, as for whoever reads the file from above. */
function propertiesOf({ children = [] }: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const { children: [key, value] = [] } of children)
    if (key && value && !found.has(String(key.value))) found.set(String(key.value), value);
  return found;
}

const keyOf = (node: Node | undefined) => (node?.parent?.type === 'property' ? node.parent.children?.[0] : node);

function deepRemark(text: string, positionOf: (offset: number) => Position): Remark | undefined {
  const deep = tooDeep(text);
  if (deep === undefined) return undefined;
  return remark(
    OVER_LIMIT,
    positionOf(deep),
    'Brackets stand within brackets more than 100 deep here. Look for one too many.',
  );
}
