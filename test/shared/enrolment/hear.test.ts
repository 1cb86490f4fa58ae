import { describe, expect, it } from 'vitest';
import { fold } from '#shared/contact/fold.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { hear, hearFact, isOwed } from '#shared/enrolment/hear.ts';
import type { Consent, Event } from '#shared/event/event.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { consent, event } from '#test/build/event.ts';
import { compiled, send, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { scope } from '#test/shared/condition/build.ts';

const AT = '2026-03-02T09:00:00.000Z';
const TRIGGER = { event: 'cart-0', type: 'cart.updated', at: AT, arrived: AT };
const journey = compiled({
  goal: { if: { event: 'purchase', where: { data: 'total', gte: 20 } } },
  exits: [{ if: { event: ['order.cancelled', 'purchase'] } }],
  steps: [send('s'), waitFor('w', { event: 'purchase' }), waitFor('any', { event: 'any' })],
});

/** What is heard of an event that nobody has known of, or of one after these consents. */
const heardOf = (given: Partial<Event>, of = journey, before: readonly Consent[] = [], now = AT) => {
  const said = event('purchase', { at: AT, ...given });
  const known = fold(undefined, event('registration', { at: AT, consents: [...before] }), 'c1', settings());
  const { profile } = fold(known.profile, said, 'c1', settings());
  return hear(said, enrolment({ trigger: TRIGGER }), of, scope({ profile, now }), settings());
};

describe('an event', () => {
  it('is heard by all whom it concerns, active or not', () => {
    expect(heardOf({ data: { total: 20 } })).toEqual(['!goal/0', '!exit0/0', 'w/0', 'any/0']);
    expect(heardOf({ data: { total: 19 } })).toEqual(['!exit0/0', 'w/0', 'any/0']);
    expect(heardOf({ type: 'page.viewed' })).toEqual(['any/0']);
  });

  it('that started the passage is heard by nobody', () => {
    expect(heardOf({ id: 'cart-0', data: { total: 20 } })).toEqual([]);
  });

  it('from before the trigger is heard by who waits for it now, and not by goal and exits', () => {
    expect(heardOf({ at: plusMillis(AT, -1), data: { total: 20 } })).toEqual(['w/0', 'any/0']);
  });

  it('from before the trigger by a clock that is minutes slow is heard by goal and exits', () => {
    const minutesLater = plusMillis(AT, 120_000);
    const heard = heardOf({ at: plusMillis(AT, -60_000), data: { total: 20 } }, journey, [], minutesLater);
    expect(heard).toEqual(['!goal/0', '!exit0/0', 'w/0', 'any/0']);
  });

  it('that comes more than a day late is heard by goal and exits, and ends no wait', () => {
    const at = plusMillis(AT, 3_600_000);
    const dayLater = plusMillis(at, 86_400_001);
    expect(heardOf({ at, data: { total: 20 } }, journey, [], dayLater)).toEqual(['!goal/0', '!exit0/0']);
    expect(heardOf({ at: plusMillis(AT, -3_600_000), data: { total: 20 } }, journey, [], dayLater)).toEqual([]);
  });

  it.each([
    ['the journey’s topic', 'offers', true],
    ['all marketing', 'marketing', true],
    ['something else', 'orders', false],
  ])('that withdraws consent for %s', (_, topic, leaves) => {
    const heard = heardOf({ type: 'unsubscribed', consents: [consent(topic, AT, 'denied')] });
    expect(heard.includes('!unsubscribed')).toBe(leaves);
    expect(heardOf({ type: 'unsubscribed', consents: [consent(topic, AT)] })).not.toContain('!unsubscribed');
  });

  it('that withdraws consent on a channel on which the journey does not write changes nothing for it', () => {
    const consents: Consent[] = [{ ...consent('marketing', AT, 'denied'), channel: 'sms' }];
    expect(heardOf({ type: 'unsubscribed', consents })).not.toContain('!unsubscribed');
    const both = compiled({ steps: [send('s', { channel: ['sms', 'email'] })] });
    expect(heardOf({ type: 'unsubscribed', consents }, both)).toEqual([]);
    const all = [...consents, consent('offers', AT, 'denied')];
    expect(heardOf({ type: 'unsubscribed', consents: all }, both)).toEqual(['!unsubscribed']);
    const silent = compiled({ steps: [] });
    expect(heardOf({ type: 'unsubscribed', consents }, silent)).toEqual(['!unsubscribed']);
  });

  it('that tells late of a withdrawal, after which consent was given again, changes nothing', () => {
    const since = [consent('offers', plusMillis(AT, 1))];
    const consents = [consent('offers', AT, 'denied')];
    expect(heardOf({ type: 'unsubscribed', consents }, journey, since)).not.toContain('!unsubscribed');
    expect(heardOf({ type: 'unsubscribed', consents }, journey)).toContain('!unsubscribed');
  });

  it('that withdraws nothing is no withdrawal, whatever stood before it', () => {
    const before = [consent('offers', plusMillis(AT, 1), 'denied')];
    expect(heardOf({ type: 'registration' }, journey, before)).toEqual(['any/0']);
    expect(heardOf({ type: 'registration', consents: [consent('offers', AT)] }, journey, before)).toEqual(['any/0']);
    const other = [{ ...consent('offers', AT), topic: 'news' }];
    expect(heardOf({ type: 'registration', consents: other }, journey, before)).toEqual(['any/0']);
    const elsewhere = [consent('news', AT, 'denied')];
    expect(heardOf({ type: 'registration', consents: elsewhere }, journey, before)).toEqual(['any/0']);
  });

  it('that withdraws consent is nothing to a transactional journey', () => {
    const orders = compiled({ topic: 'orders' });
    expect(heardOf({ type: 'unsubscribed', consents: [consent('marketing', AT, 'denied')] }, orders)).toEqual([]);
  });
});

describe('a fact of a message', () => {
  const listening = compiled({
    goal: { if: { message: 's', is: 'answered' } },
    steps: [
      send('s'),
      send('t'),
      waitFor('c', { message: 's', is: 'clicked' }),
      waitFor('d', { any: [{ message: 's', isNot: 'opened' }, { message: 't' }] }),
    ],
  });

  it.each([
    ['clicked', ['c/0', 'd/0']],
    ['answered', ['!goal/0', 'd/0']],
    ['opened', ['d/0']],
    ['delivered', []],
  ] as const)('that it was %s is heard by who asks for it, or for what it implies', (fact, ids) => {
    expect(hearFact(listening, 's', fact)).toEqual(ids);
  });

  it.each(['withheld', 'unknown', 'failed', 'bounced'] as const)(
    'that it is %s is heard by all who wait for it',
    (fact) => {
      expect(hearFact(listening, 's', fact)).toEqual(['!goal/0', 'c/0', 'd/0']);
    },
  );

  it('of another step is heard by who asks for that', () => {
    expect(hearFact(listening, 't', 'delivered')).toEqual(['d/1']);
    expect(hearFact(listening, 'no-such', 'failed')).toEqual([]);
  });
});

describe('a wake is owed', () => {
  const passage = (given: Partial<Enrolment>, ...ids: string[]) =>
    isOwed(
      enrolment({
        seq: 2,
        turnSeq: 1,
        cursor: { step: 'w', visit: 1, began: AT, wakeAt: AT },
        heard: Object.fromEntries(ids.map((id) => [id, { n: 1, event: 'e', type: 'purchase', at: AT }])),
        ...given,
      }),
    );

  it.each([
    ['the step where the passage stands', ['w/0'], true],
    ['its goal', ['!goal/0'], true],
    ['an exit', ['!exit3/1'], true],
    ['withdrawn consent', ['!unsubscribed'], true],
    ['a step to come', ['later/0'], false],
    ['a step whose name begins alike', ['w2/0'], false],
    ['nobody', [], false],
  ])('when something was heard since the last turn by %s', (_, ids, owed) => {
    expect(passage({}, ...ids)).toBe(owed);
  });

  it('before the first turn and after the end only by goal, exits and what concerns all', () => {
    expect(passage({ cursor: null }, 'w/0')).toBe(false);
    expect(passage({ cursor: null }, '!goal/0')).toBe(true);
  });

  it('not when the last turn knew of it already', () => {
    expect(passage({ turnSeq: 2 }, 'w/0')).toBe(false);
  });
});
