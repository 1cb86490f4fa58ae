import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erase } from '#functions/privacy/erase.ts';
import { track } from '#functions/track/track.ts';
import { identitiesOf } from '#shared/contact/identity.ts';
import { Unprocessable } from '#shared/errors.ts';
import type { Identities } from '#shared/event/event.ts';
import { enrolmentKey, messageKey, profileKey } from '#shared/store/keys.ts';
import { buryIdentity, emailHash } from '#shared/store/profiles.ts';
import { isSuppressed } from '#shared/store/suppressions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { FaultyTable } from '#test/faults/table.ts';

const receipt = journey({
  topic: 'orders',
  steps: [
    send('hello'),
    waitFor('read', { message: 'hello', is: 'clicked' }, { then: [tag('keen')], otherwise: [tag('cool')] }),
  ],
});

/** A passage whose mail has gone and who waits for a click. */
async function sent(identities: Identities = { email: 'ann@shop.example' }) {
  const shop = await HandShop.open([receipt]);
  await shop.enrol(event('cart.updated', { identities }));
  const leg = shop.leg();
  await leg.run();
  await shop.send();
  const { contact, id } = await shop.message('hello');
  const says = (eventType: string, more: object = {}) => ({
    eventType,
    mail: {
      timestamp: shop.clock.now(),
      messageId: 'ses-1',
      destination: shop.mailer.mails.map(({ to }) => to),
      tags: { contact: [contact], message: [id] },
    },
    ...more,
  });
  return { shop, leg, says };
}

const facts = async (shop: HandShop) => Object.keys((await shop.message('hello')).facts).sort();

it.each([
  ['a report to an author', { report: ['journeys_cart_json'] }, 'AuthorMailEvent'],
  ['a call to a colleague', { call: ['c1'], journey: ['cart'], step: ['tell'] }, 'CallMailEvent'],
  ['a test to oneself', { test: ['hello'] }, 'TestMailEvent'],
])('what SES says of %s is counted, and concerns no contact', async (_, tags, counter) => {
  const shop = await HandShop.open([]);
  for (const eventType of ['Send', 'Bounce', 'Complaint'])
    await shop.track({ eventType, mail: { destination: ['ann@shop.example'], tags } });
  expect(shop.metrics.counts).toEqual({ [counter]: 3 });
  expect(await isSuppressed(shop.table, 'email', emailHash('ann@shop.example'))).toBe(false);
});

describe('what SES says of a mail', () => {
  it('becomes its facts, with their own times', async () => {
    const { shop, says } = await sent();
    const timestamp = plusMillis(shop.clock.now(), 5000);
    await shop.track(says('Send'));
    await shop.track(says('Delivery', { delivery: { timestamp } }));
    await shop.track(says('Open', { open: { timestamp } }));
    expect((await shop.message('hello')).facts).toMatchObject({ delivered: timestamp, opened: timestamp });
    expect(await facts(shop)).toEqual(['delivered', 'opened', 'sent']);
  });

  it('ends in the same facts in any order, and however often it is said', async () => {
    const kinds = ['Send', 'Delivery', 'Open', 'Click', 'Complaint'];
    const orders = fc.shuffledSubarray([...kinds, ...kinds], { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { shop, says } = await sent();
        for (const kind of order) await shop.track(says(kind));
        expect(await facts(shop)).toEqual(['clicked', 'complained', 'delivered', 'opened', 'sent']);
      }),
      { numRuns: 15, seed: 3 },
    );
  });

  it('wakes the passage that waits for it, and no other', async () => {
    const { shop, leg, says } = await sent();
    await shop.track(says('Open'));
    expect(leg.isPaused).toBe(true);
    await shop.track(says('Click'));
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['keen']);
  });

  it('wakes it again when the first time was cut off before the hint', async () => {
    const { shop, leg, says } = await sent();
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(track({ detail: says('Click') }, { ...shop.deps, table })).rejects.toThrow();
    expect(leg.isPaused).toBe(true);
    await shop.track(says('Click'));
    expect(leg.isPaused).toBe(false);
  });

  it('is noted also when the passage is long gone', async () => {
    const { shop, says } = await sent();
    await shop.table.write({ kind: 'delete', key: enrolmentKey(await shop.passage()) });
    await shop.track(says('Click'));
    expect(await facts(shop)).toEqual(['clicked', 'sent']);
  });

  it('of a click names the link, else its address without what tells of the reader, of two hundred letters at most', async () => {
    const linkOf = async (click: object) => {
      const { shop, says } = await sent();
      await shop.track(says('Click', { click }));
      return (await shop.message('hello')).links;
    };
    const link = 'https://shop.example/tea?who=ann#top';
    expect(await linkOf({ link })).toEqual(['https://shop.example/tea']);
    expect(await linkOf({ link, linkTags: { link: ['tea'] } })).toEqual(['tea']);
    expect(await linkOf({ link: `https://shop.example/${'x'.repeat(300)}` })).toEqual([
      `https://shop.example/${'x'.repeat(179)}`,
    ]);
    expect(await linkOf({})).toBeUndefined();
  });

  it('of a bounce of which nothing more is said is one that nobody knows the end of', async () => {
    const { shop, says } = await sent();
    await shop.track(says('Bounce'));
    expect(await shop.message('hello')).toMatchObject({
      reason: 'Undetermined',
      facts: { bounced: expect.any(String) },
    });
    expect(await shop.message('hello')).not.toHaveProperty('hardBounced');
  });

  it('of a delay says nothing yet', async () => {
    const { shop, says } = await sent();
    await shop.track(says('DeliveryDelay'));
    expect(await facts(shop)).toEqual(['sent']);
  });

  it.each(['Transient', 'Undetermined'])(
    'of a bounce that is %s ends the wait for a click, as SES has given up, and the next mail may go',
    async (bounceType) => {
      const { shop, leg, says } = await sent();
      await shop.track(says('Bounce', { bounce: { bounceType } }));
      expect(await shop.message('hello')).toMatchObject({ facts: { bounced: expect.any(String) }, reason: bounceType });
      expect(leg.isPaused).toBe(false);
      await leg.run();
      expect((await shop.contact()).tags).toEqual(['cool']);
      expect(await isSuppressed(shop.table, 'email', emailHash('ann@shop.example'))).toBe(false);
    },
  );

  it('of an absence note, a soft bounce after the delivery, is no end', async () => {
    const { shop, leg, says } = await sent();
    await shop.track(says('Delivery'));
    await shop.track(says('Bounce', { bounce: { bounceType: 'Transient' } }));
    expect(await facts(shop)).toEqual(['delivered', 'sent']);
    expect(leg.isPaused).toBe(true);
  });

  it.each(['Reject', 'Rendering Failure'])('of a failure (%s) ends the wait for a click at once', async (kind) => {
    const { shop, leg, says } = await sent();
    await shop.track(says(kind));
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['cool']);
  });
});

