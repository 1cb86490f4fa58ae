import { describe, expect, it } from 'vitest';
import { printWhy } from '#apps/cli/print-why.ts';
import { why } from '#shared/report/why.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const mailing = (id: string, priority: number | undefined, more: object = {}, steps: object[] = []) =>
  journey({ id, ...(priority !== undefined && { priority }), steps: [...steps, send('hello', more)] });
const oneADay = settings({ caps: [{ count: 1, per: 'P1D' }] });

async function begun(journeys: ReturnType<typeof mailing>[], given = oneADay): Promise<HandShop> {
  const shop = await HandShop.open(journeys, given);
  await shop.enrol(event('cart.updated', { consents: YES }));
  for (const leg of shop.legs()) await leg.run();
  return shop;
}

async function pass(shop: HandShop, time: number, step = 5 * MINUTE): Promise<void> {
  for (let left = time; left > 0; left -= step) {
    shop.clock.pass(Math.min(step, left));
    await shop.review();
    await shop.send();
  }
}
const went = (shop: HandShop) => shop.mailer.mails.map(({ tags }) => tags['journey']);

describe('where a cap has room for one mail', () => {
  it.each([
    ['is queued before it', ['letter', 'cart']],
    ['is queued after it', ['cart', 'letter']],
  ])('the more important goes first when the other %s', async (_, order) => {
    const all = [mailing('letter', 20, { expires: 'P3D' }), mailing('cart', 80)];
    const shop = await begun(order.flatMap((id) => all.filter((one) => one.id === id)));
    await shop.send();
    expect(went(shop)).toEqual(['cart']);
    await pass(shop, DAY + 10 * MINUTE);
    expect(went(shop)).toEqual(['cart', 'letter']);
  });

  it('the other is withheld when it may not wait, and why says to whom it has yielded', async () => {
    const shop = await begun([mailing('letter', 20, { expires: 'PT12H' }), mailing('cart', 80)]);
    await shop.send();
    await pass(shop, HOUR);
    expect(went(shop)).toEqual(['cart']);
    const { table, deps, clock } = shop;
    const told = await why((await shop.contact()).contact, 'letter', {
      table,
      published: deps.published,
      now: clock.now(),
    });
    if (!told) throw new Error('nobody');
    expect(printWhy(told)).toMatch(/withheld .* \(cap\), yielded to cart \(priority 80\)/);
  });

  it('a passage that is just due at its send is waited for', async () => {
    const waits = { when: { from: '10:01', to: '12:00' } };
    const shop = await begun([mailing('letter', 20, { expires: 'P3D' }), mailing('cart', 80, waits)]);
    await shop.send();
    expect(went(shop)).toEqual([]);
  });

  it('a mail that may not go, or has nothing to gain, is not waited for', async () => {
    const two = settings({ caps: [{ count: 2, per: 'P1D' }] });
    const both = await begun([mailing('letter', 20), mailing('cart', 80)], two);
    await both.send();
    expect(went(both).toSorted()).toEqual(['cart', 'letter']);
    const refused = await begun([mailing('letter', 20), mailing('cart', 80, { topic: 'news' })]);
    await refused.send();
    expect(went(refused)).toEqual(['letter']);
  });

  it('one that is held up for reasons of its own is waited for ten minutes, and no longer', async () => {
    const shop = await begun([mailing('letter', 20), mailing('cart', 80)]);
    // Nobody hints at the important one any more.
    const hints = shop.outbox.marketing.take();
    const letter = (await shop.messages()).find(({ journey: id }) => id === 'letter');
    const own = hints.filter((hint) => JSON.stringify(hint).includes(letter?.id ?? '-'));
    for (let i = 0; i <= 11; i += 1) {
      shop.outbox.marketing.bodies.push(...own);
      await shop.send();
      if (i < 9) expect(went(shop)).toEqual([]);
      shop.clock.pass(MINUTE);
    }
    expect(went(shop)).toEqual(['letter']);
  });

  it.each<[what: string, cart: object, minutes: number, went: string[]]>([
    ['may still go', { expires: 'PT1H' }, 6, []],
    ['has expired at that moment', { expires: 'PT6M' }, 6, []],
    ['has expired', { expires: 'PT5M' }, 6, ['letter']],
    ['may go in its hours', { when: { from: '09:00', to: '10:30' }, expires: 'P3D' }, 6, []],
    ['may not go any more today', { when: { from: '09:00', to: '10:05' }, expires: 'P3D' }, 6, ['letter']],
    ['says nothing of expiring', { expires: 'P3D' }, 6, []],
  ])('one that lies in the outbox unsent and %s is waited for or not', async (_, more, minutes, sent) => {
    const shop = await begun([mailing('letter', 20, { expires: 'P3D' }), mailing('cart', 80, more)]);
    const letter = (await shop.messages()).find(({ journey: id }) => id === 'letter');
    const hints = shop.outbox.marketing.take().filter((hint) => JSON.stringify(hint).includes(letter?.id ?? '-'));
    shop.clock.pass(minutes * MINUTE);
    shop.outbox.marketing.bodies.push(...hints);
    await shop.send();
    expect(went(shop)).toEqual(sent);
  });

  it('equals go in the order in which they come', async () => {
    const shop = await begun([mailing('letter', 50), mailing('cart', undefined)]);
    await shop.send();
    expect(went(shop)).toHaveLength(1);
  });

  it('two passages that a cap holds until one moment go by their priority', async () => {
    const first = mailing('first', 50);
    const later = (id: string, priority: number) => mailing(id, priority, { expires: 'P3D' }, [wait('w', 'PT1H')]);
    const shop = await begun([first, later('letter', 20), later('cart', 80)]);
    await shop.send();
    expect(went(shop)).toEqual(['first']);
    const legs = shop.legs().slice(1);
    for (const leg of legs) await leg.run();
    for (const leg of legs) await leg.runOut();
    for (const leg of legs) {
      await leg.runOut();
      await shop.send();
    }
    await pass(shop, 10 * MINUTE, MINUTE);
    expect(went(shop)).toEqual(['first', 'cart']);
  });
});
