import { describe, expect, it } from 'vitest';
import { review } from '#functions/review/review.ts';
import { MailDeferred } from '#shared/errors.ts';
import { type Account, rateOf, slowed } from '#shared/sending/flow.ts';
import { loadFlow } from '#shared/store/flow.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
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

async function shopWith(offers: number, orders = 0): Promise<HandShop> {
  const shop = await HandShop.open(JOURNEYS);
  for (let i = 0; i < offers + orders; i += 1) {
    const identities = { email: `a${i}@shop.example` };
    const given = { id: `e-${i}`, at: shop.clock.now(), identities };
    await shop.enrol(
      i < offers
        ? event('cart.updated', { ...given, consents: YES })
        : event('purchase', { ...given, data: { orderId: `${i}` } }),
    );
    await shop.leg().run();
  }
  return shop;
}
const sesSays = (shop: HandShop, said: Partial<Account>) =>
  review({ ...shop.deps, account: { ask: async () => ({ ...WELL, ...said }) } });
const steps = (shop: HandShop) => shop.mailer.mails.map(({ tags }) => tags['step']);
async function minute(shop: HandShop, said: Partial<Account> = {}): Promise<void> {
  shop.clock.pass(60_000);
  await sesSays(shop, said);
  await shop.send();
}

describe('the rate', () => {
  const at = '2026-03-02T09:00:00.000Z';
  it('is the smaller of the stage and the account', () => {
    const account = { ...WELL, at, reserved: 0 };
    expect(rateOf({ account }, 100, at)).toBe(50);
    expect(rateOf({ account }, 10, at)).toBe(10);
    expect(rateOf({}, 10, at)).toBe(10);
  });

  it('is halved once by however many are told at once, and grows back', () => {
    const slow = slowed({}, 100, at);
    expect(slow).toEqual({ at, rate: 50 });
    if (!slow) return;
    expect(slowed({ slow }, 100, plusMillis(at, 1500))).toBeUndefined();
    expect(slowed({ slow }, 100, plusMillis(at, 2500))?.rate).toBeCloseTo(25.6, 0);
    expect(rateOf({ slow }, 100, plusMillis(at, 10_000))).toBeCloseTo(55);
    expect(rateOf({ slow }, 100, plusMillis(at, 120_000))).toBe(100);
  });

  it('slows when SES throttles; the mails keep their turn and all go', async () => {
    const shop = await shopWith(6, 2);
    let refusals = 2;
    shop.mailer.before = () => {
      refusals -= 1;
      if (refusals >= 0) throw new MailDeferred('TooManyRequestsException', 'slow down', { about: 'rate' });
    };
    await shop.send();
    expect((await loadFlow(shop.table)).slow?.rate).toBe(50);
    for (let i = 0; i < 2; i += 1) await minute(shop);
    expect(steps(shop).sort()).toEqual([...Array(6).fill('offer'), 'receipt', 'receipt']);
  });
});

describe("the day's quota", () => {
  it('parks marketing at nine tenths, and order mails go on', async () => {
    const shop = await shopWith(3, 1);
    await sesSays(shop, { sent: 900 });
    await shop.send();
    expect(steps(shop)).toEqual(['receipt']);
    for (let i = 0; i < 6; i += 1) await minute(shop, { sent: 100 });
    expect(steps(shop)).toHaveLength(4);
  });

  it('counts what was sent since SES was asked', async () => {
    const shop = await shopWith(20);
    await sesSays(shop, { perDay: 10, sent: 0 });
    await shop.send();
    expect(steps(shop)).toHaveLength(9);
    await minute(shop, { perDay: 10, sent: 9 });
    expect(steps(shop)).toHaveLength(9);
  });

  it('parks order mails, too, when SES says that it is reached, and frees itself', async () => {
    const shop = await shopWith(0, 3);
    shop.mailer.before = () => {
      throw new MailDeferred('LimitExceededException', 'Daily message quota exceeded', { about: 'quota' });
    };
    await shop.send();
    shop.mailer.before = () => {};
    await minute(shop, { sent: 1000 });
    expect(steps(shop)).toEqual([]);
    expect(shop.metrics.counts['QuotaReached']).toBe(1);
    await minute(shop, { sent: 900 });
    await minute(shop, { sent: 900 });
    expect(steps(shop)).toHaveLength(3);
  });

  it('of nothing is none', async () => {
    const shop = await shopWith(1);
    await sesSays(shop, { perDay: -1, sent: 5000 });
    await shop.send();
    expect(steps(shop)).toHaveLength(1);
  });
});

