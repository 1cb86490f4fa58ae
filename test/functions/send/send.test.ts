import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Event } from '#shared/event/event.ts';
import { loadShelf, putCatalogue, putShelf } from '#shared/store/journeys.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import type { Table } from '#shared/store/table.ts';
import { compiledKey } from '#shared/template/library.ts';
import { templateVersion } from '#shared/template/template.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { CONTENT } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { FaultyTable } from '#test/faults/table.ts';

const MINUTE = 60_000;

const offer = journey({
  goal: { if: { event: 'purchase' } },
  exits: [{ if: { event: 'order.cancelled' } }],
  steps: [send('hello'), waitFor('read', { message: 'hello', is: 'clicked' }, { otherwise: [tag('unread')] })],
});
const receipt = journey({ topic: 'orders', steps: [send('hello')] });

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

/** A passage whose mail lies in the outbox. */
async function queued(definition = offer, { consents = YES, ...given }: Partial<Event> = {}) {
  const shop = await HandShop.open([definition], settings({ suppress: { tag: 'staff' } }));
  await shop.enrol(event('cart.updated', { consents, ...given }));
  const leg = shop.leg();
  await leg.run();
  return { shop, leg };
}

const sesSays = async (shop: HandShop, eventType: string) => {
  const { contact, id } = await shop.message('hello');
  await shop.track({
    eventType,
    mail: {
      timestamp: shop.clock.now(),
      messageId: 'ses-1',
      destination: ['ann@shop.example'],
      tags: { contact: [contact], message: [id] },
    },
  });
};

/** Lets minutes pass, with review in each. */
async function pass(shop: HandShop, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    shop.clock.pass(MINUTE);
    await shop.review();
    await shop.send();
  }
}

