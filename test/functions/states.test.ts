import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import type { Event } from '#shared/event/event.ts';
import { putSegments } from '#shared/store/segments.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { type HandLeg, HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';

type Given = Parameters<typeof journey>[0];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

async function open(journeys: Given[], segments: Readonly<Record<string, Condition>> = {}): Promise<HandShop> {
  const shop = await HandShop.open(journeys.map(journey));
  const stored = Object.entries(segments).map(([id, condition]) => [
    id,
    { definition: { id, name: id, if: condition }, sequencer: '0' },
  ]);
  await shop.table.write(putSegments({ rev: 0, segments: Object.fromEntries(stored) }));
  return shop;
}

const later = (shop: HandShop, type: string, given: Partial<Event> = {}) =>
  shop.enrol(event(type, { at: shop.clock.now(), ...given }));

/** Ann is inside, and waits where the journey lets her wait. */
async function inside(given: Given, segments = {}): Promise<{ shop: HandShop; leg: HandLeg }> {
  const shop = await open([given], segments);
  await later(shop, 'cart.updated', { consents: YES });
  const leg = shop.leg();
  await leg.run();
  shop.clock.pass(HOUR);
  return { shop, leg };
}

describe('a passage that waits for a state', () => {
  it('goes on as soon as an event brings the trait, and not before', async () => {
    const { shop, leg } = await inside({
      steps: [waitFor('w', { trait: 'points', gte: 5 }, { then: [tag('rich')] })],
    });
    await later(shop, 'registration', { traits: { points: 4 } });
    expect(leg.isPaused).toBe(true);
    await later(shop, 'registration', { traits: { points: 5 } });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['rich']);
  });

  it('leaves when consent is withdrawn that only an exit asks about', async () => {
    const { shop, leg } = await inside({
      topic: 'orders',
      exits: [{ if: { consent: 'offers', is: 'denied' }, outcome: 'silent' }],
      steps: [wait('w', 'P9D')],
    });
    await later(shop, 'unsubscribed', { consents: [consent('offers', shop.clock.now(), 'denied')] });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'exited', outcome: 'silent' });
  });

  it('converts when the contact comes into the segment of its goal, with the value of the event', async () => {
    const segments = { regulars: { event: 'purchase', gte: 2 } };
    const { shop, leg } = await inside(
      { goal: { if: { segment: 'regulars' }, value: 'total' }, steps: [wait('w')] },
      segments,
    );
    await later(shop, 'purchase', { data: { total: 5 } });
    expect(leg.isPaused).toBe(true);
    await later(shop, 'purchase', { data: { total: 7 } });
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'converted', converted: { value: 7 } });
  });

  it('counts the goal of one that is over, by an event and by an update step of another journey', async () => {
    const goal = { if: { tag: 'vip' } };
    const marks = {
      id: 'marks',
      trigger: { type: 'event', event: 'page.viewed' },
      steps: [tag('vip')],
    } as const;
    const shop = await open([{ goal, steps: [tag('done')] }, marks]);
    await later(shop, 'cart.updated');
    await shop.leg().run();
    expect((await shop.passage()).state).toBe('finished');
    shop.clock.pass(HOUR);
    await later(shop, 'page.viewed');
    await shop.leg().run();
    expect((await shop.passage()).state).toBe('finished');
    await shop.review();
    expect((await shop.passage()).state).toBe('converted');
  });

  it('is told within a minute of a tag that another journey sets', async () => {
    const marks = { id: 'marks', trigger: { type: 'event', event: 'page.viewed' }, steps: [tag('vip')] } as const;
    const shop = await open([{ exits: [{ if: { tag: 'vip' }, outcome: 'vip' }], steps: [wait('w', 'P9D')] }, marks]);
    await later(shop, 'cart.updated');
    const leg = shop.leg();
    await leg.run();
    await later(shop, 'page.viewed');
    await shop.leg().run();
    expect(leg.isPaused).toBe(true);
    await shop.review();
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.passages()).find((p) => p.journey === 'cart')).toMatchObject({ outcome: 'vip' });
    await shop.review();
    expect(await shop.table.query({ pk: `C#${(await shop.contact()).contact}`, prefix: 'L#' })).toEqual([]);
  });

  it('yields to a journey that the contact enters', async () => {
    const other = { id: 'sale', trigger: { type: 'event', event: 'page.viewed' }, steps: [wait('s')] } as const;
    const shop = await open([{ exits: [{ if: { journey: 'sale' } }], steps: [wait('w', 'P9D')] }, other]);
    await later(shop, 'cart.updated');
    const leg = shop.leg();
    await leg.run();
    await later(shop, 'page.viewed');
    await shop.review();
    await leg.run();
    expect((await shop.passages()).find((p) => p.journey === 'cart')).toMatchObject({ outcome: 'left' });
  });

  it('hears of the mails of other journeys', async () => {
    const mails = { id: 'mails', trigger: { type: 'event', event: 'page.viewed' }, steps: [send('hello')] } as const;
    const shop = await open([
      { steps: [waitFor('read', { message: 'mails/hello', is: 'clicked' }, { then: [tag('reader')] })] },
      mails,
    ]);
    await later(shop, 'cart.updated', { consents: YES });
    const leg = shop.leg();
    await leg.run();
    shop.clock.pass(HOUR);
    await later(shop, 'page.viewed');
    await shop.leg().run();
    await shop.send();
    const { contact } = await shop.contact();
    const tags = { contact: [contact], message: [shop.mailer.mails.at(-1)?.tags['message'] ?? ''] };
    const mail = { timestamp: shop.clock.now(), messageId: 'ses', destination: ['ann@shop.example'], tags };
    await shop.track({ eventType: 'Click', mail });
    await shop.review();
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['reader']);
  });
});

