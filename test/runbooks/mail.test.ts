import { describe, expect, it } from 'vitest';
import { MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Account } from '#shared/sending/flow.ts';
import { changeFlow, loadFlow, resumeFlow } from '#shared/store/flow.ts';
import { loadShelf, putShelf } from '#shared/store/journeys.ts';
import { dueShard, receptionKey } from '#shared/store/keys.ts';
import { addingTo } from '#shared/store/receptions.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { CONTENT, putTemplate } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { ownMetric } from './alarms.ts';
import { CloudWatch } from './watch.ts';

/** What brings each alarm on mails, the alarm itself, and what its runbook says to do. */

const MINUTE = 60_000;
const JOURNEYS = [
  journey({ steps: [send('offer', { expires: 'P7D' })] }),
  journey({
    id: 'order',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [send('receipt')],
  }),
];
const WELL: Account = { perSecond: 50, perDay: 1000, sent: 0, enabled: true, production: true, enforcement: 'HEALTHY' };

async function open(content = CONTENT) {
  const shop = await HandShop.open(JOURNEYS, settings(), content);
  const watch = CloudWatch.of(shop);
  let said = WELL;
  let rate = 100;
  let people = 0;
  return {
    shop,
    watch,
    /** What SES answers when it is asked of the account. */
    sesSays: (more: Partial<Account>) => {
      said = { ...said, ...more };
    },
    slow: (perSecond: number) => {
      rate = perSecond;
    },
    /** So many new customers have a mail in the outbox. */
    async mails(offers: number, orders = 0): Promise<void> {
      for (let n = 0; n < offers + orders; n += 1) {
        people += 1;
        const given = { id: `e${people}`, at: shop.clock.now(), identities: { email: `c${people}@shop.example` } };
        const consents = [consent('offers', '2026-03-01T00:00:00.000Z')];
        await shop.enrol(
          n < offers
            ? event('cart.updated', { ...given, consents })
            : event('purchase', { ...given, data: { orderId: `${people}` } }),
        );
        await shop.leg().run();
      }
    },
    /** Minutes in which review runs and send works off what lies there. */
    async pass(minutes: number): Promise<void> {
      for (let n = 0; n < minutes; n += 1) {
        shop.clock.pass(MINUTE);
        await shop.review({ account: { ask: async () => said } });
        await shop.send({ rate });
      }
    },
    went: () => shop.mailer.steps().toSorted(),
  };
}

describe('render-failed', () => {
  it('speaks of a template that cannot be rendered; once it is mended mails go, and those that failed do not', async () => {
    const { shop, watch, mails, pass, went } = await open({ ...CONTENT, html: '{% for a in contact.tags %}' });
    await mails(1, 1);
    await pass(1);
    expect(watch.speaks('render-failed')).toBe(true);
    expect((await shop.messages()).map(({ state, reason }) => `${state} ${reason}`)).toEqual(
      Array(2).fill('done render'),
    );
    await putTemplate(shop, CONTENT);
    await pass(5);
    await mails(1, 1);
    await pass(2);
    expect(went()).toEqual(['offer', 'receipt']);
    expect(watch.speaks('render-failed')).toBe(false);
  });

  it('speaks half an hour after a template is gone: what is uploaded before that loses nothing', async () => {
    const { shop, watch, mails, pass, went } = await open();
    const shelf = await loadShelf(shop.table);
    await shop.table.write(putShelf({ ...shelf, templates: {} }));
    await mails(0, 1);
    await pass(25);
    await mails(0, 1);
    expect(watch.speaks('render-failed')).toBe(false);
    await pass(12);
    expect(watch.speaks('render-failed')).toBe(true);
    await shop.table.write(putShelf({ ...(await loadShelf(shop.table)), templates: shelf.templates }));
    await pass(20);
    expect((await shop.messages()).map(({ reason }) => reason).sort()).toEqual(['no-template', undefined]);
    expect(went()).toEqual(['receipt']);
  });
});

describe('mail-rejected', () => {
  it('speaks of a mail that SES refuses for good, and no other mail waits for it', async () => {
    const { shop, watch, mails, pass, went } = await open();
    shop.mailer.before = ({ to }) => {
      if (to.startsWith('c1@')) throw new MailRejected('BadRequestException', 'Invalid header.');
    };
    await mails(1, 2);
    await pass(1);
    expect(watch.speaks('mail-rejected')).toBe(true);
    expect(went()).toEqual(['receipt', 'receipt']);
    expect((await shop.messages()).map(({ reason }) => reason)).toContain('BadRequestException');
    await pass(10);
    expect(watch.speaks('mail-rejected')).toBe(false);
    expect(went()).toHaveLength(2);
  });
});

