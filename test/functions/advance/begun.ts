import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

const mailing = journey({
  topic: 'orders',
  goal: { if: { event: 'purchase' }, window: 'P7D' },
  steps: [send('hello'), wait('think'), tag('thought'), send('again'), waitFor('last', { event: 'page.viewed' })],
});

/** A passage of this journey that has begun, and the input of its execution. */
export async function begun(definition = mailing) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated'));
  return { shop, leg: shop.leg(), first: shop.executions.started[0]?.input ?? {} };
}
