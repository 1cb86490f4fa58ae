import { describe, expect, it } from 'vitest';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import { changeFlow, loadFlow } from '#shared/store/flow.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('hello')] });
const receipt = journey({ topic: 'orders', steps: [send('hello')] });

/** One mail lies in the outbox. */
async function queued(definition = offer) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  await shop.leg().run();
  return shop;
}

const failing = async (error: Error, definition = offer) => {
  const shop = await queued(definition);
  shop.mailer.before = () => {
    throw error;
  };
  expect(await shop.send()).toEqual([]);
  return shop;
};

describe('of a mail is counted', () => {
  it('nothing when it goes', async () => {
    const shop = await queued();
    await shop.send();
    expect(shop.metrics.counted).toEqual([]);
  });

  it('that SES rejected it, and by which word; it has failed', async () => {
    const shop = await failing(new MailRejected('MessageRejected', 'no'));
    expect(shop.metrics.counted).toEqual([['MailRejected', 1, { code: 'MessageRejected' }]]);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'MessageRejected' });
  });

  it('that SES deferred it, and by which word; it is tried five minutes later', async () => {
    const shop = await failing(new MailDeferred('TooManyRequests', 'slow down'));
    expect(shop.metrics.counted).toEqual([['MailDeferred', 1, { code: 'TooManyRequests' }]]);
    expect(await shop.message('hello')).toMatchObject({ state: 'queued' });
    expect(await loadFlow(shop.table)).not.toHaveProperty('slow');
  });

  it.each<[NonNullable<MailDeferred['about']>, object]>([
    ['account', { stopped: { at: expect.any(String), reason: 'Code' } }],
    ['quota', { full: { at: expect.any(String) } }],
    ['rate', { slow: expect.any(Object) }],
  ])('that SES deferred it for what concerns all mail (%s), which is noted for all', async (about, noted) => {
    const shop = await failing(new MailDeferred('Code', 'no', { about }));
    expect(shop.metrics.counted).toEqual([['MailDeferred', 1, { code: 'Code' }]]);
    const flow = await loadFlow(shop.table);
    expect(flow).toMatchObject(noted);
    expect(['stopped', 'full', 'slow'].filter((name) => Object.hasOwn(flow, name))).toEqual(Object.keys(noted));
  });

  it.each([
    ['of an answer that was lost', new MailAmbiguous('the connection broke')],
    ['of a failure that nobody knows', new Error('socket hang up')],
  ])('that nobody knows whether it was taken, %s', async (_, error) => {
    const shop = await failing(error);
    expect(shop.metrics.counted).toEqual([['MailAmbiguous', 1]]);
    expect(await shop.message('hello')).toEqual(expect.objectContaining({ state: 'claimed', facts: {} }));
  });

  it('that it cannot be made, of which journey', async () => {
    const shop = await queued();
    const broken = { find: async () => ({ id: 'hello', version: 'v', html: '{{', text: '', subject: '{% nonsense' }) };
    await shop.send({ templates: broken as never });
    expect(shop.metrics.counted).toEqual([['RenderFailed', 1, { journey: 'cart' }]]);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'render' });
  });

  it.each([
    ['marketing', offer, 'MarketingPutOff'],
    ['an order', receipt, 'TransactionalPutOff'],
  ])('that there was no slot for it in time, apart for %s', async (_, definition, name) => {
    const shop = await queued(definition);
    const far = new Date(Date.parse(shop.clock.now()) + 60_000).toISOString();
    await shop.table.write(changeFlow({ set: [[['next'], far]] }));
    await shop.send();
    expect(shop.metrics.counted).toEqual([[name, 1]]);
    expect(shop.mailer.mails).toEqual([]);
    // Review hints at it within the minute.
    shop.clock.pass(60_000);
    await shop.review();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('that it waits because mail stands still, and for what', async () => {
    const shop = await queued();
    const pause = { lanes: 'marketing', at: shop.clock.now(), by: 'ann', reason: 'sale' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    await shop.send();
    expect(shop.metrics.counted).toEqual([['MailParked', 1, { halt: 'mail-paused' }]]);
    expect(shop.mailer.mails).toEqual([]);
  });
});
