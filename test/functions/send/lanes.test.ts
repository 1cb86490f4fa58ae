import { describe, expect, it } from 'vitest';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { WORKING } from '#functions/send/pace.ts';
import type { Event } from '#shared/event/event.ts';
import { SOURCE } from '#shared/event/put.ts';
import type { Mail } from '#shared/ports.ts';
import { flowKey } from '#shared/store/keys.ts';
import { plusMillis, toMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

/**
 * The two lanes at one rate, twenty Lambdas each, in virtual time: a mailing on its way, and orders that come meanwhile.
 * SES takes each mail at once.
 */
const START = '2026-03-02T09:00:00.000Z';
const at = (seconds: number) => plusMillis(START, seconds * 1000);

const JOURNEYS = [
  journey({ steps: [send('offer')] }),
  journey({
    id: 'order',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [send('receipt')],
  }),
];

type Sent = { readonly at: number; readonly mail: Mail };

async function open(rate: number) {
  const sent: Sent[] = [];
  const calls: number[] = [];
  const runtime: Runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: rate,
    publicUrl: 'https://shop.example',
    wrap: {
      ports: (ports) => ({
        ...ports,
        mailer: {
          send: async (mail) => {
            sent.push({ at: toMillis(runtime.clock.now()), mail });
            return ports.mailer.send(mail);
          },
        },
      }),
      call: async (name, work) => {
        const began = toMillis(runtime.clock.now());
        const result = await work();
        if (name === 'send') calls.push(toMillis(runtime.clock.now()) - began);
        return result;
      },
      scheduled: (_, work) => work(),
    },
  });
  await putPublished(runtime, settings(), JOURNEYS);
  const put = (one: Event) =>
    runtime.clock.at(one.at, () => void runtime.bus.put([{ source: SOURCE, detailType: one.type, detail: one }]));
  return {
    runtime,
    sent,
    calls,
    mailing(size: number): void {
      const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
      for (let i = 0; i < size; i += 1)
        put(
          event('cart.updated', { id: `cart-${i}`, at: START, identities: { email: `a${i}@shop.example` }, consents }),
        );
    },
    order(n: number, seconds: number): void {
      const identities = { email: `buyer${n}@shop.example` };
      put(event('purchase', { id: `order-${n}`, at: at(seconds), identities, data: { orderId: `${n}` } }));
    },
    /** Seconds from the nth order to its mail. */
    waited(n: number, seconds: number): number {
      const found = sent.find(({ mail }) => mail.to === `buyer${n}@shop.example`);
      return ((found?.at ?? Number.POSITIVE_INFINITY) - toMillis(at(seconds))) / 1000;
    },
    /** Seconds by which the rate row is ahead of the clock. */
    async ahead(): Promise<number> {
      const next = (await runtime.table.get(flowKey))?.['next'];
      return (toMillis(String(next)) - toMillis(runtime.clock.now())) / 1000;
    },
    dead: () => runtime.queues.deadLetters('marketing').length + runtime.queues.deadLetters('transactional').length,
  };
}

/** The most mails that went within any second. */
function mostInASecond(sent: readonly Sent[]): number {
  const times = sent.map((one) => one.at).sort((a, b) => a - b);
  return Math.max(...times.map((time, i) => times.slice(i).filter((later) => later < time + 1000).length));
}

describe('an order mail', () => {
  it.each([
    [10, 2.5],
    [3, 3],
    [1, 4],
  ])('at %d a second goes within %d seconds, whatever mailing is on its way', async (rate, most) => {
    const lanes = await open(rate);
    lanes.mailing(250);
    const moments = [5, 11.3, 17.7, 25.1];
    for (const [n, seconds] of moments.entries()) lanes.order(n, seconds);
    await lanes.runtime.drive(at(30));
    for (const [n, seconds] of moments.entries()) expect(lanes.waited(n, seconds)).toBeLessThanOrEqual(most);
    lanes.runtime.close();
  });

  it('and those of a rush leave a mailing no slot: it goes after them', async () => {
    const lanes = await open(10);
    lanes.mailing(100);
    for (let n = 0; n < 200; n += 1) lanes.order(n, 2 + n / 20);
    await lanes.runtime.drive(at(60));
    const steps = lanes.sent.map(({ mail }) => mail.tags['step']);
    expect(steps.filter((step) => step === 'receipt')).toHaveLength(200);
    expect(steps.lastIndexOf('receipt')).toBeLessThan(steps.lastIndexOf('offer'));
    expect(mostInASecond(lanes.sent)).toBeLessThanOrEqual(10);
    lanes.runtime.close();
  });
});

describe('a mailing that is more than the Lambdas can send in their time', () => {
  it.each([1, 2, 3])('at %d a second keeps to the rate, uses it, and loses nothing', async (rate) => {
    const lanes = await open(rate);
    lanes.mailing(300);
    await lanes.runtime.drive(at(90));
    expect(await lanes.ahead()).toBeLessThanOrEqual(WORKING / 1000 + 1);
    expect(lanes.sent.length).toBeGreaterThan(90 * rate * 0.7);
    await lanes.runtime.drive(at(600));
    expect(new Set(lanes.sent.map(({ mail }) => mail.to)).size).toBe(300);
    expect(lanes.sent).toHaveLength(300);
    expect(mostInASecond(lanes.sent)).toBeLessThanOrEqual(rate);
    expect(Math.max(...lanes.calls)).toBeLessThanOrEqual(WORKING + 1000);
    expect(lanes.dead()).toBe(0);
    lanes.runtime.close();
  });

  it('is put off without an end among the dead letters, orders too, and order mails go first', async () => {
    const lanes = await open(1);
    lanes.mailing(100);
    for (let n = 0; n < 200; n += 1) lanes.order(n, 1);
    await lanes.runtime.drive(at(600));
    expect(lanes.sent.filter(({ mail }) => mail.tags['step'] === 'receipt')).toHaveLength(200);
    expect(lanes.runtime.counters.get('TransactionalPutOff')).toBeGreaterThan(0);
    expect(lanes.dead()).toBe(0);
    lanes.runtime.close();
  });
});
