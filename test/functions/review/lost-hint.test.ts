import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const MINUTE = 60_000;

describe('a passage whose goal a look has made it hear', () => {
  it('is woken within minutes when whoever looked died before the hint', async () => {
    const shop = await HandShop.open([
      journey({ goal: { if: { journey: 'other', is: 'entered' } }, steps: [wait('w', 'P90D')] }),
      journey({ id: 'other', trigger: { type: 'event', event: 'purchase' }, steps: [wait('w')] }),
    ]);
    await shop.enrol(event('cart.updated'));
    const leg = shop.leg();
    await leg.run();
    await shop.enrol(event('purchase'));
    const dying = interrupted(shop.executions, { methods: ['succeed'] }, () => {
      throw new Error('the function dies');
    });
    shop.clock.pass(MINUTE);
    await review({ ...shop.deps, executions: dying });
    expect((await shop.passages()).find((one) => one.journey === 'cart')?.heard).toHaveProperty('!goal/state');
    expect(leg.isPaused).toBe(true);
    shop.clock.pass(6 * MINUTE);
    await shop.review();
    expect(leg.isPaused).toBe(false);
  });
});
