import { describe, expect, it } from 'vitest';
import { putCatalogue, putVersion } from '#shared/store/journeys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';

const first = journey({
  goal: { if: { event: 'purchase' } },
  steps: [waitFor('asked', { event: 'page.viewed' }, { then: [tag('first')] }), wait('rest'), tag('first-end')],
});
/** Other steps of other kinds under the same ids, another goal, and a step fewer. */
const second = journey({
  goal: { if: { event: 'registration' } },
  steps: [wait('asked', 'P9D'), tag('second')],
});

/** Edits the journey while contacts are inside, and as soon as everybody has noticed. */
async function edit(shop: HandShop): Promise<void> {
  const { rev, journeys } = await shop.deps.published.catalogue();
  const { cart } = journeys;
  if (!cart) throw new Error('not live');
  await shop.table.transact([
    putVersion(second, 2, { hash: 'h2', sequencer: '2', at: shop.clock.now() }),
    putCatalogue({ rev, journeys: { cart: { ...cart, version: 2, sequencer: '2', hash: 'h2' } } }),
  ]);
  shop.clock.pass(10_000);
}

describe('a journey edited while contacts are inside', () => {
  it('keeps them on their version, goal and steps included', async () => {
    const shop = await HandShop.open([first]);
    await shop.enrol(event('cart.updated'));
    const leg = shop.leg();
    await leg.run();
    await edit(shop);
    await shop.enrol(event('page.viewed', { at: shop.clock.now() }));
    await leg.run();
    await leg.runOut();
    expect(await shop.passage()).toMatchObject({ version: 1, state: 'finished' });
    expect((await shop.contact()).tags).toEqual(['first', 'first-end']);
    await shop.enrol(event('registration', { at: shop.clock.now() }));
    expect((await shop.passage()).state).toBe('finished');
    await shop.enrol(event('purchase', { at: shop.clock.now() }));
    expect((await shop.passage()).state).toBe('converted');
  });

  it('keeps on it who has been enrolled and has not taken a turn', async () => {
    const shop = await HandShop.open([first]);
    await shop.enrol(event('cart.updated'));
    await edit(shop);
    await shop.leg().run();
    expect(await shop.passage()).toMatchObject({ version: 1, cursor: { step: 'asked' } });
    expect((await shop.passage()).cursor?.wakeAt).toBe(plusMillis(shop.clock.now(), 86_400_000));
  });

  it('takes newcomers in by the new one', async () => {
    const shop = await HandShop.open([first]);
    await shop.enrol(event('cart.updated'));
    await edit(shop);
    const eva = 'eva@shop.example';
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { email: eva } }));
    await shop.leg().run();
    expect(await shop.passage(eva)).toMatchObject({ version: 2, cursor: { step: 'asked' } });
    expect((await shop.passage(eva)).cursor?.wakeAt).toBe(plusMillis(shop.clock.now(), 9 * 86_400_000));
  });
});
