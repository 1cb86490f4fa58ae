import { describe, expect, it } from 'vitest';
import { respond } from '#functions/respond/respond.ts';
import { linkPath } from '#shared/link/token.ts';
import type { Table } from '#shared/store/table.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const TOPICS = settings({ topics: { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } } });

/** Ann has one mail and the next of another journey lies in the outbox; nothing that a page says is recorded yet. */
async function nextInOutbox(topic = 'offers') {
  const next = journey({ id: 'next', topic, entry: { again: { after: 'P1D' } }, steps: [send('second')] });
  const shop = await HandShop.open([journey({ steps: [send('first')] }), next], TOPICS);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const legOf = (id: string) => shop.legs().find(({ name }) => name.startsWith(id));
  await legOf('cart')?.run();
  await shop.send();
  await legOf('next')?.run();
  const { contact } = await shop.contact();
  const message = (await shop.message('first')).id;
  const press = (act: 'unsubscribe' | 'preferences', body: string) =>
    respond(
      {
        headers: {},
        pathParameters: { token: linkPath({ contact, message, topic: 'offers', act }, 'secret').slice(3) },
        requestContext: { http: { method: 'POST' } },
        isBase64Encoded: false,
        body,
      },
      shop.given('respond'),
    );
  return { shop, press };
}

const NO = [
  ['a topic that is ticked no more', 'preferences', 'act=save&wasTopic=offers', 'no-consent'],
  ['a pause', 'preferences', 'act=pause', 'paused-by-contact'],
  ['no to everything', 'preferences', 'act=off', 'no-consent'],
  ['the mail program’s button', 'unsubscribe', 'List-Unsubscribe=One-Click', 'no-consent'],
] as const;

describe('what somebody says on a page holds back the next mail before it is recorded', () => {
  it.each(NO)('%s', async (_, act, body, reason) => {
    const { shop, press } = await nextInOutbox();
    expect(await press(act, body)).toMatchObject({ statusCode: 200 });
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await shop.message('second')).toMatchObject({ reason });
  });

  it.each(NO)('%s, said after the mail was asked about and before it is claimed', async (_, act, body, reason) => {
    const { shop, press } = await nextInOutbox();
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => press(act, body));
    await shop.send({ table });
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await shop.message('second')).toMatchObject({ reason });
  });

  it('for as long as it can still be recorded', async () => {
    const { shop, press } = await nextInOutbox();
    await press('preferences', 'act=off');
    shop.clock.pass(13 * 86_400_000);
    await shop.enrol(event('cart.updated', { id: 'later', at: shop.clock.now() }));
    await shop.leg().run();
    await shop.send();
    expect((await shop.messages()).map(({ reason }) => reason)).toContain('no-consent');
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('and not one about an order', async () => {
    const { shop, press } = await nextInOutbox('orders');
    await press('preferences', 'act=off');
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(2);
  });

  it('also of somebody who shares the address', async () => {
    const { shop, press } = await nextInOutbox();
    const other = { externalId: 'c-2', email: 'ann@shop.example' };
    await shop.enrol(event('cart.updated', { identities: { externalId: 'c-1', email: 'ann@shop.example' } }));
    await shop.enrol(event('cart.updated', { identities: other, consents: YES }));
    await shop.legs().at(-1)?.run();
    await press('preferences', 'act=off');
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('until it is taken back', async () => {
    const { shop, press } = await nextInOutbox();
    await press('preferences', 'act=pause');
    shop.clock.pass(1000);
    await press('preferences', 'act=resume');
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(2);
  });
});
