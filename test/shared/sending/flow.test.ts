import { describe, expect, it } from 'vitest';
import { type Flow, flowSchema, haltOf, leftOf, rateOf, slowed } from '#shared/sending/flow.ts';
import { plusMillis } from '#shared/time/instant.ts';

const NOW = '2026-11-22T11:00:00.000Z';
const later = (ms: number): string => plusMillis(NOW, ms);
const ACCOUNT = { perSecond: 14, perDay: 1000, sent: 0, enabled: true, production: true, enforcement: 'HEALTHY' };
const account = (more: object = {}) => ({ ...ACCOUNT, at: NOW, reserved: 50, ...more });
const flow = (given: Flow = {}) => flowSchema.parse(given);
const halted = { at: NOW, reason: 'x' };

describe('mail stands still', () => {
  it.each<[string, Flow, string | undefined, string | undefined]>([
    ['not by itself', {}, undefined, undefined],
    ['where SES takes none', { stopped: halted }, 'account-stopped', 'account-stopped'],
    ['where marketing is paused', { pause: { ...halted, lanes: 'marketing', by: 'me' } }, 'mail-paused', undefined],
    ['where all is paused', { pause: { ...halted, lanes: 'all', by: 'me' } }, 'mail-paused', 'mail-paused'],
    ['where SES says that the quota is reached', { full: { at: NOW } }, 'quota', 'quota'],
    [
      'for marketing at nine tenths of the quota',
      { reserved: 50, account: account({ sent: 900 }) },
      'quota',
      undefined,
    ],
    ['not for marketing before', { reserved: 50, account: account({ sent: 899 }) }, undefined, undefined],
    ['for all at the quota', { reserved: 50, account: account({ sent: 1000 }) }, 'quota', 'quota'],
    [
      'for marketing where too much bounces',
      { trips: { all: { at: NOW, cause: 'bounces' } as never } },
      'breaker',
      undefined,
    ],
    ['for marketing where the day of a new domain is full', { warm: { until: later(1) } }, 'warm-up', undefined],
    ['not once that day is over', { warm: { until: NOW } }, undefined, undefined],
    [
      'by the account first',
      { stopped: halted, pause: { ...halted, lanes: 'all', by: 'me' }, full: { at: NOW } },
      'account-stopped',
      'account-stopped',
    ],
  ])('%s', (_, given, marketing, transactional) => {
    const known = { trips: {}, ...given } as Parameters<typeof haltOf>[0];
    expect(haltOf(known, 'marketing', NOW)).toBe(marketing);
    expect(haltOf(known, 'transactional', NOW)).toBe(transactional);
  });
});

describe('of the day’s quota is left', () => {
  it('no end where nothing is known of it', () => {
    expect(leftOf(flow(), 'marketing')).toBe(Number.POSITIVE_INFINITY);
    expect(leftOf(flow({ account: account({ perDay: 0 }) }), 'marketing')).toBe(Number.POSITIVE_INFINITY);
    expect(leftOf(flow({ account: account({ perDay: -1 }) }), 'transactional')).toBe(Number.POSITIVE_INFINITY);
  });

  it('what SES has not counted and we have not taken since', () => {
    expect(leftOf(flow({ reserved: 80, account: account({ sent: 100 }) }), 'transactional')).toBe(870);
    expect(leftOf(flow({ reserved: 80, account: account({ sent: 100 }) }), 'marketing')).toBe(770);
    // A row that was made anew counts from nothing.
    expect(leftOf(flow({ reserved: 10, account: account({ sent: 100 }) }), 'transactional')).toBe(900);
  });
});

describe('the rate', () => {
  it('is what the stage allows, or what SES does if that is less', () => {
    expect(rateOf(flow(), 20, NOW)).toBe(20);
    expect(rateOf(flow({ account: account() }), 20, NOW)).toBe(14);
    expect(rateOf(flow({ account: account() }), 10, NOW)).toBe(10);
    expect(rateOf(flow({ account: account({ perSecond: 0 }) }), 10, NOW)).toBe(10);
  });

  it('grows again by a twentieth of the whole in ten seconds, to the whole', () => {
    const slow = { at: NOW, rate: 5 };
    expect(rateOf(flow({ slow }), 10, NOW)).toBe(5);
    expect(rateOf(flow({ slow }), 10, later(10_000))).toBe(5.5);
    expect(rateOf(flow({ slow }), 10, later(100_000))).toBe(10);
    expect(rateOf(flow({ slow }), 10, later(10_000_000))).toBe(10);
    // By a clock that is behind.
    expect(rateOf(flow({ slow }), 10, later(-10_000))).toBe(5);
  });

  it('is halved when SES says that it is too much, once for all who are told at once', () => {
    expect(slowed(flow(), 10, NOW)).toEqual({ at: NOW, rate: 5 });
    const slow = { at: NOW, rate: 5 };
    expect(slowed(flow({ slow }), 10, later(1999))).toBeUndefined();
    expect(slowed(flow({ slow }), 10, later(2000))?.rate).toBeCloseTo(2.55);
  });

  it('is never less than a hundredth of the whole', () => {
    expect(slowed(flow({ slow: { at: NOW, rate: 0.1 } }), 100, later(2000))?.rate).toBe(1);
  });
});
