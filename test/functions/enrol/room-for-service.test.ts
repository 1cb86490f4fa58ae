import { expect, it } from 'vitest';
import { INSIDE_LIMIT, INSIDE_MARKETING } from '#shared/contact/profile.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';

it('however many carts somebody is inside of, there is room for what their order starts', async () => {
  const steps = [wait('w', 'P30D')];
  const shop = await HandShop.open([
    journey({ id: 'cart', entry: { key: 'id' }, steps }),
    journey({
      id: 'buys',
      topic: 'orders',
      trigger: { type: 'event', event: 'purchase' },
      entry: { key: 'id' },
      steps,
    }),
  ]);
  for (const [type, journeyId, inside] of [
    ['cart.updated', 'cart', INSIDE_MARKETING],
    ['purchase', 'buys', INSIDE_LIMIT - INSIDE_MARKETING],
  ] as const) {
    for (let id = 0; id < 45; id += 1)
      await shop.enrol(event(type, { at: shop.clock.now(), data: { id: String(id) } }));
    expect((await shop.passages()).filter(({ journey: of }) => of === journeyId)).toHaveLength(inside);
  }
});
