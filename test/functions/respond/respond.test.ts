import { describe, expect, it } from 'vitest';
import { respond } from '#functions/respond/respond.ts';
import { putProfile } from '#shared/store/profiles.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const offer = journey({ steps: [send('hello'), wait('think'), send('again')] });

/** A contact who has got a mail, and the link in it. */
async function mailed(definition = offer) {
  const shop = await HandShop.open([definition]);
  await shop.enrol(event('cart.updated', { consents: [consent('offers', '2026-03-01T00:00:00.000Z')] }));
  const leg = shop.leg();
  await leg.run();
  await shop.send();
  const token = shop.mailer.mails[0]?.text.match(/\/u\/([\w.-]+)/)?.[1] ?? '';
  const click = (method: string, text = token) =>
    respond(
      { headers: {}, pathParameters: { token: text }, requestContext: { http: { method } }, isBase64Encoded: false },
      shop.given('respond'),
    );
  return { shop, leg, token, click };
}

/** What lies on the bus is recorded. */
const arrive = async (shop: HandShop) => {
  for (const { detail } of shop.bus.entries) await shop.enrol(detail);
};

describe('the link in a mail', () => {
  it.each(['GET', 'HEAD'])(
    'shows a button and changes nothing by %s, since mail scanners follow links',
    async (method) => {
      const { shop, click } = await mailed();
      expect(await click(method)).toMatchObject({
        statusCode: 200,
        body: expect.stringContaining('<form method="post">'),
      });
      expect(shop.bus.entries).toEqual([]);
      expect((await shop.message('hello')).facts).not.toHaveProperty('unsubscribed');
    },
  );

  it('unsubscribes by POST, at once and from the topic of the mail, and the journey is left', async () => {
    const { shop, leg, click } = await mailed();
    expect(await click('POST')).toMatchObject({ statusCode: 200 });
    await arrive(shop);
    expect((await shop.contact()).consents['email']?.['offers']?.state).toBe('denied');
    expect((await shop.message('hello')).facts).toHaveProperty('unsubscribed');
    expect(leg.isPaused).toBe(false);
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'exited', outcome: 'unsubscribed' });
  });

  it('unsubscribes also whoever has an identity that no event could name any more', async () => {
    const { shop, click } = await mailed();
    const known = await shop.contact();
    // Of a time when everything was taken for a phone number.
    await shop.table.write(
      putProfile({ ...known, rev: known.rev + 1, identities: { ...known.identities, phone: '0112' } }, known),
    );
    await click('POST');
    await arrive(shop);
    expect((await shop.contact()).consents['email']?.['offers']?.state).toBe('denied');
  });

  it('says the same to who posts again', async () => {
    const { shop, click } = await mailed();
    const first = await click('POST');
    expect(await click('POST')).toEqual(first);
    await arrive(shop);
    expect((await shop.contact()).consents['email']?.['offers']?.state).toBe('denied');
  });

  it('unsubscribes although the bus takes nothing: the overflow queue does, and brings it back', async () => {
    const { shop, click } = await mailed();
    shop.bus.put = () => Promise.reject(new Error('no route'));
    expect(await click('POST')).toMatchObject({ statusCode: 200 });
    for (const body of shop.overflow.take()) await shop.enrol(body);
    expect((await shop.contact()).consents['email']?.['offers']?.state).toBe('denied');
  });

  it('is an error while neither the bus nor the overflow queue takes it, and not a promise', async () => {
    const { shop, click } = await mailed();
    shop.bus.put = () => Promise.reject(new Error('no route'));
    shop.overflow.send = () => Promise.reject(new Error('no route'));
    await expect(click('POST')).rejects.toThrow('no route');
  });

  it('of an order mail ends advertising, and says that order mails go on', async () => {
    const { shop, click } = await mailed({ ...offer, topic: 'orders' });
    expect((await click('GET')).body).toMatch(/no more advertising\? Mails about your orders.*<form method="post">/s);
    expect((await click('POST')).body).toContain('no more advertising. Mails about your orders');
    await arrive(shop);
    const { email } = (await shop.contact()).consents;
    expect(email?.['marketing']?.state).toBe('denied');
    expect(email).not.toHaveProperty('orders');
  });

  it('is kept by nobody on the way, and loads nothing', async () => {
    const { click } = await mailed();
    expect((await click('GET')).headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('that was cut off or made up leads nowhere', async () => {
    const { shop, token, click } = await mailed();
    for (const text of ['', 'x', token.slice(0, -1), `${token}x`])
      expect(await click('POST', text)).toMatchObject({ statusCode: 404 });
    expect(shop.bus.entries).toEqual([]);
  });

  it('takes no other method', async () => {
    const { shop, click } = await mailed();
    expect(await click('PUT')).toMatchObject({ statusCode: 405 });
    expect(shop.bus.entries).toEqual([]);
  });

  it('of somebody who is gone is answered as if it had been done', async () => {
    const { shop, click } = await mailed();
    const { contact } = await shop.contact();
    await shop.table.write({ kind: 'delete', key: { pk: `C#${contact}`, sk: 'PROFILE' } });
    expect(await click('POST')).toMatchObject({ statusCode: 200 });
    expect(shop.bus.entries).toEqual([]);
  });
});
