import { expect, it } from 'vitest';
import { MailAmbiguous, MailRejected } from '#shared/errors.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const caps = [{ count: 0, per: 'P1D' as const }];
const shopSettings = settings({ endpoints: { care: { email: 'care@shop.example' } }, caps });
const tell = { type: 'call', id: 'tell', endpoint: 'care', body: { score: { trigger: 'score' } } };

/** Ann, who has consented to nothing, has come to the call. */
async function called(more: object = {}) {
  const shop = await HandShop.open([journey({ steps: [{ ...tell, ...more }, tag('done')] })], shopSettings);
  await shop.enrol(event('cart.updated', { data: { score: 3 } }));
  const leg = shop.leg();
  await leg.run();
  const later = async (minutes: number) => {
    shop.clock.pass(minutes * 60_000);
    await shop.review();
    await shop.call();
  };
  return { shop, leg, later };
}

it('a colleague is told once, whatever the contact has consented to and however full the caps are', async () => {
  const { shop } = await called();
  const hints = shop.calls.take();
  for (const hint of [...hints, ...hints]) {
    shop.calls.bodies.push(hint);
    await shop.call();
  }
  expect(shop.mailer.mails).toMatchObject([{ to: 'care@shop.example', text: expect.stringContaining('score: 3') }]);
  expect(shop.web.posted).toEqual([]);
});

it('a mail of which nobody knows whether it went is sent again under its id', async () => {
  const { shop, leg, later } = await called({ otherwise: [tag('failed')] });
  shop.mailer.after = () => Promise.reject(new MailAmbiguous('SES was silent'));
  await shop.call();
  shop.mailer.after = () => {};
  await later(1.1);
  expect(new Set(shop.mailer.mails.map(({ tags }) => tags['call'])).size).toBe(1);
  expect(shop.mailer.mails).toHaveLength(2);
  expect(leg.isPaused).toBe(false);
  await leg.run();
  expect((await shop.contact()).tags).toEqual(['done']);
});

it('a mail that is refused for good sends the passage the other way', async () => {
  const { shop, leg } = await called({ otherwise: [tag('failed')] });
  shop.mailer.before = () => Promise.reject(new MailRejected('MessageRejected', 'no'));
  await shop.call();
  await leg.run();
  expect((await shop.contact()).tags).toContain('failed');
  expect(shop.metrics.counts).toMatchObject({ CallFailed: 1 });
});

it('no mail goes out where mails are only decided about', async () => {
  const { shop } = await called();
  await shop.call({ dry: true });
  expect(shop.mailer.mails).toEqual([]);
});
