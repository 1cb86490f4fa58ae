import { describe, expect, it } from 'vitest';
import { recover } from '#functions/review/passage.ts';
import { review } from '#functions/review/review.ts';
import type { Account } from '#shared/sending/flow.ts';
import { changeFlow, loadFlow } from '#shared/store/flow.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const MINUTE = 60_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const WELL: Account = { perSecond: 50, perDay: 1000, sent: 0, enabled: true, production: true, enforcement: 'HEALTHY' };

const asking = (shop: HandShop, said: Partial<Account>, times: string[] = []) =>
  review({
    ...shop.deps,
    account: {
      ask: async () => {
        times.push(shop.clock.now());
        return { ...WELL, ...said };
      },
    },
  });

describe('of the account review counts', () => {
  it('nothing while SES takes mail', async () => {
    const shop = await HandShop.open([]);
    await asking(shop, {});
    expect(shop.metrics.counted).toEqual([]);
    const { account, stopped, full } = await loadFlow(shop.table);
    expect(account).toEqual({ ...WELL, at: shop.clock.now(), reserved: 0 });
    expect([stopped, full]).toEqual([undefined, undefined]);
  });

  it.each<[string, Partial<Account>, string]>([
    ['it is switched off', { enabled: false }, 'SendingDisabled'],
    ['SES has shut it down', { enforcement: 'SHUTDOWN' }, 'EnforcementStatus SHUTDOWN'],
    [
      'it is switched off while on probation',
      { enabled: false, enforcement: 'PROBATION' },
      'EnforcementStatus PROBATION',
    ],
  ])('each minute that %s, since when and why, until it is not any more', async (_, said, reason) => {
    const shop = await HandShop.open([]);
    const began = shop.clock.now();
    await asking(shop, said);
    shop.clock.pass(MINUTE);
    await asking(shop, said);
    expect(shop.metrics.counts).toEqual({ SendingStopped: 2 });
    expect((await loadFlow(shop.table)).stopped).toEqual({ at: began, reason });
    shop.clock.pass(MINUTE);
    await asking(shop, { enforcement: 'PROBATION' });
    expect(shop.metrics.counts).toEqual({ SendingStopped: 2 });
    expect(await loadFlow(shop.table)).not.toHaveProperty('stopped');
  });

  it('that its day is used up', async () => {
    const shop = await HandShop.open([]);
    await asking(shop, { sent: 999 });
    expect(shop.metrics.counts).toEqual({});
    shop.clock.pass(5 * MINUTE);
    await asking(shop, { sent: 1000 });
    expect(shop.metrics.counts).toEqual({ QuotaReached: 1 });
  });

  it('that SES does not answer; what it said last stands', async () => {
    const shop = await HandShop.open([]);
    await asking(shop, { perDay: 7 });
    shop.clock.pass(5 * MINUTE);
    const silent = { ask: () => Promise.reject(new Error('no route')) };
    await review({ ...shop.deps, account: silent });
    expect(shop.metrics.counted).toEqual([['AccountUnknown', 1]]);
    expect((await loadFlow(shop.table)).account?.perDay).toBe(7);
  });

  it('and asks once in five minutes, each minute while SES takes nothing', async () => {
    const shop = await HandShop.open([]);
    const times: string[] = [];
    const began = shop.clock.now();
    for (let i = 0; i < 11; i += 1) {
      await asking(shop, { enabled: i < 6 }, times);
      shop.clock.pass(MINUTE);
    }
    expect(times).toEqual([0, 5, 10].map((minutes) => plusMillis(began, minutes * MINUTE)));
    await asking(shop, {}, times);
    expect(times).toHaveLength(4);
  });
});

