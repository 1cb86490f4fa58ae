import { describe, expect, it } from 'vitest';
import { HARMS, KINDS, POOL_HARMS, poolRemarks } from '#test/build/hostile.ts';

/** Less than a tenth of that on an idle machine, a third on a busy one; the square of the length would be minutes. */
const MOST_MS = 15_000;

const cases = Object.entries(KINDS).flatMap(([kind, check]) =>
  Object.entries(HARMS).map(([harm, [text, said]]) => ({ kind, harm, check, text, said })),
);

describe('a file that is made to do harm', () => {
  it.each(cases)('is refused in time with the reason: $kind $harm', { timeout: 60_000 }, async (one) => {
    const before = performance.now();
    const remarks = await one.check(one.text);
    expect(performance.now() - before).toBeLessThan(MOST_MS);
    expect(`${remarks[0]?.code} ${remarks[0]?.message}`).toMatch(one.said);
    expect(remarks.some(({ severity }) => severity === 'error')).toBe(true);
    expect(remarks.length).toBeLessThanOrEqual(201);
  });
});

describe('a file of codes that is made to do harm', () => {
  const pools = Object.entries(POOL_HARMS).map(([harm, [text, said]]) => ({ harm, text, said }));

  it.each(pools)('is refused in time with the reason: one $harm', { timeout: 60_000 }, ({ text, said }) => {
    const before = performance.now();
    const remarks = poolRemarks(text);
    expect(performance.now() - before).toBeLessThan(MOST_MS);
    expect(`${remarks[0]?.code} ${remarks[0]?.message}`).toMatch(said);
    expect(remarks.some(({ severity }) => severity === 'error')).toBe(true);
    expect(remarks.length).toBeLessThanOrEqual(51);
  });
});
