import { describe, expect, it } from 'vitest';
import { openRuntime } from '#apps/local/runtime.ts';
import { QUEUES } from '#functions/wiring.ts';
import { SOURCE } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, tag } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { Mortals } from '#test/faults/mortal.ts';

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;

async function open(wrap = new Mortals()) {
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 100,
    publicUrl: 'https://shop.example',
    wrap,
  });
  await putPublished(runtime, settings(), [journey({ steps: [tag('entered')] })]);
  const put = (detail: object) => runtime.bus.put([{ source: SOURCE, detailType: 'cart.updated', detail }]);
  const tags = () =>
    runtime.db
      .prepare(`SELECT body FROM rows WHERE sk = 'PROFILE'`)
      .all()
      .map(({ body }) => JSON.parse(String(body)).tags);
  return { runtime, put, tags };
}

describe('an event that cannot be processed', () => {
  it('lands in the dead-letter queue at once, with its reason, and holds no other up', async () => {
    const { runtime, put, tags } = await open();
    await put({ ...event('cart.updated'), type: 'No Type' });
    await put(event('cart.updated'));
    await runtime.drive(plusMillis(START, HOUR));
    expect(runtime.queues.deadLetters('enrol')).toMatchObject([
      {
        reason: expect.stringMatching(/^bad-event: type: /),
        receives: 1,
        body: { detail: { type: 'No Type' } },
      },
    ]);
    expect(tags()).toEqual([['entered']]);
  });

  it('can be replayed once its cause is gone, and counts once', async () => {
    let broken = true;
    const mortals = new Mortals(() => (broken ? 'before' : undefined));
    const { runtime, put, tags } = await open(mortals);
    await put(event('cart.updated', { id: 'cart', at: START }));
    await runtime.drive(plusMillis(START, HOUR));
    expect(runtime.queues.deadLetters('enrol')).toEqual([]);
    await runtime.drive(plusMillis(START, 2 * HOUR));
    expect(mortals.deaths).toBe(QUEUES.enrol.receives);
    expect(runtime.queues.deadLetters('enrol')).toMatchObject([{ reason: 'Crash: enrol died' }]);
    expect(tags()).toEqual([]);
    broken = false;
    expect(runtime.queues.redrive('enrol', ({ reason }) => reason.startsWith('Crash'))).toBe(1);
    await put(event('cart.updated', { id: 'cart', at: START }));
    await runtime.drive(plusMillis(START, 3 * HOUR));
    expect(tags()).toEqual([['entered']]);
    expect(runtime.queues.deadLetters('enrol')).toEqual([]);
  });

  it('can be replayed by its reason, and comes back with it when nothing has changed', async () => {
    const { runtime, put } = await open();
    await put({ ...event('cart.updated'), type: 'No Type' });
    await put({ ...event('cart.updated'), at: 'noon' });
    await runtime.drive(plusMillis(START, HOUR));
    const reasons = () => runtime.queues.deadLetters('enrol').map(({ reason }) => reason.split(':')[1]);
    expect(reasons()).toEqual([' type', ' at']);
    expect(runtime.queues.redrive('enrol', ({ reason }) => reason.includes(' at:'))).toBe(1);
    expect(reasons()).toEqual([' type']);
    await runtime.drive(plusMillis(START, 2 * HOUR));
    expect(reasons()).toEqual([' type', ' at']);
  });
});
