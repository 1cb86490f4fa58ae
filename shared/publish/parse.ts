import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { garbled } from './encoding.ts';
import { MISFIT, OVER_LIMIT, type Position, type Remark, remark, TOP, tooLong } from './remarks.ts';
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
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const locate = (path: Path): Node | undefined => {
    for (let length = path.length; root && length >= 0; length -= 1) {
      const node = findNodeAtLocation(root, path.slice(0, length));
      if (node) return node;
    }
    return root;
  };
  const keyOf = (node: Node | undefined) => (node?.parent?.type === 'property' ? node.parent.children?.[0] : node);
  return {
    value: root && getNodeValue(root),
    remarks: [...syntaxRemarks(text, errors, positionOf), ...(root ? oddities(root, positionOf) : [])],
    at: (path) => positionOf(locate(path)?.offset ?? 0),
    keyAt: (path) => positionOf(keyOf(locate(path))?.offset ?? 0),
  };
}

function deepRemark(text: string, positionOf: (offset: number) => Position): Remark | undefined {
  const deep = tooDeep(text);
  if (deep === undefined) return undefined;
  return remark(OVER_LIMIT, positionOf(deep), 'Brackets stand within brackets more than 100 deep here.');
}

/** What JSON lets through and nobody can have meant, or nothing can keep. */
function oddities(root: Node, positionOf: (offset: number) => Position): Remark[] {
  const said: Remark[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const children = node.children ?? [];
    open.push(...children);
    if (node.type === 'object') said.push(...doubleKeys(children, positionOf));
    if (typeof node.value === 'string' && !node.value.isWellFormed()) {
      said.push(
        remark(
          MISFIT,
          positionOf(node.offset),
          'This text has half a letter in it, a "\\ud..." without its other half.',
        ),
      );
    }
  }
  return said;
}

/** JSON keeps the last of two keys that are the same, which is never what was meant. */
function doubleKeys(properties: readonly Node[], positionOf: (offset: number) => Position): Remark[] {
  const seen = new Map<unknown, Node>();
  return properties.flatMap(({ children: [key] = [] }) => {
    if (!key) return [];
    const before = seen.get(key.value);
    seen.set(key.value, key);
    // It would become what the object inherits from, and be seen by no check.
    if (key.value === '__proto__') return [remark(MISFIT, positionOf(key.offset), '"__proto__" cannot be a key.')];
    if (!before) return [];
    const text = `"${key.value}" stands here already, on line ${positionOf(before.offset).line}.`;
    return [remark(MISFIT, positionOf(key.offset), text)];
  });
}
