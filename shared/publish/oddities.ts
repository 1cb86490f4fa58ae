import type { Node } from 'jsonc-parser';
import { MISFIT, type Position, type Remark, remark } from './remarks.ts';

/** What JSON lets through and nobody can have meant, or nothing can keep. */
export function oddities(root: Node, positionOf: (offset: number) => Position): Remark[] {
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
    if (key.value === '__proto__')
      return [remark(MISFIT, positionOf(key.offset), '"__proto__" cannot be a key. Choose another name.')];
    if (!before) return [];
    const text = `"${key.value}" stands here already, on line ${positionOf(before.offset).line}. Keep one of the two.`;
    return [remark(MISFIT, positionOf(key.offset), text)];
  });
}
