import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitingMessages } from '#apps/local/waiting.ts';

const id = fc.integer({ min: 1, max: 8 });
const moment = fc.integer({ min: 0, max: 5 });
const change = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), id, visible: moment, queue: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('move' as const), id, visible: moment }),
  fc.record({ kind: fc.constant('remove' as const), id }),
);

it('gives the messages of each queue in the order in which they become visible, then of their ids', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), moment, fc.integer({ min: 1, max: 4 }), (changes, now, limit) => {
      const messages = new WaitingMessages();
      const model = new Map<number, { id: number; queue: string; visible: number }>();
      for (const one of changes) {
        const known = model.get(one.id);
        if (one.kind === 'add' && !known) {
          const { id, queue, visible } = one;
          messages.add({ id, queue, visible });
          model.set(id, { id, queue, visible });
        } else if (one.kind === 'move') {
          messages.move(one.id, one.visible);
          if (known) model.set(one.id, { ...known, visible: one.visible });
        } else if (one.kind === 'remove') {
          messages.remove(one.id);
          model.delete(one.id);
        }
      }
      for (const queue of ['a', 'b']) {
        const all = [...model.values()]
          .filter((message) => message.queue === queue)
          .sort((a, b) => a.visible - b.visible || a.id - b.id);
        expect(messages.count(queue)).toBe(all.length);
        expect(messages.first(queue)).toBe(all[0]?.visible);
        const open = all.filter(({ visible }) => visible <= now).map((message) => message.id);
        expect(messages.visible(queue, now, limit)).toEqual(open.slice(0, limit));
      }
    }),
  );
});
