import { describe, expect, it } from 'vitest';
import { type Counted, NOTHING_SENT } from '#shared/sending/caps.ts';
import { type Gated, mayGoAt } from '#shared/sending/gate.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { compiled } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { scope } from '#test/shared/condition/build.ts';

// A Monday, ten in the morning in Warsaw.
const NOW = '2026-03-02T09:00:00.000Z';
const NIGHT = { from: '21:00', to: '09:00' };
const EVENING = '2026-03-02T20:30:00.000Z';

type Given = {
  now?: string;
  quiet?: Settings['quiet'];
  caps?: Settings['caps'];
  counted?: Counted;
  journey?: object;
  zone?: string;
  tags?: string[];
} & Partial<Pick<Gated, 'channel' | 'topic' | 'when'>>;

const ask = ({
  now = NOW,
  quiet = [],
  caps = [],
  counted = NOTHING_SENT,
  journey = {},
  zone = 'Europe/Warsaw',
  ...more
}: Given = {}) => {
  const { tags = [], channel = 'email', topic = 'offers', when } = more;
  const shop = settings({ quiet, caps });
  return mayGoAt(
    { journey: compiled(journey), channel, topic, when },
    { scope: scope({ now, settings: shop, profile: profile({ tags }) }), counted: () => counted, zone },
  );
};
const oneMail: Counted = {
  sent: [{ at: plusMillis(EVENING, -86_400_000 + 3_600_000), channel: 'email', topic: 'offers', journey: 'cart' }],
  ever: {},
};

describe('a message', () => {
  it.each<[string, Given, ReturnType<typeof mayGoAt>]>([
    ['goes at once when nothing stands against it', {}, { at: NOW }],
    [
      'waits for the last of two quiet times that are on',
      { now: EVENING, quiet: [NIGHT, { from: '20:00', to: '23:00' }] },
      { at: '2026-03-03T08:00:00.000Z', hold: 'quiet' },
    ],
    [
      'waits for the last of two quiet times that are on, whichever comes first',
      { now: EVENING, quiet: [{ from: '20:00', to: '23:00' }, NIGHT] },
      { at: '2026-03-03T08:00:00.000Z', hold: 'quiet' },
    ],
    ['goes at once outside of quiet time', { quiet: [NIGHT] }, { at: NOW }],
    [
      'waits for the end of quiet time, over midnight',
      { quiet: [NIGHT], now: EVENING },
      { at: '2026-03-03T08:00:00.000Z', hold: 'quiet' },
    ],
    [
      'has its quiet time on the clock of the contact',
      { quiet: [NIGHT], now: EVENING, zone: 'America/New_York' },
      { at: EVENING },
    ],
    ['of another channel does not wait', { quiet: [{ ...NIGHT, channels: ['sms'] }], now: EVENING }, { at: EVENING }],
    ['of service does not wait', { quiet: [NIGHT], now: EVENING, topic: 'orders' }, { at: EVENING }],
    [
      'waits for the quiet time that its journey adds',
      { journey: { quiet: [NIGHT] }, now: EVENING },
      { at: '2026-03-03T08:00:00.000Z', hold: 'quiet' },
    ],
    [
      'waits for quiet times that follow each other',
      { quiet: [NIGHT, { from: '08:00', to: '12:00' }], now: EVENING },
      { at: '2026-03-03T11:00:00.000Z', hold: 'quiet' },
    ],
    [
      'waits through days that are quiet as a whole',
      { quiet: [{ dates: ['2026-03-02', '2026-03-03'] }] },
      { at: '2026-03-03T23:00:00.000Z', hold: 'quiet' },
    ],
    [
      'waits for its own window, also when it is service',
      { when: { days: ['thu'], from: '18:00', to: '20:00' }, topic: 'orders' },
      { at: '2026-03-05T17:00:00.000Z', hold: 'window' },
    ],
    [
      'never goes when its window lies in quiet time',
      { when: { from: '22:00', to: '23:00' }, quiet: [NIGHT] },
      { at: undefined, hold: 'window' },
    ],
    [
      'waits until a cap allows it',
      { caps: [{ count: 1, per: 'P1D' }], counted: oneMail, now: EVENING },
      { at: plusMillis(EVENING, 3_600_000), hold: 'cap' },
    ],
    [
      'waits for the morning after a cap allows it at night',
      { caps: [{ count: 1, per: 'P1D' }], counted: oneMail, now: plusMillis(EVENING, -3_600_000), quiet: [NIGHT] },
      { at: '2026-03-03T08:00:00.000Z', hold: 'cap' },
    ],
    ['is not capped for whom the cap is not meant', { caps: [{ count: 0, if: { tag: 'vip' } }] }, { at: NOW }],
    [
      'never goes when a cap of none is meant for them',
      { caps: [{ count: 0, if: { tag: 'vip' } }], tags: ['vip'] },
      { at: undefined, hold: 'cap' },
    ],
    [
      'is capped by its journey',
      { journey: { caps: [{ count: 1, per: 'P1D' }] }, counted: oneMail, now: EVENING },
      { at: plusMillis(EVENING, 3_600_000), hold: 'cap' },
    ],
    [
      'is not capped by what another journey sent, if the cap is its journey’s',
      { journey: { id: 'other', caps: [{ count: 1, per: 'P1D' }] }, counted: oneMail, now: EVENING },
      { at: EVENING },
    ],
    ['of service is not capped', { caps: [{ count: 0 }], topic: 'orders' }, { at: NOW }],
  ])('%s', (_, given, expected) => {
    expect(ask(given)).toEqual(expected);
  });
});
