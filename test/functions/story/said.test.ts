import { describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';

const HOUR = 3_600_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

/** Ann is inside and waits. */
async function waiting(condition: object, more: { steps?: readonly object[]; then?: readonly object[] } = {}) {
  const then = more.then ?? [];
  const steps = [...(more.steps ?? []), waitFor('w', condition, { then, otherwise: [tag('late')] })];
  const shop = await HandShop.open([journey({ steps })]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const leg = shop.leg();
  await leg.run();
  await shop.send();
  const say = async (type: string, data: object = {}) => {
    shop.clock.pass(HOUR);
    await shop.enrol(event(type, { at: shop.clock.now(), data: data as never }));
  };
  const left = async () => {
    await leg.run();
    return (await shop.passage()).left['w'];
  };
  return { shop, leg, say, left };
}

describe('what a waitFor leaves', () => {
  it('is the data of the event that ended it', async () => {
    const { say, left } = await waiting({ event: 'purchase', where: { data: 'total', gt: 5 } });
    await say('purchase', { total: 1 });
    await say('purchase', { total: 40, items: [{ id: 'tea' }] });
    await say('purchase', { total: 90 });
    expect(await left()).toMatchObject({ happened: true, total: 40, items: [{ id: 'tea' }] });
  });

  it('is of an amount the one that made it full', async () => {
    const { say, left } = await waiting({ event: 'purchase', gte: 2 });
    await say('purchase', { total: 1 });
    await say('purchase', { total: 2 });
    expect(await left()).toMatchObject({ total: 2 });
  });

  it('is of several that must happen the last, of several that may the first', async () => {
    for (const [how, said] of Object.entries({ all: 'second', any: 'first' })) {
      const { say, left } = await waiting({ [how]: [{ event: 'a' }, { event: 'b' }] });
      await say('b', { said: 'first' });
      await say('a', { said: 'second' });
      expect(await left(), how).toMatchObject({ said });
    }
  });

  it('can be used by later steps, and never hides what the step says itself', async () => {
    const then = [{ type: 'update', id: 'u', set: { paid: { step: 'w.total' } } }];
    const { say, left, shop } = await waiting({ event: 'purchase' }, { then });
    await say('purchase', { total: 40, at: 'never', happened: 'no' });
    expect(await left()).toEqual({ happened: true, total: 40, at: expect.stringMatching(/^2026/) });
    expect((await shop.contact()).traits).toMatchObject({ paid: 40 });
  });

  it('has room for 4 KB: what is too large is left out, the rest is there', async () => {
    const { say, left } = await waiting({ event: 'purchase' });
    await say('purchase', { a: 1, huge: 'x'.repeat(5000), most: 'y'.repeat(4000), more: 'z'.repeat(200), b: 2 });
    expect(Object.keys((await left()) ?? {}).toSorted()).toEqual(['a', 'at', 'b', 'happened', 'most']);
  });
});

describe('a condition on a link', () => {
  const clicked = { message: 'm', is: 'clicked', link: 'checkout' };

  async function mailed() {
    const story = await waiting(clicked, { steps: [send('m')] });
    const { shop } = story;
    const click = async (link: string, name?: string) => {
      const tags = shop.mailer.mails[0]?.tags ?? {};
      const named = Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, [value]]));
      shop.clock.pass(HOUR);
      await shop.track({
        eventType: 'Click',
        mail: { timestamp: shop.clock.now(), messageId: 'ses-1', destination: ['ann@shop.example'], tags: named },
        click: { timestamp: shop.clock.now(), link, linkTags: name === undefined ? null : { link: [name] } },
      });
    };
    return { ...story, click };
  }

  it('is true after a click on the link of that name, and not before', async () => {
    const { leg, click, left, shop } = await mailed();
    await click('https://shop.example/?reader=77', 'logo');
    await leg.run();
    expect(leg.isPaused).toBe(true);
    await click('https://shop.example/pay', 'checkout');
    expect(leg.isPaused).toBe(false);
    expect(await left()).toMatchObject({ happened: true, channel: 'email', link: 'checkout' });
    expect((await shop.message('m')).links).toEqual(['logo', 'checkout']);
  });

  it('finds a link without a name by a part of its address, which tells nothing of the reader', async () => {
    const { click, left, shop } = await mailed();
    await click('https://shop.example/checkout?reader=77#pay');
    expect(await left()).toMatchObject({ link: 'https://shop.example/checkout' });
    expect(JSON.stringify(await shop.message('m'))).not.toContain('reader');
  });

  it('remembers each link once, and no more than some', async () => {
    const { click, shop } = await mailed();
    await click('https://shop.example/', 'a');
    await click('https://shop.example/', 'a');
    for (let n = 0; n < 25; n += 1) await click(`https://shop.example/${n}`);
    expect((await shop.message('m')).links).toHaveLength(20);
    expect((await shop.message('m')).facts.clicked).toBe(plusMillis('2026-03-02T09:00:00.000Z', HOUR));
  });
});