describe('an account that SES has stopped', () => {
  it.each(['SendingPausedException', 'AccountSuspendedException'])(
    'by %s parks all mail after one attempt, and goes on by itself',
    async (code) => {
      const shop = await shopWith(3, 3);
      let attempts = 0;
      shop.mailer.before = () => {
        attempts += 1;
        throw new MailDeferred(code, 'no', { about: 'account' });
      };
      await shop.send();
      expect(attempts).toBe(1);
      shop.mailer.before = () => {};
      for (let i = 0; i < 20; i += 1) await minute(shop, { enabled: false });
      expect(steps(shop)).toEqual([]);
      expect((await loadFlow(shop.table)).stopped?.reason).toBe(code);
      expect(shop.metrics.counts['SendingStopped']).toBe(20);
      for (let i = 0; i < 2; i += 1) await minute(shop);
      expect(steps(shop)).toHaveLength(6);
    },
  );

  it('is known from GetAccount before a mail is tried; a failing question changes nothing', async () => {
    const shop = await shopWith(1);
    await sesSays(shop, { enforcement: 'SHUTDOWN' });
    shop.clock.pass(600_000);
    await review({ ...shop.deps, account: { ask: () => Promise.reject(new Error('down')) } });
    await shop.send();
    expect(steps(shop)).toEqual([]);
    expect((await loadFlow(shop.table)).stopped?.reason).toBe('EnforcementStatus SHUTDOWN');
  });
});

describe('a new domain', () => {
  const warmUp = { since: '2026-03-02', perDay: [5, 8] };
  it('sends no more marketing than the day has room for, the rest the next day; order mails go and count', async () => {
    const shop = await shopWith(12, 2);
    const day = async () => {
      await shop.send({ warmUp });
      for (let i = 0; i < 3; i += 1) {
        shop.clock.pass(60_000);
        await shop.review({ warmUp });
        await shop.send({ warmUp });
      }
    };
    await day();
    expect(steps(shop).filter((step) => step === 'receipt')).toHaveLength(2);
    expect(steps(shop).filter((step) => step === 'offer')).toHaveLength(3);
    shop.clock.pass(86_400_000);
    await day();
    expect(steps(shop).filter((step) => step === 'offer')).toHaveLength(11);
    shop.clock.pass(86_400_000);
    await day();
    expect(steps(shop).filter((step) => step === 'offer')).toHaveLength(12);
  });

  it('has no more room on the days before its plan begins than on the first', async () => {
    const shop = await shopWith(8, 0);
    const early = { since: '2026-03-09', perDay: [5, 8] };
    await shop.send({ warmUp: early });
    for (let i = 0; i < 3; i += 1) {
      shop.clock.pass(60_000);
      await shop.review({ warmUp: early });
      await shop.send({ warmUp: early });
    }
    expect(steps(shop).filter((step) => step === 'offer')).toHaveLength(5);
  });

  it('sends first to those who were lately seen, whoever was queued first, and says which day of the plan it is', async () => {
    const shop = await shopWith(40);
    const seen = async (n: number, at: string) =>
      shop.enrol(event('page.viewed', { id: `seen-${n}`, at, identities: { email: `a${n}@shop.example` } }));
    await seen(20, '2026-03-01T08:00:00.000Z');
    await seen(30, '2026-03-01T20:00:00.000Z');
    await seen(39, '2026-02-20T08:00:00.000Z');
    const three = { since: '2026-03-02', perDay: [3, 2, 1000] };
    for (let day = 0; day < 2; day += 1) {
      for (let i = 0; i < 3; i += 1) {
        await shop.send({ warmUp: three });
        expect(shop.mailer.mails.length).toBeLessThanOrEqual(5);
        shop.clock.pass(60_000);
        await shop.review({ warmUp: three });
      }
      if (day === 0)
        expect(shop.mailer.mails.map(({ to }) => to).sort()).toEqual([20, 30, 39].map((n) => `a${n}@shop.example`));
      expect((await loadFlow(shop.table)).plan).toEqual(three);
      shop.clock.pass(86_400_000);
      await shop.review({ warmUp: three });
    }
    expect(steps(shop)).toHaveLength(5);
    await shop.review();
    expect((await loadFlow(shop.table)).plan).toBeUndefined();
  });
});