it('where nobody can be asked, mail is tried again after five minutes', async () => {
  const shop = await HandShop.open([]);
  const at = shop.clock.now();
  await shop.table.write(changeFlow({ set: [[['stopped'], { at, reason: 'x' }]] }));
  shop.clock.pass(5 * MINUTE - 1);
  await shop.review();
  expect(await loadFlow(shop.table)).toHaveProperty('stopped');
  shop.clock.pass(1);
  await shop.review();
  expect(await loadFlow(shop.table)).not.toHaveProperty('stopped');
  expect(shop.metrics.counts).toEqual({ SendingStopped: 1 });
});

describe('a plan for a new domain', () => {
  it('is noted for who asks how mail stands, anew when it changes, and no more when there is none', async () => {
    const shop = await HandShop.open([]);
    const plan = { since: '2026-03-01', perDay: [50, 100] };
    const noted = async (warmUp: typeof plan | undefined) => {
      await review({ ...shop.deps, warmUp } as never);
      return (await loadFlow(shop.table)).plan;
    };
    expect(await noted(plan)).toEqual(plan);
    expect(await noted({ ...plan, perDay: [50, 200] })).toEqual({ ...plan, perDay: [50, 200] });
    expect(await noted({ ...plan, since: '2026-03-02' })).toEqual({ ...plan, since: '2026-03-02' });
    expect(await noted(undefined)).toBeUndefined();
  });
});

describe('of what is due review counts', () => {
  it('which kind of row could not be reviewed', async () => {
    const shop = await HandShop.open([]);
    const due = { duePk: 'due#0', due: '2026-01-01T00:00:00.000Z' };
    const rows = { 'J#cart##0001': 'enrolment', 'M#m1': 'message', 'D#cart#': 'door' };
    for (const sk of Object.keys(rows))
      await shop.table.write({ kind: 'put', row: { pk: 'C#c', sk, ...due, quiet: 1 } });
    expect(await shop.review()).toBe(3);
    expect(new Set(shop.metrics.counted.map(([name, n, by]) => `${name} ${n} ${by?.['kind']}`))).toEqual(
      new Set(Object.values(rows).map((kind) => `ReviewFailed 1 ${kind}`)),
    );
  });

  it('that a parked mail could not be brought back; it stays, and comes with the next run', async () => {
    const shop = await HandShop.open([journey({ steps: [send('hello')] })]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    await shop.leg().run();
    const pause = { lanes: 'marketing', at: shop.clock.now(), by: 'ann', reason: 'sale' };
    await shop.table.write(changeFlow({ set: [[['pause'], pause]] }));
    await shop.send();
    await shop.table.write(changeFlow({ remove: [['pause']] }));
    shop.metrics.counted.splice(0);
    const refusing = { send: () => Promise.reject(new Error('no route')) };
    await shop.review({ outbox: { transactional: refusing, marketing: refusing } });
    expect(shop.metrics.counted).toEqual([['ReviewFailed', 1, { kind: 'parked' }]]);
    expect(shop.mailer.mails).toEqual([]);
    shop.clock.pass(15 * MINUTE);
    await shop.review();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('that a passage goes on in a new leg, and that one is put aside', async () => {
    const shop = await HandShop.open([journey({ steps: [wait('w')] })]);
    await shop.enrol(event('cart.updated'));
    const fails = (error: string) => {
      const { name, input } = shop.executions.started.at(-1) ?? { name: '', input: {} };
      shop.executions.abort(name);
      return recover({ detail: { status: 'FAILED', error, input: JSON.stringify(input) } }, shop.deps);
    };
    await fails('TypeError');
    expect(shop.metrics.counted).toEqual([['PassageRecovered', 1]]);
    expect((await shop.passage()).begun?.by).toBe('TypeError');
    for (let leg = 2; leg <= 9; leg += 1) await fails('');
    expect((await shop.passage()).begun?.by).toBe('FAILED');
    await fails(`Long${'x'.repeat(200)}`);
    expect(shop.metrics.counted.at(-1)).toEqual(['PassageStranded', 1]);
    expect((await shop.passage()).begun?.by).toBe(`Long${'x'.repeat(96)}`);
  });
});
