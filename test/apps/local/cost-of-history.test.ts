import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { contactId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';
import { entryOf } from '#shared/event/put.ts';
import { putEvent } from '#shared/store/events.ts';
import { plusMillis } from '#shared/time/instant.ts';

const NOW = '2026-10-01T09:00:00.000Z';
const DAY = 86_400_000;
const KNOWN = { source: 'test', identities: { email: 'ann@mail.example' } };

const registration: Event = {
  ...KNOWN,
  id: 'registration',
  type: 'registration',
  at: plusMillis(NOW, -300 * DAY),
  historic: true,
  data: {},
  consents: ['news', 'offers', 'care'].map((topic) => ({
    channel: 'email',
    topic,
    state: 'granted',
    at: plusMillis(NOW, -300 * DAY),
    source: 'form',
    wording: 'Yes',
  })),
};

const DATA: Readonly<Record<string, Event['data']>> = {
  purchase: { total: 12, items: [{ productId: 'p1', category: 'tea', name: 'Tea', quantity: 1, price: 12 }] },
  'cart.updated': { total: 12, items: [{ productId: 'p1', category: 'tea', name: 'Tea', quantity: 1, price: 12 }] },
  'product.viewed': { productId: 'p1', category: 'tea' },
};

/** One of so many events of the past 250 days, the last of them an hour ago. */
const past = (type: string, n: number, of: number): Event => ({
  ...KNOWN,
  id: `${type}-${n}-of-${of}`,
  type,
  at: plusMillis(NOW, -3_600_000 - ((250 * DAY) / of) * n),
  historic: true,
  data: { ...DATA[type], orderId: `order-${n}` },
});

/** What one new event costs with all that follows from it in six weeks, for a contact with such a past. */
async function costAfter(type: string, count: number) {
  const runtime = openRuntime({ start: NOW, eventDays: 400, mailsPerSecond: 14, publicUrl: 'http://localhost' });
  runtime.upload(EXAMPLES);
  await runtime.drive(plusMillis(NOW, 60_000));
  const folded = Array.from({ length: 10 }, (_, n) => past(type, n, 10));
  await runtime.bus.put([registration, ...folded].map(entryOf));
  await runtime.drive(plusMillis(NOW, 600_000));
  // Ten are folded into the profile, whose size does not depend on how many they were; the others only lie there.
  const more = Array.from({ length: count - 10 }, (_, n) => past(type, n, count - 10));
  const contact = contactId(registration.id);
  for (const event of more) await runtime.table.write(putEvent(event, contact, event.at, { eventDays: 400 }));
  await runtime.drive(plusMillis(NOW, 1_200_000));
  const before = { ...runtime.meter.counts };
  const at = plusMillis(NOW, 1_200_000);
  await runtime.bus.put([entryOf({ ...past(type, 0, count), id: 'new', at, historic: false })]);
  await runtime.drive(plusMillis(NOW, 42 * DAY));
  const { tableRead, tableWrite, lambda, transitions, mails } = runtime.meter.counts;
  runtime.close();
  return {
    tableRead: tableRead - before.tableRead,
    tableWrite: tableWrite - before.tableWrite,
    lambda: lambda - before.lambda,
    transitions: transitions - before.transitions,
    mails: mails - before.mails,
  };
}

describe('a new event, with the four journeys live', () => {
  it.each(Object.keys(DATA))(
    'costs a contact with 10,000 events of the type %s no more than one with 10, all that follows included',
    { timeout: 60_000 },
    async (type) => {
      const few = await costAfter(type, 10);
      const many = await costAfter(type, 10_000);
      expect(few.mails).toBeGreaterThan(0);
      expect(few.transitions).toBeGreaterThan(0);
      for (const name of ['tableRead', 'tableWrite', 'lambda', 'transitions'] as const)
        expect(many[name], name).toBeLessThanOrEqual(few[name]);
    },
  );
});