describe('mail-deferred', () => {
  it('speaks when SES has taken none of some for half an hour; what waited goes once, when it may', async () => {
    const { shop, watch, mails, pass, went } = await open();
    shop.mailer.before = () => {
      throw new MailDeferred('MailFromDomainNotVerifiedException', 'The MAIL FROM domain is not verified.');
    };
    await mails(2, 2);
    await pass(14);
    expect(watch.speaks('mail-deferred')).toBe(false);
    await pass(16);
    expect(watch.speaks('mail-deferred')).toBe(true);
    expect(went()).toEqual([]);
    shop.mailer.before = () => {};
    await pass(61);
    expect(went()).toEqual(['offer', 'offer', 'receipt', 'receipt']);
    expect(watch.speaks('mail-deferred')).toBe(false);
  });
});

describe('orders-put-off', () => {
  it('speaks when more order mails come than may go, marketing waits, and with a higher rate all go', async () => {
    const { watch, mails, pass, slow, went } = await open();
    slow(0.05);
    await mails(3, 60);
    await pass(16);
    expect(watch.speaks('orders-put-off')).toBe(true);
    expect(went()).not.toContain('offer');
    slow(20);
    await pass(8);
    expect(went()).toHaveLength(63);
    expect(watch.speaks('orders-put-off')).toBe(false);
  });
});

describe('sending-stopped', () => {
  it('speaks while SES has paused the account; nothing is tried, and all goes once it sends again', async () => {
    const { watch, mails, pass, sesSays, went } = await open();
    sesSays({ enabled: false });
    await pass(1);
    await mails(2, 2);
    await pass(30);
    expect(watch.speaks('sending-stopped')).toBe(true);
    expect(went()).toEqual([]);
    sesSays({ enabled: true });
    await pass(2);
    expect(went()).toEqual(['offer', 'offer', 'receipt', 'receipt']);
    await pass(5);
    expect(watch.speaks('sending-stopped')).toBe(false);
  });
});

describe('quota-reached', () => {
  it('speaks while SES has counted as many as it allows a day; all waits, and goes with a higher quota', async () => {
    const { watch, mails, pass, sesSays, went } = await open();
    sesSays({ sent: 1000 });
    await pass(1);
    await mails(1, 2);
    await pass(10);
    expect(watch.speaks('quota-reached')).toBe(true);
    expect(went()).toEqual([]);
    sesSays({ perDay: 50_000 });
    await pass(6);
    expect(went()).toEqual(['offer', 'receipt', 'receipt']);
    await pass(5);
    expect(watch.speaks('quota-reached')).toBe(false);
  });

  it('speaks when SES says so of a mail, before it has counted', async () => {
    const { shop, watch, mails, pass, sesSays, went } = await open();
    shop.mailer.before = () => {
      throw new MailDeferred('LimitExceededException', 'Daily message quota exceeded.', { about: 'quota' });
    };
    await mails(1, 2);
    await pass(1);
    sesSays({ sent: 1000 });
    await pass(5);
    expect(watch.speaks('quota-reached')).toBe(true);
    shop.mailer.before = () => {};
    sesSays({ sent: 400 });
    await pass(2);
    expect(went()).toEqual(['offer', 'receipt', 'receipt']);
  });
});

describe('marketing-halted', () => {
  it('speaks while a part stands still by its bounces; order mails go, and what waited goes when it is let go', async () => {
    const { shop, watch, mails, pass, went } = await open();
    const stretch = `${shop.clock.now().slice(0, 15)}0:00.000Z`;
    const { set = [] } = addingTo(undefined, stretch, { 'journey/cart': { mails: 200, bounces: 20, complaints: 0 } });
    const due = [['checkpoint'], '1'] as const;
    await shop.table.write({
      kind: 'update',
      key: receptionKey(stretch, 'shard'),
      change: { set: [...set, due, [['duePk'], dueShard(0)], [['due'], shop.clock.now()]] },
    });
    await pass(1);
    await mails(2, 2);
    await pass(5);
    expect(watch.speaks('marketing-halted')).toBe(true);
    expect(went()).toEqual(['receipt', 'receipt']);
    const { trips = {} } = await loadFlow(shop.table);
    await shop.table.write(changeFlow(resumeFlow(trips, shop.clock.now())));
    await pass(3);
    expect(went()).toEqual(['offer', 'offer', 'receipt', 'receipt']);
    await pass(5);
    expect(watch.speaks('marketing-halted')).toBe(false);
  });

  it('speaks before SES does: bounces and complaints are rates of the whole account', () => {
    expect(ownMetric('bounces')).toBe('AWS/SES Reputation.BounceRate');
    expect(ownMetric('complaints')).toBe('AWS/SES Reputation.ComplaintRate');
  });
});
