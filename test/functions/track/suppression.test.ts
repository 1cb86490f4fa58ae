import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erase } from '#functions/privacy/erase.ts';
import { tooOftenAt, withBounce, withDelivery } from '#shared/sending/soft-bounces.ts';
import { profileKey, softKey } from '#shared/store/keys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { loadSuppression, suppress } from '#shared/store/suppressions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const ADDRESS = 'ann@shop.example';
const HASH = emailHash(ADDRESS);
const DAY = 86_400_000;
const TOPICS = settings({
  topics: {
    offers: { kind: 'marketing' },
    news: { kind: 'marketing' },
    orders: { kind: 'transactional' },
  },
});
const order = journey({
  id: 'order',
  topic: 'orders',
  entry: { key: 'n' },
  steps: [send('hello'), wait('later', 'P200D')],
});
const standing = (shop: HandShop) => loadSuppression(shop.table, 'email', HASH);

/** Orders, each with a mail that has gone. */
async function mailed(orders: number) {
  const shop = await HandShop.open([order], TOPICS);
  for (let n = 0; n < orders; n += 1) {
    await shop.enrol(event('cart.updated', { id: `o${n}`, at: shop.clock.now(), data: { n: String(n) } }));
    await shop.leg().run();
    await shop.send();
  }
  const sent = (await shop.messages()).map(({ id, contact }) => ({ id, contact }));
  const start = shop.clock.now();
  const says = (n: number, eventType: string, days: number, more: object = {}) => {
    const timestamp = plusMillis(start, days * DAY);
    return {
      eventType,
      mail: {
        timestamp: start,
        messageId: `ses-${n}`,
        destination: [ADDRESS],
        tags: { contact: [sent[n]?.contact], message: [sent[n]?.id] },
      },
      bounce: { timestamp, bounceType: 'Transient', bounceSubType: 'MailboxFull' },
      delivery: { timestamp },
      ...more,
    };
  };
  return { shop, says };
}

describe('an address whose mailbox takes no mail', () => {
  it('is suppressed by the fifth mail in a row, when that goes on for a week', async () => {
    const { shop, says } = await mailed(5);
    for (const n of [0, 1, 2, 3]) await shop.track(says(n, 'Bounce', n * 2));
    expect(await standing(shop)).toBeUndefined();
    await shop.track(says(4, 'Bounce', 8));
    expect(await standing(shop)).toMatchObject({ reason: 'soft-bounces', by: 'ses' });
    expect(shop.metrics.counts['Suppressed']).toBe(1);
  });

  it('is not, when all five were within a weekend', async () => {
    const { shop, says } = await mailed(5);
    for (const n of [0, 1, 2, 3, 4]) await shop.track(says(n, 'Bounce', n / 3));
    expect(await standing(shop)).toBeUndefined();
  });

  it('is not, however often SES tells of the same mail', async () => {
    const { shop, says } = await mailed(1);
    for (const days of [0, 3, 6, 9, 12, 15]) await shop.track(says(0, 'Bounce', days));
    expect(await standing(shop)).toBeUndefined();
  });

  it('is written to again when a mail is told late to have arrived between them, unless they complained', async () => {
    const { shop, says } = await mailed(6);
    for (const n of [0, 1, 2, 3, 4]) await shop.track(says(n, 'Bounce', n * 2));
    expect(await standing(shop)).toMatchObject({ reason: 'soft-bounces' });
    await shop.track(says(5, 'Delivery', 5));
    expect(await standing(shop)).toBeUndefined();
    const other = await mailed(6);
    for (const n of [0, 1, 2, 3, 4]) await other.shop.track(other.says(n, 'Bounce', n * 2));
    await other.shop.track(other.says(0, 'Complaint', 9, { complaint: {} }));
    await other.shop.track(other.says(5, 'Delivery', 5));
    expect(await standing(other.shop)).toMatchObject({ complained: expect.any(String) });
  });

  it('is not, where a mail between them was told to have arrived before anybody knew of a bounce', async () => {
    const { shop, says } = await mailed(6);
    await shop.track(says(5, 'Delivery', 5));
    for (const n of [0, 1, 2, 3, 4]) await shop.track(says(n, 'Bounce', n * 2));
    expect(await standing(shop)).toBeUndefined();
  });

  it('is given up as well where nothing is known of their contact any more', async () => {
    const { shop, says } = await mailed(1);
    const complaint = says(0, 'Complaint', 0, { complaint: {} });
    await shop.table.write({ kind: 'delete', key: profileKey((await shop.contact()).contact) });
    await shop.track(complaint);
    expect(await standing(shop)).toMatchObject({ reason: 'complained' });
    expect(shop.bus.entries.filter(({ detailType }) => detailType === 'message.complained')).toEqual([]);
  });

  it('ends alike in whatever order the words arrive, with a delivery between them or not', async () => {
    const words = [0, 1, 2, 3, 4].map((n) => ({ n, kind: 'Bounce', days: n * 3 }));
    for (const between of [undefined, { n: 5, kind: 'Delivery', days: 4 }]) {
      const all = [...words, ...(between ? [between] : [])];
      const twice = [...all, ...all];
      const orders = fc.shuffledSubarray(twice, { minLength: twice.length, maxLength: twice.length });
      await fc.assert(
        fc.asyncProperty(orders, async (told) => {
          const { shop, says } = await mailed(6);
          for (const { n, kind, days } of told) await shop.track(says(n, kind, days));
          expect((await standing(shop))?.reason).toBe(between ? undefined : 'soft-bounces');
        }),
        { numRuns: 8, seed: 5 },
      );
    }
  });

  it('keeps twenty bounces at most', async () => {
    const at = (n: number) => plusMillis('2026-03-01T00:00:00.000Z', n * 60_000);
    const many = Array.from({ length: 60 }, (_, n) => n).reduce<ReturnType<typeof withBounce> | undefined>(
      (known, n) => withBounce(known, `m${n}`, at(n)),
      undefined,
    );
    expect(many?.bounces).toHaveLength(20);
    expect(many && tooOftenAt(many)).toBeUndefined();
    expect(many && withDelivery(many, 'm70', at(70)).bounces).toEqual([]);
  });

  it('costs one read for a mail that arrives, and no row', async () => {
    const { shop, says } = await mailed(1);
    await shop.track(says(0, 'Delivery', 0));
    expect(await shop.table.get(softKey('email', HASH))).toBeUndefined();
  });
});

