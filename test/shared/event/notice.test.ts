import { describe, expect, it } from 'vitest';
import { factHappenings, messageHappening, profileHappenings } from '#shared/event/notice.ts';
import { consents, profile } from '#test/build/profile.ts';
import { message } from '#test/shared/condition/build.ts';

const AT = '2026-11-22T11:00:00.000Z';
const CAUSE = { id: 'e1', at: AT, hops: 2 };

describe('what became of a message', () => {
  it('is an event of its contact, one hop further', () => {
    expect(messageHappening(message({ hops: 1 }), { fact: 'clicked', at: AT, link: 'https://shop.example/' })).toEqual({
      id: expect.any(String),
      type: 'message.clicked',
      at: AT,
      source: 'tropa',
      contact: 'c1',
      identities: {},
      hops: 2,
      data: {
        journey: 'cart',
        step: 'reminder',
        message: 'm1',
        channel: 'email',
        topic: 'offers',
        template: 'cart-reminder',
        link: 'https://shop.example/',
      },
    });
    expect(messageHappening(message(), { fact: 'sent', at: AT }).hops).toBe(1);
  });

  it('meets itself when it is told again, and no other', () => {
    const id = (...[given, told]: Parameters<typeof messageHappening>) => messageHappening(given, told).id;
    const one = id(message(), { fact: 'clicked', at: AT, link: 'a' });
    expect(id(message(), { fact: 'clicked', at: '2026-11-23T11:00:00.000Z', link: 'a' })).toBe(one);
    const others = [
      id(message(), { fact: 'clicked', at: AT, link: 'b' }),
      id(message(), { fact: 'clicked', at: AT }),
      id(message(), { fact: 'opened', at: AT, link: 'a' }),
      id(message({ id: 'm2' }), { fact: 'clicked', at: AT, link: 'a' }),
    ];
    expect(new Set([one, ...others]).size).toBe(5);
  });

  it('of one that was not sent says why', () => {
    const withheld = message({ facts: { withheld: AT }, reason: 'no-consent' });
    expect(factHappenings(withheld)).toMatchObject([
      { type: 'message.withheld', at: AT, data: { reason: 'no-consent' } },
    ]);
    expect(factHappenings(message({ facts: { sent: AT, opened: AT } }))).toEqual([]);
  });
});

describe('what changed on a profile', () => {
  const told = (before: Parameters<typeof profile>[0], after: Parameters<typeof profile>[0]) =>
    profileHappenings(profile(before), profile(after), CAUSE).map(({ type, data }) => [type, data]);

  it('is told of the contact, at the time of its cause, one hop further', () => {
    const [one] = profileHappenings(undefined, profile({ tags: ['tea'] }), CAUSE);
    expect(one).toEqual({
      id: expect.any(String),
      type: 'tag.added',
      at: AT,
      source: 'tropa',
      contact: 'c1',
      identities: {},
      hops: 3,
      data: { tag: 'tea' },
    });
    const ids = profileHappenings(undefined, profile({ tags: ['tea', 'cups'] }), CAUSE).map(({ id }) => id);
    expect(ids[0]).toBe(one?.id);
    expect(ids[1]).not.toBe(one?.id);
  });

  it('is nothing where nothing did', () => {
    const same = { tags: ['tea'], traits: { a: 1, list: ['x'] }, consents: consents({ email: { offers: 'granted' } }) };
    expect(told(same, { ...same, traits: { a: 1, list: ['x'] } })).toEqual([]);
  });

  it('are tags that came and went', () => {
    expect(told({ tags: ['tea'] }, { tags: ['cups'] })).toEqual([
      ['tag.added', { tag: 'cups' }],
      ['tag.removed', { tag: 'tea' }],
    ]);
  });

  it('are traits with what they were and what they are', () => {
    const changes = told({ traits: { a: 1, gone: 'x', list: [1] } }, { traits: { a: 2, fresh: true, list: [1, 2] } });
    expect(changes).toEqual([
      ['trait.changed', { trait: 'a', value: 2, before: 1 }],
      ['trait.changed', { trait: 'gone', before: 'x' }],
      ['trait.changed', { trait: 'list', value: [1, 2], before: [1] }],
      ['trait.changed', { trait: 'fresh', value: true }],
    ]);
  });

  it('are consents that are another than before', () => {
    const before = { consents: consents({ email: { offers: 'granted', news: 'denied', tips: 'granted' } }) };
    const after = consents({
      email: { offers: 'denied', news: 'granted', tips: 'unknown' },
      sms: { offers: 'granted' },
    });
    expect(told(before, { consents: after })).toEqual([
      ['unsubscribed', { topic: 'offers', channel: 'email' }],
      ['subscribed', { topic: 'news', channel: 'email' }],
      ['subscribed', { topic: 'offers', channel: 'sms' }],
    ]);
  });
});
