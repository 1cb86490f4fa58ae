import type { Condition, EventLeaf } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import type { MessageFact } from '#shared/message/message.ts';

/**
 * What a passage listens for: each leaf about events or own messages in its goal, its exits and its waitFors. The id is
 * the owner (a step, the goal, an exit) and the leaf's place in its condition, so it is fixed by the version.
 */
export type Listener =
  | {
      readonly id: string;
      readonly owner: string;
      readonly types: readonly string[] | 'any';
      readonly where?: Condition;
    }
  | {
      readonly id: string;
      readonly owner: string;
      readonly step: string;
      readonly statuses: readonly MessageFact[];
      readonly channel?: Channel;
    };

const listOf = <T extends string>(value: T | readonly T[]): readonly T[] =>
  typeof value === 'string' ? [value] : value;

const isEventLeaf = (condition: Condition): condition is EventLeaf => 'event' in condition;

/**
 * The condition with each such leaf marked by its listener's id; the listeners are added to `into`. Leaves are numbered
 * from left to right.
 */
export function attachListeners(owner: string, condition: Condition, into: Listener[]): Condition {
  let count = 0;
  const visit = (c: Condition): Condition => {
    if ('all' in c) return { ...c, all: c.all.map(visit) };
    if ('any' in c) return { ...c, any: c.any.map(visit) };
    if ('not' in c) return { ...c, not: visit(c.not) };
    const id = `${owner}/${count}`;
    const listener = listenerOf(c, id, owner);
    if (!listener) return c;
    count += 1;
    into.push(listener);
    return { ...c, listener: id };
  };
  return visit(condition);
}

function listenerOf(leaf: Condition, id: string, owner: string): Listener | undefined {
  if (isEventLeaf(leaf)) {
    const types = leaf.event === 'any' ? 'any' : listOf(leaf.event);
    return { id, owner, types, ...(leaf.where && { where: leaf.where }) };
  }
  if ('message' in leaf && !leaf.message.includes('/') && leaf.message !== 'any') {
    return { id, owner, step: leaf.message, statuses: listOf(leaf.is ?? leaf.isNot ?? 'sent') };
  }
  return undefined;
}
