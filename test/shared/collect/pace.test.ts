import { expect, it } from 'vitest';
import { admit } from '#shared/collect/pace.ts';

const PACE = { perSecond: 10, atOnce: 3 };

/** How many of `wanted` requests go at that moment, and what is known afterwards. */
function burst(free: number, now: number, wanted: number) {
  let [next, went] = [free, 0];
  for (let i = 0; i < wanted; i += 1) {
    const after = admit(next, now, PACE);
    if (after === undefined) continue;
    next = after;
    went += 1;
  }
  return { next, went };
}

it('lets so many go at once, and then one after each pause', () => {
  const first = burst(0, 1000, 10);
  expect(first.went).toBe(3);
  expect(burst(first.next, 1099, 10).went).toBe(0);
  expect(burst(first.next, 1100, 10).went).toBe(1);
  expect(burst(first.next, 1200, 10).went).toBe(2);
});

it('saves nothing up beyond what may go at once', () => {
  const first = burst(0, 1000, 3);
  expect(burst(first.next, 3_600_000, 100).went).toBe(3);
});

it('lets an even pace through for ever', () => {
  let free = 0;
  for (let now = 0; now < 100_000; now += 100) {
    const next = admit(free, now, PACE);
    expect(next).toBeDefined();
    free = next ?? 0;
  }
});
