import { describe, expect, it } from 'vitest';
import { call } from '#functions/call/call.ts';
import type { Reply } from '#shared/ports.ts';
import { loadCall } from '#shared/store/calls.ts';
import { callKey } from '#shared/store/keys.ts';
import { verifyStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag } from '#test/build/journey.ts';
import { ENDPOINT_SECRET } from '#test/build/ports.ts';
import { settings } from '#test/build/settings.ts';
import { type Fault, FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;
const shopSettings = settings({ endpoints: { crm: { https: 'https://crm.example/hook', secret: 'crm' } } });
const step = (more: object = {}) => ({
  type: 'call',
  id: 'tell',
  endpoint: 'crm',
  body: { cart: { trigger: 'cartId' } },
  ...more,
});
const asking = (more: object = {}) => step({ answer: true, otherwise: [tag('failed')], ...more });
const marked = { type: 'update', id: 'mark', set: { tier: { step: 'tell.tier' } } };

/** Ann has come to the call, and nobody has made it yet. */
async function called(...steps: object[]) {
  const shop = await HandShop.open([journey({ steps: [...steps, tag('done')] })], shopSettings);
  await shop.enrol(
    event('cart.updated', { identities: { email: 'ann@shop.example', externalId: '4711' }, data: { cartId: 'c9' } }),
  );
  const leg = shop.leg();
  const came = await leg.run();
  const reply = (given: Reply) => {
    shop.web.answer = () => given;
  };
  const later = async (minutes: number) => {
    shop.clock.pass(minutes * MINUTE);
    await shop.review();
    await shop.call();
  };
  const known = async () => {
    const { contact } = await shop.contact();
    const [row] = await shop.table.query({ pk: callKey(contact, '').pk, prefix: callKey('', '').sk });
    const found = row && (await loadCall(shop.table, contact, String(row['id'])));
    if (!found) throw new Error('there is no call');
    return found;
  };
  return { shop, leg, came, reply, later, known };
}

const OK = (body: object = {}): Reply => ({ status: 200, body: JSON.stringify(body) });
const NO = (status: number): Reply => ({ status, body: '' });

describe('a call that nobody waits for', () => {
  it('lets the passage go on at once, and tells the endpoint what the step says, signed', async () => {
    const { shop, came } = await called(step());
    expect(came).toBe('finished');
    await shop.call();
    const [posted] = shop.web.posted;
    const { contact } = await shop.contact();
    expect(posted).toMatchObject({ url: 'https://crm.example/hook', reads: false });
    expect(JSON.parse(posted?.body ?? '')).toEqual({
      type: 'journey.call',
      timestamp: shop.clock.now(),
      journey: 'cart',
      step: 'tell',
      contact: { id: contact, externalId: '4711' },
      data: { cart: 'c9' },
    });
    expect(
      verifyStandardWebhook(
        posted?.headers ?? {},
        Buffer.from(posted?.body ?? ''),
        [ENDPOINT_SECRET],
        shop.clock.now(),
      ),
    ).toBe('valid');
  });

  it('is made once, however often it is hinted at', async () => {
    const { shop, leg } = await called(step());
    await leg.advance();
    const hints = shop.calls.take();
    for (const hint of [...hints, ...hints]) {
      shop.calls.bodies.push(hint);
      await shop.call();
    }
    expect(shop.web.posted).toHaveLength(1);
  });

  it('is found by review when its hint is lost', async () => {
    const { shop, later } = await called(step());
    shop.calls.take();
    await later(6);
    expect(shop.web.posted).toHaveLength(1);
  });
});

describe('a call whose answer is wanted', () => {
  it('holds the passage until it is there, and leaves its plain fields to later steps', async () => {
    const { shop, leg, reply, came } = await called(asking(), marked);
    expect(came).toBe('parked');
    reply(OK({ tier: 'gold', tags: ['a'], deep: { x: 1 }, at: 'never', none: null }));
    await shop.call();
    await leg.run();
    const { left } = await shop.passage();
    expect(left['tell']).toEqual({ at: expect.stringMatching(/^2026/), ok: true, tier: 'gold', tags: ['a'] });
    expect(await shop.contact()).toMatchObject({ traits: { tier: 'gold' }, tags: ['done'] });
  });

  it('goes the other way at once when it is refused for good', async () => {
    const { shop, leg, reply, known } = await called(asking());
    reply(NO(410));
    await shop.call();
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['done', 'failed']);
    expect((await shop.passage()).left['tell']).toMatchObject({ ok: false });
    expect(await known()).toMatchObject({ state: 'done', reason: '410', attempts: 1 });
  });

  it('is tried again after a failure, under the same id and with the same body', async () => {
    const { shop, leg, reply, later } = await called(asking(), marked);
    reply(NO(500));
    await shop.call();
    reply(OK({ tier: 'gold' }));
    await later(0.5);
    expect(shop.web.posted).toHaveLength(1);
    await later(0.6);
    expect(new Set(shop.web.posted.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1);
    expect(shop.web.posted).toHaveLength(2);
    await leg.run();
    expect((await shop.contact()).traits).toMatchObject({ tier: 'gold' });
  });

  it('is given up after an hour of failures with growing pauses', async () => {
    const { shop, leg, reply, later, known } = await called(asking());
    reply({ failed: 'timed-out' });
    await shop.call();
    for (let minute = 0; minute < 70; minute += 1) await later(1);
    expect(shop.web.posted).toHaveLength(8);
    expect(await known()).toMatchObject({ state: 'done', ok: false, reason: 'timed-out' });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toContain('failed');
  });

  it('waits as long as the endpoint asks, within the hour', async () => {
    const { shop, reply, later } = await called(asking());
    reply({ status: 429, body: '', retryAfter: 20 * 60 });
    await shop.call();
    await later(19);
    expect(shop.web.posted).toHaveLength(1);
    await later(2);
    expect(shop.web.posted).toHaveLength(2);
  });

  it('is not made any more once the passage has gone on without it', async () => {
    const { shop, leg, later, known } = await called(asking());
    shop.calls.take();
    await leg.runOut();
    expect((await shop.contact()).tags).toContain('failed');
    await later(5);
    expect(shop.web.posted).toHaveLength(0);
    expect(await known()).toMatchObject({ state: 'done', reason: 'too-late' });
  });

  it('waits for a secret that is not there yet', async () => {
    const { shop, leg, reply } = await called(asking());
    reply(OK());
    await shop.call({ secrets: { get: () => Promise.reject(new Error('no such secret')) } });
    expect(shop.web.posted).toHaveLength(0);
    shop.clock.pass(2 * MINUTE);
    await shop.review();
    await shop.call();
    expect(shop.web.posted).toHaveLength(1);
    expect(leg.isPaused).toBe(false);
  });
});

describe('a call that is cut off', () => {
  /** One hint, worked off by a process with that fault at that write; then all that follows by itself. */
  async function cutOff(at: number, fault: Fault) {
    const story = await called(asking(), marked);
    const { shop, reply, later } = story;
    reply(OK({ tier: 'gold' }));
    const dying = new FaultyTable(shop.table, ({ write }) => (write === at ? fault : undefined));
    const hints = shop.calls.take();
    shop.calls.bodies.push(...hints);
    await expect(shop.call({ table: dying })).rejects.toThrow();
    shop.calls.bodies.push(...hints);
    await shop.call();
    for (let minute = 0; minute < 4; minute += 1) await later(1);
    expect(story.leg.isPaused).toBe(false);
    await story.leg.run();
    expect(await shop.contact()).toMatchObject({ traits: { tier: 'gold' }, tags: ['done'] });
    const { heard } = await shop.passage();
    expect(heard['tell/answer']?.n).toBe(1);
    return new Set(shop.web.posted.map(({ headers }) => headers['webhook-id'])).size;
  }

  it.each([
    ['before it is taken', 1, 'crash-before'],
    ['after it is taken', 1, 'crash-after'],
    ['after the answer, before it is noted', 2, 'crash-before'],
    ['after the answer is noted, before the passage is woken', 2, 'crash-after'],
    ['when nobody says that the answer was noted', 2, 'lost'],
  ] as const)('%s, is heard once and is one call to the endpoint', async (_, at, fault) => {
    expect(await cutOff(at, fault)).toBe(1);
  });

  it('is not made again because others write to the passage at that moment', async () => {
    const { shop, leg, reply } = await called(asking(), marked);
    reply(OK({ tier: 'gold' }));
    const busy = new FaultyTable(shop.table, ({ write }) => (write === 2 ? 'conflict' : undefined));
    await shop.call({ table: busy });
    expect(shop.web.posted).toHaveLength(1);
    expect(leg.isPaused).toBe(false);
  });

  it('by two who have the same hint is made by one of them', async () => {
    const { shop, reply } = await called(asking());
    reply(OK());
    const [hint] = shop.calls.take();
    await Promise.all([call(hint, shop.deps), call(hint, shop.deps)]);
    expect(shop.web.posted).toHaveLength(1);
  });
});
