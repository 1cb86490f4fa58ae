import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { withheld } from '#shared/sending/permission.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { compiled, send } from '#test/build/journey.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { KnownFacts, message } from '#test/shared/condition/build.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const saying = (offers: 'granted' | 'denied' | 'unknown', traits: object = {}) =>
  profile({ consents: consents({ email: { offers } }), traits: traits as never });
const facts = Object.assign(new KnownFacts({}), { trigger: () => undefined, message: () => undefined });

const asked = (more: Partial<Parameters<typeof withheld>[0]> = {}, journey: object = {}) =>
  withheld({
    message: message({ lane: 'marketing' }),
    enrolment: enrolment(),
    journey: compiled({ steps: [send('reminder')], ...journey }),
    status: 'live',
    profile: saying('granted'),
    suppressed: false,
    alsoAsked: undefined,
    settings: settings(),
    segments: {},
    facts,
    now: NOW,
    zone: 'UTC',
    ...more,
  });
const service = message({ lane: 'transactional', topic: 'orders' });
const paused = { pausedUntil: '2026-03-03T00:00:00.000Z' };

describe('a mail may go', () => {
  it('when its contact has agreed to it and nothing stands against it', () => {
    expect(asked()).toBeUndefined();
  });

  it('without a yes when it is service', () => {
    expect(asked({ message: service, profile: saying('denied', paused) })).toBeUndefined();
  });

  it('when somebody else of the same address has said nothing, or yes', () => {
    expect(asked({ alsoAsked: profile() })).toBeUndefined();
    expect(asked({ alsoAsked: saying('granted') })).toBeUndefined();
  });
});

describe('a mail is withheld', () => {
  it.each<[string, Parameters<typeof asked>[0], string]>([
    ['of a journey that is archived', { status: 'archived' }, 'archived'],
    ['without an address', { profile: profile({ identities: {} }) }, 'no-address'],
    ['to an address that is suppressed, service too', { suppressed: true, message: service }, 'suppressed'],
    ['without a yes', { profile: saying('unknown') }, 'no-consent'],
    ['against a no', { profile: saying('denied') }, 'no-consent'],
    ['against the no of somebody else of the same address', { alsoAsked: saying('denied') }, 'no-consent'],
    ['while its contact pauses', { profile: saying('granted', paused) }, 'paused-by-contact'],
    ['while somebody else of the same address pauses', { alsoAsked: saying('granted', paused) }, 'paused-by-contact'],
    [
      'from whom the shop keeps out',
      { settings: settings({ suppress: { trait: 'staff', is: true } }), profile: saying('granted', { staff: true }) },
      'kept-out',
    ],
    ['of a passage that has left', { enrolment: enrolment({ state: 'exited' }) }, 'left'],
    [
      'of a passage that has left, service too',
      { enrolment: enrolment({ state: 'exited' }), message: service },
      'left',
    ],
  ])('%s', (_, given, why) => {
    expect(asked(given)).toBe(why);
  });
});

describe('a goal that is reached', () => {
  const converted: Enrolment = enrolment({ state: 'converted', ended: NOW });

  it('ends persuasion, not service', () => {
    const goal = { goal: { if: { event: 'purchase' } } };
    expect(asked({ enrolment: converted }, goal)).toBe('goal-reached');
    expect(asked({ enrolment: converted, message: service }, goal)).toBeUndefined();
  });

  it('ends nothing where the journey stays all the same', () => {
    expect(asked({ enrolment: converted }, { goal: { if: { event: 'purchase' }, leave: false } })).toBeUndefined();
  });
});
