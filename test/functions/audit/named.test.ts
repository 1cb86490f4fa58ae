import { expect, it } from 'vitest';
import type { Log } from '#shared/ports.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { auditOnce, DAY, damage } from './story.ts';

it('the log names no passage by an address, where journeys are entered by one', async () => {
  const shop = await HandShop.open([journey({ entry: { key: 'friend' }, steps: [wait('long', 'P30D')] })]);
  await shop.enrol(event('cart.updated', { data: { friend: 'bob@mail.example' } }));
  await shop.leg().run();
  await damage(shop, 'J#', { set: [[['state'], 'lost']] });
  const lines: string[] = [];
  const note = (...said: unknown[]): void => void lines.push(JSON.stringify(said));
  const log: Log = { info: note, warn: note, error: note };
  await auditOnce(shop, { log });
  shop.clock.pass(DAY);
  await auditOnce(shop, { log });
  expect(lines.join()).toContain('unreadable');
  expect(lines.join()).not.toContain('bob');
});
