import { expect, it } from 'vitest';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import type { FunctionName } from '#functions/wiring.ts';
import { SOURCE } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { Crash } from '#test/faults/table.ts';

/** Advance or pause fails for a while, for customers who have an order mail and a pause before them. */

const START = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const order = journey({ topic: 'orders', steps: [send('receipt'), wait('rest', 'PT6H'), tag('end')] });

async function failing(name: FunctionName, hours: number): Promise<{ failed: number; runtime: Runtime }> {
  let broken = true;
  const runtime = openRuntime({
    ...{ start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' },
    wrap: {
      ports: (ports) => ports,
      call: (called, work) => (broken && called === name ? Promise.reject(new Crash(`${name} fails`)) : work()),
      scheduled: (_, work) => work(),
    },
  });
  await putPublished(runtime, settings(), [order]);
  const cart = event('cart.updated', { id: 'cart', at: START });
  await runtime.bus.put([{ source: SOURCE, detailType: cart.type, detail: cart }]);
  await runtime.drive(plusMillis(START, hours * HOUR));
  broken = false;
  const failed = Number(runtime.db.prepare("SELECT count(*) AS n FROM executions WHERE phase = 'closed'").get()?.['n']);
  await runtime.drive(plusMillis(START, 40 * HOUR));
  return { failed, runtime };
}

/** Of the one customer: mails, tags and how many executions it took. */
function came({ db }: Runtime) {
  const [profile] = db.prepare("SELECT body FROM rows WHERE sk = 'PROFILE'").all();
  return {
    mails: db
      .prepare('SELECT step FROM mails')
      .all()
      .map(({ step }) => step),
    tags: JSON.parse(String(profile?.['body'])).tags,
    legs: Number(db.prepare('SELECT count(*) AS n FROM executions').get()?.['n']),
  };
}

it.each(['advance', 'pause'] as const)('%s that is mended within the hour breaks no journey off', async (name) => {
  const { failed, runtime } = await failing(name, 0.7);
  expect(failed).toBe(0);
  expect(came(runtime)).toEqual({ mails: ['receipt'], tags: ['end'], legs: 1 });
  runtime.close();
});

it.each(['advance', 'pause'] as const)(
  'after three hours of a broken %s all go on in new executions, and get nothing twice',
  async (name) => {
    const { failed, runtime } = await failing(name, 3);
    expect(failed).toBeGreaterThan(0);
    const { legs, ...rest } = came(runtime);
    expect(legs).toBeGreaterThan(1);
    expect(rest).toEqual({ mails: ['receipt'], tags: ['end'] });
    runtime.close();
  },
);
