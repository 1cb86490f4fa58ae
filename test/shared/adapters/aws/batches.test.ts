import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteLength, inBatches } from '#shared/adapters/aws/batches.ts';

test('a text is as long as its UTF-8 bytes', () => {
  expect(byteLength('Łódź 🛒')).toBe(12);
});

test('batches keep every item in order and each holds to the limit, unless one item alone breaks it', () => {
  const sizes = fc.array(fc.nat({ max: 150 }), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, (items) => {
      const batches = inBatches(items, { count: 4, bytes: 100 }, (n) => n);
      expect(batches.flat()).toEqual(items);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(4);
        const bytes = batch.reduce((sum, n) => sum + n, 0);
        expect(batch.length === 1 || bytes <= 100).toBe(true);
      }
    }),
  );
});

test('a batch is not closed before it must be', () => {
  expect(inBatches([50, 50, 1, 1], { count: 10, bytes: 100 }, (n) => n)).toEqual([
    [50, 50],
    [1, 1],
  ]);
});
