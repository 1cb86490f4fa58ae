import { expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const TOPICS = settings({ topics: { orders: { kind: 'transactional' } } });

/** A mail that has gone, and of which SES says that it bounced. */
async function mailed() {
  const shop = await HandShop.open([journey({ topic: 'orders', steps: [send('hello')] })], TOPICS);
  await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { email: 'ann@gmail.com' } }));
  await shop.leg().run();
  await shop.send();
  const { id, contact } = await shop.message('hello');
  const start = shop.clock.now();
  const bounces = (bounceType: string, bounceSubType: string, minute = 1) =>
    shop.track({
      eventType: 'Bounce',
      mail: {
        timestamp: start,
        messageId: 'ses-1',
        destination: ['ann@gmail.com'],
        tags: { contact: [contact], message: [id] },
      },
      bounce: { timestamp: plusMillis(start, minute * 60_000), bounceType, bounceSubType },
    });
  return { shop, start, bounces };
}

it('a mail says which provider it went to', async () => {
  const { shop } = await mailed();
  expect(await shop.message('hello')).toMatchObject({ to: 'gmail.com', facts: { sent: expect.any(String) } });
});

it.each([
  ['Permanent', 'General', true],
  ['Permanent', 'NoEmail', true],
  ['Permanent', 'Suppressed', true],
  ['Permanent', 'OnAccountSuppressionList', false],
  ['Transient', 'MailboxFull', false],
  ['Undetermined', 'Undetermined', false],
])('a bounce %s/%s counts with SES: %s', async (type, subtype, counts) => {
  const { shop, bounces } = await mailed();
  await bounces(type, subtype);
  expect((await shop.message('hello')).hardBounced !== undefined).toBe(counts);
});

it('a mail that bounced softly and then for good counts, whichever is told first', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { shop, start, bounces } = await mailed();
    const both = [() => bounces('Transient', 'General', 1), () => bounces('Permanent', 'General', 2)];
    for (const i of order) await both[i]?.();
    await both[1]?.();
    expect((await shop.message('hello')).hardBounced).toBe(plusMillis(start, 120_000));
  }
});
