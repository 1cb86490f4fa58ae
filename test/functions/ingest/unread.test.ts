import { expect, it } from 'vitest';
import { drain } from '#functions/ingest/unread.ts';
import { generic } from '#shared/source/generic.ts';
import { keepUnread } from '#shared/source/unread.ts';
import { CollectingBus, CollectingQueue, quiet } from '#test/build/ports.ts';

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
  await expect(drain(await kept('{'), { bus })).rejects.toMatchObject({ reason: 'unreadable-delivery' });
  await expect(drain(await kept('{}', {}, 'elsewhere'), { bus })).rejects.toThrow('there is no source "elsewhere"');
  expect(bus.entries).toEqual([]);
});

it('puts what can be read on the bus, and still tells of the rest', async () => {
  const bus = new CollectingBus();
  const body = await kept(JSON.stringify([EVENT, { ...EVENT, id: 'e2', at: 'noon' }]));
  await expect(drain(body, { bus })).rejects.toThrow(/^generic: at: /);
  expect(bus.entries.map(({ detail }) => Reflect.get(detail, 'id'))).toEqual(['e1']);
});

it('is read when what reads it has been mended', async () => {
  const bus = new CollectingBus();
  await drain(await kept(JSON.stringify(EVENT)), { bus });
  expect(bus.entries.map(({ detail }) => detail)).toEqual([{ ...EVENT, source: 'generic' }]);
});
