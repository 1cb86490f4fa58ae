import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import { implies, isAlwaysFalse, isAlwaysTrue } from '#shared/publish/logic.ts';

const points = (ops: object): Condition => ({ trait: 'points', ...ops });
const bought = (more: object = {}): Condition => ({ event: 'purchase', ...more });

describe('what follows', () => {
  it.each<[Condition, Condition]>([
    [{ tag: 'a', note: 'why' }, { tag: 'a' }],
    [{ tag: 'a' }, { tag: ['b', 'a'] }],
    [{ all: [{ tag: 'a' }, { tag: 'b' }] }, { tag: 'a' }],
    [{ tag: 'a' }, { any: [{ tag: 'a' }, { tag: 'b' }] }],
    [{ any: [{ tag: 'a' }, { tag: 'b' }] }, { tag: ['a', 'b', 'c'] }],
    [{ not: { tag: ['a', 'b'] } }, { not: { tag: 'a' } }],
    [points({ gte: 1000 }), points({ gte: 100 })],
    [points({ gt: 5, lt: 8 }), points({ gte: 5 })],
    [points({ is: [6, 7] }), points({ gt: 5 })],
    [points({ is: 'x' }), points({ is: ['x', 'y'] })],
    [points({ is: 'x' }), points({ isNot: 'y' })],
    [points({ gt: 5 }), points({ exists: true })],
    [bought({ gte: 3, within: 'P7D' }), bought({ within: 'P30D' })],
    [bought({ gte: 3 }), bought()],
    [{ sample: 5 }, { sample: 10 }],
    [{ tag: 'a' }, { sample: 100 }],
    [{ all: [{ tag: 'a' }, { not: { tag: 'a' } }] }, { tag: 'z' }],
  ])('%j: %j', (a, b) => {
    expect(implies(a, b)).toBe(true);
    expect(isAlwaysTrue(a)).toBe(false);
  });

  it.each<[Condition, Condition]>([
    [{ tag: ['a', 'b'] }, { tag: 'a' }],
    [{ tag: 'a' }, { all: [{ tag: 'a' }, { tag: 'b' }] }],
    [{ any: [{ tag: 'a' }, { tag: 'b' }] }, { tag: 'a' }],
    [points({ gte: 100 }), points({ gt: 100 })],
    [points({ gte: 100 }), points({ gte: { trait: 'limit' } })],
    [points({ isNot: 'x' }), points({ exists: true })],
    [points({ lt: 5 }), { trait: 'other', lt: 6 }],
    [bought({ within: 'P30D' }), bought({ within: 'P7D' })],
    [bought({ lte: 3, within: 'P7D' }), bought({ lte: 3, within: 'P30D' })],
    [bought({ sum: 'total', gte: 5 }), bought({ gte: 5 })],
    [
      { sample: 5, salt: 'a' },
      { sample: 10, salt: 'b' },
    ],
    [{ consent: 'offers' }, { consent: 'news' }],
    [{ not: { tag: 'a' } }, { not: { tag: ['a', 'b'] } }],
  ])('not: %j: %j', (a, b) => {
    expect(implies(a, b)).toBe(false);
  });

  it('of always and never', () => {
    const either: Condition = { any: [{ tag: 'a' }, { not: { tag: 'a' } }] };
    for (const sure of [either, { sample: 100 }, bought({ gte: 0 }), { not: { sample: 0 } }]) {
      expect(isAlwaysTrue(sure)).toBe(true);
      expect(isAlwaysFalse({ not: sure })).toBe(true);
    }
    expect(isAlwaysFalse(points({ gt: 5, lt: 3 }))).toBe(true);
  });
});
