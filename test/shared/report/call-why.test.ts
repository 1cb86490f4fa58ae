import { describe, expect, it } from 'vitest';
import { callLine } from '#apps/cli/print-call.ts';
import type { Reply } from '#shared/ports.ts';
import { why } from '#shared/report/why.ts';
import { Published } from '#shared/store/published.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const MINUTE = 60_000;
const endpoints = { crm: { https: 'https://crm.example/hook', secret: 'crm' } };
const tell = { type: 'call', id: 'tell', endpoint: 'crm', body: { cart: { trigger: 'cartId' } } };
const asking = { ...tell, answer: true, otherwise: [tag('failed')] };

/** What `tropa why` says of Ann's call after these answers, given minute by minute. */
async function said(step: object, answers: readonly Reply[], data: Record<string, string> = { cartId: 'c9' }) {
  const shop = await HandShop.open([journey({ steps: [step, tag('done')] })], settings({ endpoints }));
  await shop.enrol(event('cart.updated', { data }));
  const leg = shop.leg();
  await leg.run();
  for (const answer of answers) {
    shop.web.answer = () => answer;
    await shop.review();
    await shop.call();
    shop.clock.pass(MINUTE + 1);
  }
  if (answers.length > 0 && !leg.isPaused) await leg.run();
  const { contact } = await shop.contact();
  const found = await why(contact, undefined, {
    table: shop.table,
    published: new Published(shop.table, shop.clock),
    now: shop.clock.now(),
  });
  const [call] = found?.journeys[0]?.passages[0]?.calls ?? [];
  if (!call) throw new Error('why names no call');
  return callLine(call, (instant) => instant.slice(11, 16));
}

const OK = (body: object = {}): Reply => ({ status: 200, body: JSON.stringify(body) });

describe('what why says of a call', () => {
  it.each([
    ['that nobody has made', asking, [], 'is made at once, and tried until 10:00'],
    ['that is taken', asking, [OK()], 'taken with 200 09:00'],
    ['that is taken at last', asking, [{ status: 503, body: '' }, OK()], 'taken with 200 09:01, after 2 attempts'],
    [
      'that has failed for now',
      asking,
      [{ failed: 'timed-out' } as const],
      '1 attempt, the last: no answer within 10 seconds; again 09:01, until 10:00',
    ],
    [
      'that is refused',
      asking,
      [{ status: 410, body: '' }],
      'failed 09:00 after 1 attempt, answered 410; the passage went on by "otherwise"',
    ],
    ['that nobody waited for', tell, [{ status: 410, body: '' }], 'failed 09:00 after 1 attempt, answered 410'],
    [
      'whose answer has more than is kept',
      asking,
      [OK({ tier: 'gold', deep: { a: 1 }, long: 'x'.repeat(5000) })],
      'taken with 200 09:00; not kept of the answer: deep, long',
    ],
  ])('%s', async (_, step, answers, words) => {
    expect(await said(step, answers)).toBe(`call of tell to crm with cart: ${words}`);
  });

  it('names what the call has kept of the answer and the passage had no room for', async () => {
    const full = Array.from({ length: 40 }, (_, i) => ({ ...asking, id: `c${i}`, answer: true, otherwise: [] }));
    const shop = await HandShop.open([journey({ steps: full })], settings({ endpoints }));
    await shop.enrol(event('cart.updated', { data: { cartId: 'c9' } }));
    shop.web.answer = () => OK({ long: 'x'.repeat(4000) });
    const leg = shop.leg();
    for (let i = 0; i < 40; i += 1) {
      await leg.run();
      await shop.call();
    }
    const { contact } = await shop.contact();
    const deps = { table: shop.table, published: new Published(shop.table, shop.clock), now: shop.clock.now() };
    const calls = (await why(contact, undefined, deps))?.journeys[0]?.passages[0]?.calls ?? [];
    expect(calls).toHaveLength(40);
    expect(calls.find(({ step }) => step === 'c5')?.unread).toEqual([]);
    expect(calls.find(({ step }) => step === 'c38')?.unread).toEqual(['long']);
  });

  it('names what the body had no room for', async () => {
    const step = {
      ...tell,
      body: { cart: { trigger: 'cartId' }, ...{ all: 'y'.repeat(65_500) }, more: 'z'.repeat(99) },
    };
    expect(await said(step, [])).toContain('; no room in the body for more');
  });
});