describe('a mail that may go', () => {
  it('goes once, and the ledger says which', async () => {
    const { shop } = await queued();
    expect(await shop.send()).toEqual([]);
    const message = await shop.message('hello');
    expect(shop.mailer.mails).toMatchObject([
      { to: 'ann@shop.example', subject: 'Hello', tags: { message: message.id, journey: 'cart', step: 'hello' } },
    ]);
    expect(message).toMatchObject({
      state: 'done',
      facts: { sent: expect.any(String) },
      providerId: 'ses-1',
      templateVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('has the one-click headers when it is marketing, and leads to the same page by its text', async () => {
    const { shop } = await queued();
    await shop.send();
    const [mail] = shop.mailer.mails;
    const [unsubscribe, post] = mail?.headers ?? [];
    expect(unsubscribe?.value).toMatch(/^<https:\/\/shop\.example\/u\/[\w.-]+>$/);
    expect(post).toEqual({ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' });
    expect(mail?.text).toContain(unsubscribe?.value.slice(1, -1));
  });

  it('is in the language that the step asks for, and prints what the step says, references followed', async () => {
    const step = send('hello', { locale: 'pl', data: { total: { trigger: 'total' }, none: { trait: 'none' }, n: 7 } });
    const { shop } = await queued(journey({ steps: [step] }), { data: { total: 80 } });
    expect(await shop.message('hello')).toMatchObject({ locale: 'pl', data: { total: 80, n: 7 } });
    expect((await shop.message('hello')).data).not.toHaveProperty('none');
    const shelf = await loadShelf(shop.table);
    const template = { ...CONTENT, locale: 'pl', subject: 'Razem {{ data.total }}', variables: ['data.total'] };
    const hash = templateVersion(template);
    await shop.bucket.put(compiledKey(hash), JSON.stringify({ ...template, version: hash }));
    const live = { hash, sequencer: '0', hasUnsubscribe: true, variables: template.variables };
    await shop.table.write(putShelf({ ...shelf, templates: { ...shelf.templates, 'hello/email.pl': live } }));
    await shop.send();
    expect(shop.mailer.mails.map(({ subject }) => subject)).toEqual(['Razem 80']);
  });

  it('goes once when its hint comes twice, one after the other or both at the same time', async () => {
    const { shop } = await queued();
    const hints = shop.outbox.marketing.take();
    shop.outbox.marketing.bodies = [...hints, ...hints];
    await shop.send();
    shop.outbox.marketing.bodies = [...hints];
    await shop.send();
    const other = await queued();
    const [hint = {}] = other.shop.outbox.marketing.take();
    other.shop.outbox.marketing.bodies = [hint];
    const first = other.shop.send();
    other.shop.outbox.marketing.bodies = [hint];
    await Promise.all([first, other.shop.send()]);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(other.shop.mailer.mails).toHaveLength(1);
  });

  it('keeps to the rate of the account, over all batches', async () => {
    const shop = await HandShop.open([offer]);
    for (const name of ['a', 'b', 'c', 'd']) {
      await shop.enrol(event('cart.updated', { identities: { email: `${name}@shop.example` }, consents: YES }));
      await shop.leg().run();
    }
    const times: number[] = [];
    shop.mailer.before = () => void times.push(Date.parse(shop.clock.now()));
    const hints = shop.outbox.marketing.take();
    for (const two of [hints.slice(0, 2), hints.slice(2)]) {
      shop.outbox.marketing.bodies = two;
      await shop.send({ rate: 4 });
    }
    const [first = 0] = times;
    expect(times.map((time) => time - first)).toEqual([0, 250, 500, 750]);
  });
});

describe('a mail is withheld, with the reason, and the step that waits for it goes on at once', () => {
  it.each<[reason: string, before: (shop: HandShop) => Promise<unknown>, given?: object]>([
    ['no-consent', async () => {}, { consents: [] }],
    ['paused-by-contact', async () => {}, { traits: { pausedUntil: '2099-01-01T00:00:00.000Z' } }],
    ['no-address', async () => {}, { identities: { phone: '+48123456789' } }],
    [
      'suppressed',
      (shop) => shop.table.write(suppress('email', emailHash('ann@shop.example'), 'bounced', shop.clock.now())),
    ],
    [
      'kept-out',
      async (shop) => {
        const { contact, rev } = await shop.contact();
        await shop.table.write({
          kind: 'update',
          key: { pk: `C#${contact}`, sk: 'PROFILE' },
          change: {
            set: [
              [['tags'], ['staff']],
              [['rev'], rev + 1],
            ],
          },
        });
      },
    ],
    [
      'archived',
      async (shop) => {
        const { rev, journeys } = await shop.deps.published.catalogue();
        const cart = journeys['cart'];
        if (cart) await shop.table.write(putCatalogue({ rev, journeys: { cart: { ...cart, status: 'archived' } } }));
        shop.deps.published.refresh();
      },
    ],
  ])('%s', async (reason, before, given) => {
    const shop = await HandShop.open([offer], settings({ suppress: { tag: 'staff' } }));
    const cart = event('cart.updated', { consents: YES, ...given });
    await shop.enrol(cart);
    const leg = shop.leg();
    await leg.run();
    await before(shop);
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({
      state: 'done',
      reason,
      facts: { withheld: expect.any(String) },
    });
    expect(leg.isPaused).toBe(false);
  });

  it.each([
    ['goal-reached', 'purchase'],
    ['left', 'order.cancelled'],
  ])('%s, where the next turn has not come yet', async (reason, type) => {
    const { shop } = await queued();
    await shop.enrol(event(type, { at: shop.clock.now() }));
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason });
  });

  it('left, when consent is withdrawn before it went', async () => {
    const { shop, leg } = await queued();
    await shop.enrol(event('unsubscribed', { consents: [consent('offers', shop.clock.now(), 'denied')] }));
    await shop.send();
    expect(await shop.message('hello')).toMatchObject({ reason: 'left' });
    await leg.run();
    expect(await shop.passage()).toMatchObject({ state: 'exited', outcome: 'unsubscribed' });
  });

  it('goal-reached, when the purchase is recorded between the permission and the claim', async () => {
    const { shop } = await queued();
    // The first write is the reservation of a slot, which comes after the permission.
    const table = interrupted<Table>(shop.table, { methods: ['write'] }, () =>
      shop.enrol(event('purchase', { at: shop.clock.now() })),
    );
    await shop.send({ table });
    expect(shop.mailer.mails).toEqual([]);
    expect(await shop.message('hello')).toMatchObject({ reason: 'goal-reached' });
  });

  it('and its passage is told again when the first time was cut off', async () => {
    const { shop, leg } = await queued(offer, { consents: [] });
    const hints = [...shop.outbox.marketing.bodies];
    const table = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    expect(await shop.send({ table })).toEqual([0]);
    expect(leg.isPaused).toBe(true);
    shop.outbox.marketing.bodies = hints;
    await shop.send();
    expect(leg.isPaused).toBe(false);
  });
});

describe('a transactional mail', () => {
  it('needs no consent', async () => {
    const { shop } = await queued(receipt, { consents: [] });
    await shop.send();
    expect(shop.mailer.steps()).toEqual(['hello']);
    expect(shop.mailer.mails[0]?.headers).toEqual([]);
  });

  it('goes although the goal is reached, and not when the passage has left', async () => {
    const order = { ...offer, topic: 'orders' };
    for (const [type, sent] of [
      ['purchase', 1],
      ['order.cancelled', 0],
    ] as const) {
      const { shop } = await queued(order);
      await shop.enrol(event(type, { at: shop.clock.now() }));
      await shop.send();
      expect(shop.mailer.mails).toHaveLength(sent);
    }
  });

  it('goes to nobody who is suppressed', async () => {
    const { shop } = await queued(receipt);
    await shop.table.write(suppress('email', emailHash('ann@shop.example'), 'bounced', shop.clock.now()));
    await shop.send();
    expect(await shop.message('hello')).toMatchObject({ reason: 'suppressed' });
  });

  it('is sent once more only after an ambiguous end, and then no more', async () => {
    const { shop } = await queued(receipt);
    shop.mailer.after = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    await pass(shop, 14);
    expect(shop.mailer.mails).toHaveLength(1);
    await pass(shop, 200);
    expect(shop.mailer.mails).toHaveLength(2);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', facts: { unknown: expect.any(String) } });
  });

  it('is not sent again after a clear end, nor after an ambiguous one of which SES has spoken', async () => {
    const clear = await queued(receipt);
    await clear.shop.send();
    await pass(clear.shop, 60);
    expect(clear.shop.mailer.mails).toHaveLength(1);
    const { shop } = await queued(receipt);
    shop.mailer.after = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    await sesSays(shop, 'Send');
    await pass(shop, 60);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', facts: { sent: expect.any(String) } });
  });

  it('that the provider deferred is tried later, and an ambiguous end after that is still its first', async () => {
    const { shop } = await queued(receipt);
    const ends = [new MailDeferred('TooManyRequests', 'slow down'), new MailAmbiguous('the connection broke')];
    shop.mailer.before = () => {
      const end = ends.shift();
      if (end) throw end;
    };
    await shop.send();
    await pass(shop, 4);
    expect(ends).toHaveLength(1);
    await pass(shop, 2);
    expect(ends).toHaveLength(0);
    await pass(shop, 60);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', facts: { sent: expect.any(String) } });
  });
});

describe('a marketing mail', () => {
  it('that was cut off inside the SES call is unknown after a quarter of an hour, and never sent again', async () => {
    const { shop, leg } = await queued();
    shop.mailer.before = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    shop.mailer.before = () => {};
    await pass(shop, 14);
    expect((await shop.message('hello')).facts).toEqual({});
    expect(leg.isPaused).toBe(true);
    await pass(shop, 1);
    expect((await shop.message('hello')).facts).toEqual({ unknown: shop.clock.now() });
    expect(leg.isPaused).toBe(false);
    await pass(shop, 100);
    expect(shop.mailer.mails).toEqual([]);
  });

  it('is not unknown when SES speaks of it in that very moment', async () => {
    const { shop, leg } = await queued();
    shop.mailer.after = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    shop.clock.pass(15 * MINUTE);
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => sesSays(shop, 'Send'));
    await review({ ...shop.deps, table });
    expect(Object.keys((await shop.message('hello')).facts)).toEqual(['sent']);
    expect(leg.isPaused).toBe(true);
    await pass(shop, 60);
    expect(Object.keys((await shop.message('hello')).facts)).toEqual(['sent']);
  });

  it('that is unknown, and delivered after all, can still be waited for', async () => {
    const clicked = waitFor('read', { message: 'hello', is: 'clicked' }, { then: [tag('seen')] });
    const { shop, leg } = await queued(journey({ steps: [send('hello'), wait('hour', 'PT1H'), clicked] }));
    shop.mailer.after = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    await pass(shop, 16);
    await sesSays(shop, 'Delivery');
    expect(await leg.runOut()).toBe('parked');
    await sesSays(shop, 'Click');
    await leg.run();
    expect((await shop.contact()).tags).toEqual(['seen']);
  });

  it('that is unknown is known to be sent when SES says so after all', async () => {
    const { shop } = await queued();
    shop.mailer.after = () => {
      throw new MailAmbiguous('the connection broke');
    };
    await shop.send();
    await pass(shop, 16);
    await sesSays(shop, 'Send');
    expect(Object.keys((await shop.message('hello')).facts).sort()).toEqual(['sent', 'unknown']);
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('that was deferred goes when it is tried again', async () => {
    const { shop } = await queued();
    let deferrals = 3;
    shop.mailer.before = () => {
      deferrals -= 1;
      if (deferrals >= 0) throw new MailDeferred('TooManyRequests', 'slow down');
    };
    await shop.send();
    await pass(shop, 40);
    expect(shop.mailer.mails).toHaveLength(1);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', facts: { sent: expect.any(String) } });
  });

  it('that is deferred again and again is tried less and less often, once an hour at the end', async () => {
    const { shop } = await queued();
    const begun = Date.parse(shop.clock.now());
    const tries: number[] = [];
    shop.mailer.before = () => {
      tries.push(Math.round((Date.parse(shop.clock.now()) - begun) / MINUTE));
      throw new MailDeferred('TooManyRequests', 'slow down');
    };
    await shop.send();
    await pass(shop, 240);
    const gaps = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(gaps[0]).toBeLessThan(7);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(tries.length).toBeLessThan(9);
    expect(gaps.at(-1)).toBeLessThan(63);
  });

  it('that the provider rejected has failed, with its word, and is not tried again', async () => {
    const { shop, leg } = await queued();
    shop.mailer.before = () => {
      throw new MailRejected('MessageRejected', 'no');
    };
    await shop.send();
    await pass(shop, 60);
    expect(await shop.message('hello')).toMatchObject({ state: 'done', reason: 'MessageRejected' });
    expect(leg.isPaused).toBe(false);
    expect(shop.mailer.mails).toEqual([]);
  });
});

describe('a mail that cannot be made', () => {
  it('of a template that is not there waits half an hour, fails with the reason, and holds no other up', async () => {
    const lost = journey({ id: 'lost', steps: [send('lost', { template: 'no-such' })] });
    const shop = await HandShop.open([lost, offer]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    for (const leg of shop.legs()) await leg.run();
    expect(await shop.send()).toHaveLength(1);
    expect(shop.mailer.steps()).toEqual(['hello']);
    await pass(shop, 29);
    expect((await shop.message('lost')).state).toBe('queued');
    await pass(shop, 10);
    expect(await shop.message('lost')).toMatchObject({ state: 'done', reason: 'no-template' });
    expect(shop.metrics.counts['RenderFailed']).toBe(1);
  });

  it('by what this Lambda knows, as its template went live a moment ago, is made after another look', async () => {
    const shop = await HandShop.open([journey({ topic: 'orders', steps: [send('hello', { template: 'new' })] })]);
    await shop.deps.published.templates();
    const { templates, ...shelf } = await loadShelf(shop.table);
    const [live] = Object.values(templates);
    if (live) await shop.table.write(putShelf({ ...shelf, templates: { ...templates, 'new/email': live } }));
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('of a template that is there again within half an hour goes', async () => {
    const { shop } = await queued(receipt);
    const { templates, ...shelf } = await loadShelf(shop.table);
    await shop.table.write(putShelf({ ...shelf, templates: {} }));
    await pass(shop, 12);
    await shop.table.write(putShelf({ ...shelf, rev: shelf.rev + 1, templates }));
    await pass(shop, 12);
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('since something could not be read just now is not lost: its hint comes again', async () => {
    const { shop } = await queued();
    const hints = [...shop.outbox.marketing.bodies];
    const failing = { get: () => Promise.reject(new Error('throttled')) };
    expect(await shop.send({ secrets: failing })).toEqual([0]);
    expect((await shop.message('hello')).state).toBe('queued');
    shop.outbox.marketing.bodies = hints;
    expect(await shop.send()).toEqual([]);
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it.each([{}, { contact: 'c', message: 'unknown' }])('a hint of nothing (%j) hurts no other', async (nothing) => {
    const { shop } = await queued();
    shop.outbox.marketing.bodies.unshift(nothing);
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });
});

describe('a message that nobody took', () => {
  it('is hinted at again after five minutes, and each quarter of an hour from then on', async () => {
    const { shop } = await queued();
    shop.outbox.marketing.take();
    const hinted: number[] = [];
    for (let minute = 1; minute <= 40; minute += 1) {
      shop.clock.pass(MINUTE);
      await shop.review();
      if (shop.outbox.marketing.take().length > 0) hinted.push(minute);
    }
    expect(hinted).toEqual([5, 20, 35]);
    expect(plusMillis((await shop.message('hello')).queuedAt, 40 * MINUTE)).toBe(shop.clock.now());
  });
});
