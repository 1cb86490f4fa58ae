import { describe, expect, it } from 'vitest';
import { MailDeferred } from '#shared/errors.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { loadCounted } from '#shared/store/caps.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const mailing = (id: string, more: object = {}) => journey({ id, steps: [send('hello', more)] });
const oneADay = { caps: [{ count: 1, per: 'P1D' }] };
const quiet = { quiet: [{ from: '21:00', to: '09:00' }] };

/** All journeys begin with one event; their mails lie in the outbox. */
async function queued(journeys: ReturnType<typeof mailing>[], given: Partial<Settings>) {
  const shop = await HandShop.open(journeys, settings(given));
  await shop.enrol(event('cart.updated', { consents: YES }));
  for (const leg of shop.legs()) await leg.run();
  return shop;
}

/** Lets time pass, with review and send in each step. */
async function pass(shop: HandShop, time: number, step = 5 * MINUTE): Promise<void> {
  for (let left = time; left > 0; left -= step) {
    shop.clock.pass(Math.min(step, left));
    await shop.review();
    await shop.send();
  }
}

const counted = async (shop: HandShop) => (await loadCounted(shop.table, (await shop.contact()).contact)).sent;

describe('a cap', () => {
  it('lets one of two mails go that were put out at once, and the other when it may, in its time', async () => {
    const shop = await queued([mailing('a', { expires: 'P3D' }), mailing('b', { expires: 'P3D' })], oneADay);
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    await pass(shop, DAY - 10 * MINUTE);
    expect(shop.mailer.mails).toHaveLength(1);
    await pass(shop, 20 * MINUTE);
    expect(shop.mailer.mails.map(({ tags }) => tags['journey']).sort()).toEqual(['a', 'b']);
  });

  it('withholds what may not go in its time, and says that a cap did', async () => {
    const shop = await queued([mailing('a'), mailing('b', { expires: 'PT12H' })], oneADay);
    await shop.send();
    await pass(shop, DAY);
    expect(shop.mailer.mails).toHaveLength(1);
    const held = (await shop.messages()).filter(({ facts }) => facts.withheld !== undefined);
    expect(held).toMatchObject([{ reason: 'cap' }]);
  });

  it('holds when both are claimed at the same time', async () => {
    const shop = await queued([mailing('a'), mailing('b')], oneADay);
    const hints = [...shop.outbox.marketing.take()];
    await Promise.all(
      hints.map(async (hint) => {
        shop.outbox.marketing.bodies.push(hint);
        await shop.send();
      }),
    );
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await counted(shop)).toHaveLength(1);
  });

  it('does not count what the provider did not take', async () => {
    const shop = await queued([mailing('a')], oneADay);
    shop.mailer.before = () => {
      throw new MailDeferred('Throttling', 'later');
    };
    await shop.send();
    expect(await counted(shop)).toEqual([]);
    shop.mailer.before = () => {};
    await pass(shop, 10 * MINUTE);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await counted(shop)).toHaveLength(1);
  });

  it('of none writes nothing of what was sent', async () => {
    const shop = await queued([mailing('a')], {});
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await counted(shop)).toEqual([]);
  });

  it('does not hold an order mail back, and does not count it', async () => {
    const orders = journey({ id: 'o', topic: 'orders', steps: [send('hello'), send('again', { topic: 'orders' })] });
    const shop = await queued([orders], oneADay);
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(2);
    expect(await counted(shop)).toEqual([]);
  });
});

describe('quiet time', () => {
  it('that begins while a mail waits for its slot holds it until it ends', async () => {
    const evening = journey({ id: 'e', steps: [wait('w', 'PT10H59M'), send('hello')] });
    const shop = await HandShop.open([evening], settings(quiet));
    await shop.enrol(event('cart.updated', { consents: YES }));
    const leg = shop.leg();
    await leg.run();
    await leg.runOut();
    expect(shop.outbox.marketing.bodies).toHaveLength(1);
    shop.clock.pass(2 * MINUTE);
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    await pass(shop, 12 * HOUR + 10 * MINUTE);
    expect(shop.mailer.mails).toHaveLength(1);
  });
});
