import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Waiting, WaitingMessages } from '#apps/local/waiting.ts';

const id = fc.integer({ min: 1, max: 14 });
const moment = fc.integer({ min: 0, max: 5 });
const kind = fc.constantFrom('add', 'add', 'move', 'remove');
const change = fc.record({ kind, id, visible: moment, queue: fc.constantFrom('a', 'b') });

const byTurn = (a: Waiting, b: Waiting) => a.visible - b.visible || a.id - b.id;

it('gives the messages of each queue in the order in which they become visible, then of their ids, however few it keeps', () => {
  const few = fc.integer({ min: 1, max: 3 });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), moment, few, few, (changes, now, limit, kept) => {
      const model = new Map<number, Waiting>();
      const of = (queue: string) => [...model.values()].filter((message) => message.queue === queue).sort(byTurn);
      const messages = new WaitingMessages((queue, behind, most) => {
        const others = of(queue).filter((one) => byTurn({ ...one, ...behind }, one) < 0);
        return others.slice(0, most);
      }, kept);
      for (const one of changes) {
        const known = model.get(one.id);
        if (known) messages.remove(known);
        model.delete(one.id);
        const next = one.kind === 'add' ? one : known && { ...known, visible: one.visible };
        if (next && one.kind !== 'remove') {
          model.set(one.id, { id: next.id, queue: next.queue, visible: next.visible });
          messages.add({ id: next.id, queue: next.queue, visible: next.visible });
        }
        // Whoever looks in between makes it read on.
        if (one.id % 3 === 0) expect(messages.first('a')).toBe(of('a')[0]?.visible);
      }
      for (const queue of ['a', 'b']) {
        const all = of(queue);
        expect(messages.count(queue)).toBe(all.length);
        expect(messages.first(queue)).toBe(all[0]?.visible);
        const open = all.filter(({ visible }) => visible <= now).map((message) => message.id);
        expect(messages.visible(queue, now, limit)).toEqual(open.slice(0, limit));
      }
    }),
    { numRuns: 500 },
  );
});

it('keeps no more than twice as many as it is to keep, and reads on when it has used them up', () => {
  const file = Array.from({ length: 100 }, (_, n) => ({ id: n + 1, queue: 'a', visible: 0 }));
  const asked: number[] = [];
  const messages = new WaitingMessages((_, { id }, limit) => {
    asked.push(id);
    return file.filter((one) => one.id > id).slice(0, limit);
  }, 10);
  for (const message of file) messages.add(message);
  for (const message of file) {
    expect(messages.visible('a', 0, 1)).toEqual([message.id]);
    messages.remove(message);
  }
  expect(messages.count('a')).toBe(0);
  expect(asked.length).toBeGreaterThan(7);
});
