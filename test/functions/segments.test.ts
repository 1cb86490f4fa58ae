import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putSegments } from '#shared/store/segments.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

type Given = Parameters<typeof journey>[0];
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const HOUR = 3_600_000;
const buyers: Condition = { event: 'purchase' };
const loyal: Condition = { all: [{ segment: 'buyers' }, { tag: 'club' }] };

/** A shop with two segments, one of which names the other. */
async function open(given: Given, conf: Settings = settings()): Promise<HandShop> {
  const shop = await HandShop.open([journey(given)], conf);
  const stored = (id: string, condition: Condition) => ({
    definition: { id, name: id, if: condition },
    sequencer: '0',
  });
  const segments = { buyers: stored('buyers', buyers), loyal: stored('loyal', loyal) };
  await shop.table.write(putSegments({ rev: 0, segments }));
  return shop;
}

const cart = (more: object = {}) => event('cart.updated', { consents: YES, ...more });
const buy = (shop: HandShop) => shop.enrol(event('purchase'));

describe('a segment', () => {
  it('at the door lets in who is in it, and nobody else', async () => {
    const shop = await open({ entry: { if: { segment: 'buyers' } }, steps: [send('first')] });
    await shop.enrol(cart());
    expect(await shop.passages()).toEqual([]);
    await buy(shop);
    await shop.enrol(cart());
    expect(await shop.passages()).toHaveLength(1);
  });

  it('at a quiet door is asked when the quiet time ends', async () => {
    const trigger = { type: 'event', event: 'cart.updated', quietFor: 'PT1H' } as const;
    const shop = await open({ trigger, entry: { if: { not: { segment: 'buyers' } } }, steps: [send('first')] });
    await shop.enrol(cart());
    await buy(shop);
    shop.clock.pass(HOUR);
    await shop.review();
    expect(await shop.passages()).toEqual([]);
  });

  it('decides a branch and the condition of a step, and may name another segment', async () => {
    const steps = [
      {
        type: 'branch',
        id: 'b',
        cases: [{ if: { segment: 'loyal' }, steps: [tag('loyal')] }],
        otherwise: [tag('new')],
      },
      { ...tag('bought'), if: { segment: ['loyal', 'buyers'] } },
    ];
    const shop = await open({ steps });
    await buy(shop);
    await shop.enrol(cart());
    await shop.leg().run();
    expect((await shop.contact()).tags.toSorted()).toEqual(['bought', 'new']);
  });

  it('that the settings keep out of all marketing gets no mail', async () => {
    const shop = await open({ steps: [send('first')] }, settings({ suppress: { segment: 'buyers' } }));
    await shop.enrol(cart());
    await buy(shop);
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('first')).toMatchObject({ reason: 'kept-out' });
  });
});
