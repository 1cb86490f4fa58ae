import { beforeEach, describe, expect, it } from 'vitest';
import { hasErrors } from '#shared/publish/remarks.ts';
import { loadCatalogue, putCatalogue } from '#shared/store/journeys.ts';
import { event } from '#test/build/event.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const TRANSACTIONAL = { kind: 'transactional' } as const;
const both = { orders: TRANSACTIONAL, receipts: TRANSACTIONAL };
const DAY = 86_400_000;

const order = (topic: string, more: object = {}) =>
  journey({
    id: 'order',
    topic,
    trigger: { type: 'event', event: 'purchase' },
    steps: [wait('w', 'PT1H'), send('hello', { template: 'receipt' })],
    ...more,
  });
const receipt = (body = 'Hi') => `---\n{ "subject": "x" }\n---\n${body} {{ shop.address }}`;

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: both }));
  await shop.put('templates/receipt/email.mjml', receipt());
  await shop.put('journeys/order.json', order('orders'));
});

const dropOrders = () => shop.put('settings.json', shopFile({ topics: { receipts: TRANSACTIONAL } }));

describe('who is inside an earlier version', () => {
  it('gets the order mail, although the newer version has another topic and settings want to drop the old one', async () => {
    await shop.shop.enrol(event('purchase'));
    const leg = shop.shop.leg();
    await leg.run();
    await shop.put('journeys/order.json', order('receipts'));
    const said = await dropOrders();
    expect(said?.remarks.map(({ message }) => message)).toEqual([
      'Version 1 of "order", in which contacts may still be, would break: There is no topic "orders". There are "marketing", "receipts". More are made in settings.json, under "topics".',
    ]);
    await leg.runOut();
    await shop.shop.send();
    expect(shop.shop.mailer.mails).toHaveLength(1);
    expect(await shop.shop.message('hello')).toMatchObject({ lane: 'transactional' });
  });

  it('is not forgotten by a template that reads what only the newer version has', async () => {
    const asked = { type: 'waitFor', id: 'asked', for: { event: 'answered' }, upTo: 'PT1H' };
    await shop.put('journeys/order.json', order('orders', { steps: [asked, send('hello', { template: 'receipt' })] }));
    const said = await shop.put('templates/receipt/email.mjml', receipt('{{ steps.asked.happened }}'));
    expect(said?.remarks[0]?.message).toContain('Version 1 of "order"');
  });

  it('is not spoken of where the live version breaks by the same', async () => {
    await shop.put('journeys/order.json', order('orders', { name: 'Orders' }));
    expect((await dropOrders())?.remarks.map(({ message }) => message.split(':')[0])).toEqual([
      'The live journey "order" would break',
    ]);
  });

  it('is inside no earlier version than the live one where only the status has changed', async () => {
    await shop.put('journeys/order.json', order('orders', { status: 'closing' }));
    expect(await shop.live('order')).toMatchObject({ version: 1, older: [] });
    await shop.put('journeys/order.json', order('receipts'));
    await shop.put('journeys/order.json', order('receipts', { status: 'closing' }));
    expect((await shop.live('order'))?.older).toMatchObject([{ version: 1 }]);
    expect((await shop.live('order'))?.older).toHaveLength(1);
  });

  it('keeps nothing back once nobody can be inside it any more', async () => {
    await shop.put('journeys/order.json', order('receipts'));
    shop.shop.clock.pass(7 * DAY);
    expect(hasErrors((await dropOrders())?.remarks ?? [])).toBe(true);
    shop.shop.clock.pass(3 * DAY);
    expect(hasErrors((await dropOrders())?.remarks ?? [])).toBe(false);
  });

  it('keeps nothing back of a journey that was archived', async () => {
    await shop.put('journeys/order.json', order('receipts'));
    const { rev, journeys } = await loadCatalogue(shop.shop.table);
    const archived = Object.entries(journeys).map(([id, live]) => [id, { ...live, status: 'archived' as const }]);
    await shop.shop.table.write(putCatalogue({ rev, journeys: Object.fromEntries(archived) }));
    expect(hasErrors((await dropOrders())?.remarks ?? [])).toBe(false);
  });
});

describe('a journey that others enrol into', () => {
  it('cannot stop being manual', async () => {
    const manual = (trigger: object) => ({ ...order('orders'), id: 'next', trigger });
    await shop.put('journeys/next.json', manual({ type: 'manual' }));
    await shop.put('journeys/order.json', order('orders', { steps: [{ type: 'enrol', id: 'e', journey: 'next' }] }));
    expect(await shop.live('order')).toMatchObject({ version: 2 });
    const said = await shop.put('journeys/next.json', manual({ type: 'event', event: 'a' }));
    expect(said?.remarks.map(({ message }) => message)).toContain(
      'The live journey "order" would break: "next" is started by an event. Only "manual" journeys can be enrolled into: give it the trigger { "type": "manual" }.',
    );
  });
});
