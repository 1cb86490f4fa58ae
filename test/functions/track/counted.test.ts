import { describe, expect, it } from 'vitest';
import { erase } from '#functions/privacy/erase.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, waitFor } from '#test/build/journey.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('hello'), waitFor('read', { message: 'hello', is: 'clicked' })] });

/** A mail has gone, and SES speaks of it. */
async function sent() {
  const shop = await HandShop.open([offer]);
  await shop.enrol(event('cart.updated', { consents: YES }));
  await shop.leg().run();
  await shop.send();
  const { contact, id } = await shop.message('hello');
  const says = (eventType: string, more: object = {}) =>
    shop.track({
      eventType,
      mail: {
        timestamp: shop.clock.now(),
        messageId: 'ses-1',
        destination: ['ann@shop.example'],
        tags: { contact: [contact], message: [id] },
      },
      ...more,
    });
  return { shop, contact, says };
}

const mailEvent = (kind: string) => ['MailEvent', 1, { kind }];

describe('of what SES says of a mail is counted', () => {
  it.each(['Send', 'Delivery', 'Open', 'Click', 'Reject', 'Rendering Failure', 'DeliveryDelay'])(
    'which kind of word it is: %s',
    async (kind) => {
      const { shop, says } = await sent();
      await says(kind);
      expect(shop.metrics.counted).toEqual([mailEvent(kind)]);
    },
  );

  it.each<[string, string, object, string]>([
    ['a bounce for good', 'Bounce', { bounce: { bounceType: 'Permanent' } }, 'bounced'],
    [
      'that the provider has it on its own list',
      'Bounce',
      { bounce: { bounceType: 'Transient', bounceSubType: 'Suppressed' } },
      'provider-list',
    ],
    [
      'that the account has it on its list',
      'Bounce',
      { bounce: { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' } },
      'provider-list',
    ],
    ['a complaint', 'Complaint', {}, 'complained'],
  ])('that an address gets no more mail, and why: %s', async (_, kind, more, reason) => {
    const { shop, says } = await sent();
    await says(kind, more);
    expect(shop.metrics.counted).toEqual([mailEvent(kind), ['Suppressed', 1, { reason }]]);
  });

  it.each([
    ['Open', 'opened', 'open'],
    ['Click', 'clicked', 'click'],
  ])('that a program did it: %s', async (kind, fact, member) => {
    const { shop, says } = await sent();
    const userAgent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
    await says(kind, { [member]: { userAgent } });
    expect(shop.metrics.counted).toEqual([mailEvent(kind), ['MachineEngagement', 1, { fact }]]);
  });

  it('that it was of a mail to somebody who was erased', async () => {
    const { shop, contact, says } = await sent();
    await erase(contact, { ...shop.deps, hint: async () => {} });
    await says('Open');
    expect(shop.metrics.counted).toEqual([mailEvent('Open'), ['MailEventOfNobody', 1]]);
  });

  it('which word it was of a mail to one of the shop’s own', async () => {
    const shop = await HandShop.open([]);
    const mail = { destination: ['ann@shop.example'], tags: { report: ['r'] } };
    await shop.track({ eventType: 'Bounce', mail });
    expect(shop.metrics.counted).toEqual([['AuthorMailEvent', 1, { kind: 'Bounce' }]]);
  });
});
