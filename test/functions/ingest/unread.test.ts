import { expect, it } from 'vitest';
import { generic } from '#shared/source/generic.ts';
import { keepUnread, unreadSchema } from '#shared/source/unread.ts';
import { CollectingBus, CollectingQueue, quiet } from '#test/build/ports.ts';
import { drained } from '#test/functions/ingest/drained.ts';

const EVENT = {
  ...{ id: 'e1', type: 'purchase', at: '2026-03-02T09:00:00.000Z', identities: { email: 'ann@shop.example' } },
  data: { total: 40 },
};

/** A delivery as the overflow queue has it. */
async function kept(text: string, headers: Record<string, string> = {}, name = 'generic') {
  const overflow = new CollectingQueue();
  const source = { ...generic, reads: ['x-topic'] };
  await keepUnread(name, source, { headers, text }, { overflow, log: quiet });
  return overflow.bodies[0];
}

it('is kept with the headers that its source reads, and no signature', async () => {
  const headers = { 'x-topic': 'orders/create', 'x-signature': 'secret', cookie: 'a=b' };
  expect(await kept('{', headers)).toEqual({
    delivery: { source: 'generic', headers: { 'x-topic': 'orders/create' }, text: '{' },
  });
});

it('lands among the dead letters with its reason as long as nobody can read it', async () => {
  const bus = new CollectingBus();
  await expect(drained(await kept('{'), { bus })).rejects.toMatchObject({ reason: 'unreadable-delivery' });
  await expect(drained(await kept('{}', {}, 'elsewhere'), { bus })).rejects.toThrow('there is no source "elsewhere"');
  expect(bus.entries).toEqual([]);
});

it('puts what can be read on the bus, and still tells of the rest', async () => {
  const bus = new CollectingBus();
  const body = await kept(JSON.stringify([EVENT, { ...EVENT, id: 'e2', at: 'noon' }]));
  await expect(drained(body, { bus })).rejects.toThrow(/^generic: at: /);
  expect(bus.entries.map(({ detail }) => Reflect.get(detail, 'id'))).toEqual(['e1']);
});

it('is read when what reads it has been mended', async () => {
  const bus = new CollectingBus();
  await drained(await kept(JSON.stringify(EVENT)), { bus });
  expect(bus.entries.map(({ detail }) => detail)).toEqual([{ ...EVENT, source: 'generic' }]);
});

const MEBIBYTE = 1_048_576;
const bytesOf = (body: unknown): number => Buffer.byteLength(JSON.stringify(body));
const MANY = Array.from({ length: 9000 }, (_, i) => ({ sku: `a${i}`, note: "it's \\ `so`", n: { a: '', b: '' } }));

it.each<[what: string, text: string]>([
  [
    'of many quotes',
    JSON.stringify([
      { ...EVENT, data: { items: MANY } },
      { ...EVENT, at: 'noon' },
    ]).slice(0, 999_000),
  ],
  ['of nothing but quotes', '"'.repeat(1_000_000)],
  ['in letters of two bytes', `{"text":"${'ż'.repeat(499_000)}"}`],
])('fits into the queue when it is as long as can be, %s, and is whole again', async (_, text) => {
  const body = await kept(text);
  expect(bytesOf(body)).toBeLessThan(MEBIBYTE - 10_000);
  expect(unreadSchema.parse(body).delivery).toMatchObject({ text, lacks: 0 });
});

it('is kept by its beginning when the queue has no room for more, and says so', async () => {
  const text = '\u0001'.repeat(900_000);
  const body = await kept(text);
  expect(bytesOf(body)).toBeLessThan(MEBIBYTE - 10_000);
  const { delivery } = unreadSchema.parse(body);
  expect(delivery.text.length + delivery.lacks).toBe(text.length);
  expect(delivery.text.length).toBeGreaterThan(160_000);
  await expect(drained(body, { bus: new CollectingBus() })).rejects.toThrow(/had no room; ask for it again/);
});
