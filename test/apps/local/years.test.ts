import { expect, it } from 'vitest';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { event } from '#test/build/event.ts';
import { journey, tag } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T08:00:00.000Z';

it('waits for years where a journey says so, in one execution after the other', async () => {
  const options = { start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' };
  const runtime = openRuntime(options);
  await putPublished(runtime, settings(), [
    journey({ steps: [{ type: 'wait', id: 'long', until: '2030-01-01' }, tag('done')] }),
  ]);
  await runtime.bus.put([entryOf(event('cart.updated', { at: START }))]);
  const passage = () =>
    JSON.parse(String(runtime.db.prepare(`SELECT body FROM rows WHERE sk LIKE 'J#%'`).get()?.['body']));
  await runtime.drive('2029-12-31T00:00:00.000Z');
  expect(passage()).toMatchObject({ state: 'inside', leg: 5 });
  await runtime.drive('2030-01-02T00:00:00.000Z');
  expect(passage()).toMatchObject({ state: 'finished', ended: '2029-12-31T23:00:00.000Z' });
  runtime.close();
});
