import { expect, it } from 'vitest';
import { openRuntime } from '#apps/local/runtime.ts';
import { SOURCE } from '#shared/event/put.ts';
import { changeFlow, loadFlow, lookAtFlow, resumeFlow } from '#shared/store/flow.ts';
import { loadReceptions, receivedSince } from '#shared/store/receptions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send } from '#test/build/journey.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

const START = '2026-03-02T09:00:00.000Z';
const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const offer = journey({ steps: [send('offer', { expires: 'P7D' })] });
const order = journey({
  id: 'order',
  topic: 'orders',
  trigger: { type: 'event', event: 'purchase' },
  entry: { key: 'orderId' },
  steps: [send('receipt')],
});

it('bounces from the inbox halt marketing, an order mail goes, and let go again none is lost', async () => {
  let isBad = true;
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 10,
    publicUrl: 'https://shop.example',
    engage: () => [{ after: 2000, kind: isBad ? 'Bounce' : 'Delivery' }],
  });
  await putPublished(runtime, settings(), [offer, order]);
  const says = async (type: string, id: string) => {
    const identities = { email: `${id}@shop.example` };
    const detail = event(type, { id, at: runtime.clock.now(), identities, consents: YES, data: { orderId: id } });
    await runtime.bus.put([{ source: SOURCE, detailType: type, detail }]);
  };
  const mails = (step: string) =>
    runtime.inbox.mails.page({}, 1000).entries.filter(({ tags }) => tags['step'] === step).length;
  const drive = async (minutes: number) => runtime.drive(plusMillis(runtime.clock.now(), minutes * MINUTE));
  const everybody = () => loadFlow(runtime.table).then(({ trips = {} }) => Object.keys(trips).sort());

  for (let n = 0; n < 120; n += 1) await says('cart.updated', `a${n}`);
  await drive(5);
  expect(mails('offer')).toBe(120);
  expect(await everybody()).toEqual(['all', `journey/${offer.id}`, `topic/${offer.topic}`]);

  for (let n = 0; n < 30; n += 1) await says('cart.updated', `b${n}`);
  await says('purchase', 'o1');
  await drive(60);
  expect([mails('offer'), mails('receipt')]).toEqual([120, 1]);

  isBad = false;
  const { trips = {} } = await loadFlow(runtime.table);
  const now = runtime.clock.now();
  const { set = [], remove = [] } = resumeFlow(trips, now);
  await runtime.table.write(changeFlow({ set: [...set, ...(lookAtFlow(now).set ?? [])], remove }));
  await drive(10);
  expect(mails('offer')).toBe(150);
  expect(await everybody()).toEqual([]);
  const rows = await loadReceptions(runtime.table, START, runtime.clock.now());
  expect(receivedSince(rows.values(), {})['all']).toEqual({ mails: 151, bounces: 121, complaints: 0 });
  runtime.close();
});
