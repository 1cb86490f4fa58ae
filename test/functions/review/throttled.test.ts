import { expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { Throttled } from '#shared/errors.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';

/** Step Functions takes nothing more for now. */
const throttled = (shop: HandShop) => ({
  ...shop.deps,
  executions: interrupted(shop.executions, { methods: ['start', 'succeed'] }, () => {
    throw new Throttled('no more for now');
  }),
});

it('a start that is throttled fails neither its event nor review, and comes within minutes', async () => {
  const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
  await shop.enrol(event('cart.updated'), throttled(shop));
  expect(shop.metrics.counts['HintThrottled']).toBe(1);
  expect(await shop.passages()).toHaveLength(1);
  shop.clock.pass(6 * 60_000);
  await review(throttled(shop));
  expect(shop.metrics.counts['HintThrottled']).toBe(2);
  expect(shop.metrics.counts['ReviewFailed']).toBeUndefined();
  expect(shop.executions.started).toEqual([]);
  shop.clock.pass(60_000);
  await shop.review();
  expect(shop.executions.started).toHaveLength(1);
});