describe('an address', () => {
  it('that bounces for good gets no more mail, and the wait for a click is over', async () => {
    const { shop, leg, says } = await sent();
    await shop.track(says('Bounce', { bounce: { bounceType: 'Permanent' } }));
    expect(await isSuppressed(shop.table, 'email', emailHash('ann@shop.example'))).toBe(true);
    expect(shop.bus.entries).toEqual([]);
    expect(leg.isPaused).toBe(false);
  });

  it.each(['Bounce', 'Complaint'])(
    'is the one that the mail went to, not the one that they have by now (%s)',
    async (kind) => {
      const { shop, says } = await sent({ externalId: '7', email: 'Old@shop.example' });
      shop.clock.pass(1000);
      const moved = { externalId: '7', email: 'new@shop.example' };
      await shop.enrol(event('profile.updated', { at: shop.clock.now(), identities: moved }));
      await shop.track(says(kind, { bounce: { bounceType: 'Permanent' } }));
      const suppressed = (address: string) => isSuppressed(shop.table, 'email', emailHash(address));
      expect([await suppressed('old@shop.example'), await suppressed('new@shop.example')]).toEqual([true, false]);
    },
  );

  it('that bounces is noted also when nothing is known of its contact any more', async () => {
    const { shop, says } = await sent();
    const { contact } = await shop.contact();
    const bounce = says('Bounce', { bounce: { bounceType: 'Permanent' } });
    await shop.table.write({ kind: 'delete', key: profileKey(contact) });
    await shop.track(bounce);
    expect(await isSuppressed(shop.table, 'email', emailHash('ann@shop.example'))).toBe(true);
  });

  it('that complains gets no more mail, and has withdrawn consent: one event, however often it is told', async () => {
    const { shop, says } = await sent();
    await shop.track(says('Complaint'));
    await shop.track(says('Complaint'));
    expect(await isSuppressed(shop.table, 'email', emailHash('ann@shop.example'))).toBe(true);
    const told = shop.bus.entries.map(({ detail }) => detail);
    for (const detail of told) await shop.enrol(detail);
    expect(new Set(told.map((detail) => Reflect.get(detail, 'id'))).size).toBe(1);
    expect((await shop.contact()).consents['email']?.['marketing']?.state).toBe('denied');
  });
});

describe('what SES says of a mail to somebody who was erased', () => {
  it('makes nobody known, and does not lie with their address among the dead letters', async () => {
    const { shop, says } = await sent();
    const { contact } = await shop.contact();
    await erase(contact, { ...shop.deps, hint: async () => {} });
    const rows = JSON.stringify(await shop.table.query({ pk: `C#${contact}` }));
    await shop.track(says('Open'));
    expect(JSON.stringify(await shop.table.query({ pk: `C#${contact}` }))).toBe(rows);
  });
});

it('drops it as well while the erasure is still under way', async () => {
  const { shop, says } = await sent();
  const { contact } = await shop.contact();
  const [email] = identitiesOf({ email: 'ann@shop.example' });
  if (!email) throw new Error('no address');
  await shop.table.write({ kind: 'delete', key: messageKey(contact, (await shop.message('hello')).id) });
  await expect(shop.track(says('Open'))).rejects.toBeInstanceOf(Unprocessable);
  await shop.table.write(buryIdentity(email, contact, shop.clock.now()));
  await shop.track(says('Open'));
});

describe('what is no event of SES about a mail of ours', () => {
  it.each<[reason: string, says: (own: object) => object]>([
    ['bad-ses-event', () => ({})],
    ['unknown-ses-event', (own) => ({ ...own, eventType: 'Subscription' })],
    ['unknown-ses-event', (own) => ({ ...own, eventType: 'constructor' })],
    ['unknown-ses-event', (own) => ({ ...own, eventType: '__proto__' })],
    [
      'unknown-message',
      (own) => {
        const mail = Reflect.get(own, 'mail');
        return { ...own, mail: { ...mail, tags: { ...mail.tags, message: ['m'] } } };
      },
    ],
  ])('is put aside as %s', async (reason, says) => {
    const { shop, says: own } = await sent();
    const failure = shop.track(says(own('Open')));
    await expect(failure).rejects.toBeInstanceOf(Unprocessable);
    await expect(failure).rejects.toMatchObject({ reason });
  });
});