describe('the list of SES itself', () => {
  it.each(['OnAccountSuppressionList', 'Suppressed'])('is learnt of by a bounce of the subtype %s', async (subtype) => {
    const { shop, says } = await mailed(1);
    const bounce = { timestamp: shop.clock.now(), bounceType: 'Permanent', bounceSubType: subtype };
    await shop.track(says(0, 'Bounce', 0, { bounce }));
    expect(await standing(shop)).toMatchObject({ reason: 'provider-list' });
  });
});

describe('a complaint', () => {
  const marketing = (id: string, topic: string, more: object = {}) =>
    journey({ id, topic, steps: [send(`from-${id}`), wait('later', 'P30D')], ...more });

  it('ends every marketing journey that the contact is in as unsubscribed, and no other', async () => {
    const journeys = [
      marketing('cart', 'offers'),
      marketing('letter', 'news'),
      // Has said nothing yet.
      journey({ id: 'quiet', topic: 'offers', steps: [wait('first', 'P1D'), send('later')] }),
      // Writes nothing at all.
      journey({ id: 'silent', topic: 'news', steps: [wait('first', 'P1D')] }),
      order,
    ];
    const shop = await HandShop.open(journeys, TOPICS);
    const since = '2026-03-01T00:00:00.000Z';
    const consents = [consent('marketing', since), consent('offers', since), consent('news', since)];
    await shop.enrol(event('cart.updated', { consents, data: { n: '1' } }));
    for (const leg of shop.legs()) await leg.run();
    await shop.send();
    const { contact, id } = await shop.message('from-cart');
    const mail = {
      timestamp: shop.clock.now(),
      messageId: 'ses-1',
      destination: [ADDRESS],
      tags: { contact: [contact], message: [id] },
    };
    shop.clock.pass(1000);
    await shop.track({ eventType: 'Complaint', mail, complaint: { timestamp: shop.clock.now() } });
    for (const { detail } of shop.bus.entries) await shop.enrol(detail);
    for (const leg of shop.legs()) await leg.run();
    const ended = Object.fromEntries(
      (await shop.passages()).map(({ journey: name, state, outcome }) => [name, outcome ?? state]),
    );
    expect(ended).toEqual({
      cart: 'unsubscribed',
      letter: 'unsubscribed',
      quiet: 'unsubscribed',
      silent: 'unsubscribed',
      order: 'inside',
    });
    expect(await standing(shop)).toMatchObject({ reason: 'complained' });
  });

  it('is noted beside what came before it', async () => {
    const { shop, says } = await mailed(1);
    await shop.table.write(suppress('email', HASH, 'manual', shop.clock.now(), { by: 'olga', note: 'asked' }));
    await shop.track(says(0, 'Complaint', 0));
    expect(await standing(shop)).toMatchObject({ reason: 'manual', by: 'olga', complained: expect.any(String) });
  });
});

describe('a suppressed address', () => {
  it('stays so when its contact is erased, and when they come back', async () => {
    const { shop, says } = await mailed(1);
    await shop.track(says(0, 'Bounce', 0, { bounce: { bounceType: 'Permanent' } }));
    const { contact } = await shop.contact();
    await erase(contact, { table: shop.table, clock: shop.clock, hint: async () => {} });
    expect(await standing(shop)).toMatchObject({ reason: 'bounced' });
    shop.clock.pass(DAY);
    await shop.enrol(event('cart.updated', { id: 'back', at: shop.clock.now(), data: { n: 'back' } }));
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    expect((await shop.messages()).some(({ reason }) => reason === 'suppressed')).toBe(true);
  });

  it.each([
    ['Complaint', 'complained'],
    ['Bounce', 'bounced'],
  ])('becomes so by a %s that is told when its contact has been erased', async (eventType, reason) => {
    const { shop, says } = await mailed(1);
    const { contact } = await shop.contact();
    await erase(contact, { table: shop.table, clock: shop.clock, hint: async () => {} });
    const late = says(0, eventType, 1, { bounce: { bounceType: 'Permanent' } });
    await shop.track(late);
    expect(await standing(shop)).toMatchObject({ reason });
  });

  it('stays so when its contact becomes one with another', async () => {
    const { shop, says } = await mailed(1);
    await shop.track(says(0, 'Bounce', 0, { bounce: { bounceType: 'Permanent' } }));
    const both = { externalId: '7', email: ADDRESS };
    await shop.enrol(event('profile.updated', { id: 'a', at: shop.clock.now(), identities: { externalId: '7' } }));
    await shop.enrol(event('profile.updated', { id: 'b', at: shop.clock.now(), identities: both }));
    shop.clock.pass(1000);
    const again = { id: 'o9', at: shop.clock.now(), identities: both, data: { n: '9' } };
    await shop.enrol(event('cart.updated', again));
    await shop.leg().run();
    await shop.send();
    expect(await standing(shop)).toMatchObject({ reason: 'bounced' });
    expect(shop.mailer.mails).toHaveLength(1);
  });
});