describe('a state that time alone brings', () => {
  const silent = { event: 'page.viewed', within: 'P3D', is: 0 } as const;

  it('ends a pause when it comes, and not only with the step', async () => {
    const shop = await open([{ exits: [{ if: silent, outcome: 'gone' }], steps: [wait('w', 'P30D')] }]);
    await later(shop, 'page.viewed');
    await later(shop, 'cart.updated');
    const leg = shop.leg();
    await leg.run();
    const { cursor } = await shop.passage();
    // The clocks have gone forward by then.
    expect(cursor).toMatchObject({
      wakeAt: plusMillis(shop.clock.now(), 30 * DAY - HOUR),
      lookAt: plusMillis(shop.clock.now(), 3 * DAY),
    });
    shop.clock.pass(3 * DAY);
    leg.timeOut();
    await leg.advance({ timedOut: true });
    expect(await shop.passage()).toMatchObject({ outcome: 'gone' });
  });

  it('follows what the contact does meanwhile', async () => {
    const shop = await open([{ exits: [{ if: silent, outcome: 'gone' }], steps: [wait('w', 'P30D')] }]);
    await later(shop, 'page.viewed');
    await later(shop, 'cart.updated');
    const leg = shop.leg();
    await leg.run();
    shop.clock.pass(2 * DAY);
    await later(shop, 'page.viewed');
    await leg.run();
    expect((await shop.passage()).cursor?.lookAt).toBe(plusMillis(shop.clock.now(), 3 * DAY));
  });

  it('that a trait brings nearer is looked for sooner', async () => {
    const exits = [{ if: { trait: 'validTo', before: 'now' }, outcome: 'over' }];
    const shop = await open([{ exits, steps: [wait('w', 'P30D')] }]);
    await later(shop, 'cart.updated', { traits: { validTo: plusMillis(shop.clock.now(), 20 * DAY) } });
    const leg = shop.leg();
    await leg.run();
    expect((await shop.passage()).cursor?.lookAt).toBe(plusMillis(shop.clock.now(), 20 * DAY + 1));
    shop.clock.pass(1000);
    await later(shop, 'registration', { traits: { validTo: plusMillis(shop.clock.now(), 2 * DAY) } });
    await leg.run();
    expect((await shop.passage()).cursor?.lookAt).toBe(plusMillis(shop.clock.now(), 2 * DAY + 1));
  });

  it('wakes a passage at most once an hour', async () => {
    const minutes = { all: [{ tag: 'never' }, { event: 'page.viewed', within: 'PT10M' }] };
    const either = { any: [minutes, { not: { event: 'page.viewed', within: 'PT10M' } }] };
    const shop = await open([{ steps: [waitFor('w', either)] }]);
    await later(shop, 'page.viewed');
    await later(shop, 'cart.updated');
    await shop.leg().run();
    expect((await shop.passage()).cursor?.lookAt).toBe(plusMillis(shop.clock.now(), HOUR));
  });
});

it('a state that stands at the door already refuses entry as a goal, and lets nobody convert at once', async () => {
  const shop = await open([{ goal: { if: { tag: 'vip' } }, steps: [wait('w')] }]);
  const marks = await HandShop.open([journey({ steps: [tag('vip')] })]);
  await later(marks, 'cart.updated');
  await marks.leg().run();
  const rows = await marks.table.query({ pk: `C#${(await marks.contact()).contact}`, prefix: 'PROFILE' });
  await later(shop, 'page.viewed');
  const { contact, rev } = await shop.contact();
  for (const row of rows)
    await shop.table.write({ kind: 'put', row: { ...row, pk: `C#${contact}`, contact, rev, inside: {} } });
  await later(shop, 'cart.updated');
  expect(await shop.passages()).toEqual([]);
});
