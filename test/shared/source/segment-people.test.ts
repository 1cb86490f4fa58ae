import { describe, expect, it } from 'vitest';
import { segment } from '#shared/source/segment.ts';
import { readFacts } from '#shared/source/source.ts';
import { message, posted, track } from '#test/build/segment.ts';

const read = (content: object) => {
  const told = segment.tell(posted(content));
  return 'facts' in told ? readFacts(told.facts, 'segment') : told;
};
const one = (content: object) => {
  const told = read(content);
  if (!('events' in told)) throw new Error(JSON.stringify(told));
  expect(told.rejected).toEqual([]);
  return told.events[0];
};

describe('an identify', () => {
  it('tells who it is and what is known of them', () => {
    const traits = {
      ...{ email: 'Ann@Shop.Example', phone: '+48 123-456-789', firstName: 'Ann', lastName: 'Kowalska', id: 'x' },
      address: { city: 'Gdynia', country: 'PL', street: 'Long Lane 1' },
      createdAt: '2026-01-01T00:00:00Z',
      plan: 'gold',
      company: { name: 'Tea Ltd' },
      ['x'.repeat(101)]: 1,
    };
    const context = { traits: { plan: 'old', logins: 5 }, locale: 'pl-PL', timezone: 'Europe/Warsaw' };
    expect(one(message('identify', { traits, context, messageId: 'm-1' }))).toEqual({
      id: 'segment:message:m-1',
      type: 'customer.updated',
      at: '2026-03-01T08:00:00.000Z',
      source: 'segment',
      identities: { externalId: '4711', anonymousId: 'browser-1', email: 'ann@shop.example', phone: '+48123456789' },
      traits: {
        ...{ 'name.first': 'Ann', 'name.last': 'Kowalska', plan: 'gold', logins: 5, company: { name: 'Tea Ltd' } },
        ...{ locale: 'pl-PL', timeZone: 'Europe/Warsaw', 'location.city': 'Gdynia', 'location.country': 'PL' },
      },
      data: {},
    });
  });

  it('removes what it says is nothing', () => {
    expect(one(message('identify', { traits: { plan: null, firstName: null } }))?.traits).toEqual({
      plan: null,
      'name.first': null,
    });
  });

  it('passes on consents that say when they were given', () => {
    const consents = [{ channel: 'email', topic: 'news', state: 'granted', at: '2026-03-01T07:59:00Z' }];
    const identified = one(message('identify', { traits: { consents } }));
    const word = { ...consents[0], at: '2026-03-01T07:59:00.000Z', source: 'segment', wording: '' };
    expect(identified).toMatchObject({ consents: [word], traits: {} });
    expect(one(track('Song Played', { consents, n: 1 }))).toMatchObject({ consents: [word], data: { n: 1 } });
  });

  it('keeps the form and the words that a consent was given by', () => {
    const word = { channel: 'email', topic: 'news', state: 'granted', at: '2026-03-01T07:59:00Z' };
    const consents = [{ ...word, source: 'checkout box', wording: 'Yes' }];
    const identified = one(message('identify', { traits: { consents } }));
    expect(identified?.consents).toMatchObject([{ source: 'checkout box', wording: 'Yes' }]);
  });

  it('is put aside with a consent that does not, which would outlive every withdrawal', () => {
    const consents = [{ channel: 'email', topic: 'news', state: 'granted' }];
    expect(read(message('identify', { traits: { consents } }))).toMatchObject({
      events: [],
      rejected: [{ error: expect.stringContaining('consents.0.at: is missing') }],
    });
  });
});

it.each<[string, object, object]>([
  ['a user id that is an address', { userId: 'ann@shop.example' }, { email: 'ann@shop.example' }],
  ['an address that is none', { traits: { email: 'ann' } }, { externalId: '4711' }],
  ['a number', { userId: 4711 }, { externalId: '4711' }],
  ["RudderStack's context", { context: { traits: { email: 'a@b.example' } } }, { email: 'a@b.example' }],
])('who it was is said by %s', (_, given, identities) => {
  expect(one(message('identify', given))?.identities).toMatchObject(identities);
});

it.each(['Friend Invited', 'Product Viewed', 'Cart Viewed'])('an address that "%s" mentions is not theirs', (name) => {
  const invited = one(track(name, { email: 'friend@shop.example', phone: '+48111222333', cart_id: 'k1' }));
  expect(invited?.identities).toEqual({ externalId: '4711', anonymousId: 'browser-1' });
});

it.each<[string, object, object]>([
  ['alias', { userId: '4711', previousId: 'b-0', anonymousId: null }, { externalId: '4711', anonymousId: 'b-0' }],
  [
    'merge',
    {
      userId: null,
      mergeProperties: [
        { type: 'email', value: 'ann@shop.example' },
        { type: 'phone', value: '+48123456789' },
      ],
    },
    { email: 'ann@shop.example', phone: '+48123456789', anonymousId: 'browser-1' },
  ],
])('%s names both', (type, given, identities) => {
  expect(one(message(type, given))).toMatchObject({ type: 'customer.updated', data: {} });
  expect(one(message(type, given))?.identities).toEqual(identities);
});

it.each(['page', 'screen'])('%s is a page that was viewed', (type) => {
  const given = { name: 'Teas', category: 'Shop', properties: { url: 'https://shop.example/teas', title: 'Teas' } };
  expect(one(message(type, given))).toMatchObject({
    type: 'page.viewed',
    data: { name: 'Teas', category: 'Shop', url: 'https://shop.example/teas', title: 'Teas' },
  });
});

it.each<[string, object, string]>([
  ['a group', message('group', { groupId: 'g' }), 'no journey can use "group" calls'],
  ['nobody', track('Song Played', {}, { userId: null, anonymousId: '' }), 'it names nobody'],
  ['nothing at all', [], 'an empty batch'],
])('%s is ignored, with a word', (_, content, word) => {
  expect(read(content)).toEqual({ ignored: word });
});

it.each<[string, object | string, RegExp]>([
  ['what is no JSON', '{', /^the body is not JSON/],
  ['a call without a name', track('', {}), /without the name of its event/],
  ['no message', { hello: 1 }, /^Segment: type: /],
  ['a message without a time', { type: 'track', event: 'a', userId: 'b' }, /without a timestamp/],
  ['more than a thousand', Array.from({ length: 1001 }, () => ({})), /at most 1000/],
])('%s cannot be read, and why is said', (_, content, error) => {
  const delivery = typeof content === 'string' ? { headers: {}, text: content } : posted(content);
  expect(segment.tell(delivery)).toEqual({ error: expect.stringMatching(error) });
});

describe('a batch', () => {
  it('tells all that can be read, and only the rest is put aside', () => {
    const told = read([track('Song Played'), message('group'), { type: 5 }, message('identify')]);
    expect(told).toMatchObject({
      events: [{ type: 'song-played' }, { type: 'customer.updated' }],
      rejected: [{ index: 1 }],
    });
  });

  it('lends its time to messages that have none', () => {
    const text = JSON.stringify({ batch: [{ type: 'page', userId: 'a' }], sentAt: '2026-03-01T09:00:00+01:00' });
    const told = segment.tell({ headers: {}, text });
    expect(told).toMatchObject({ facts: [{ at: '2026-03-01T08:00:00.000Z' }] });
  });
});

it.each([
  ['timestamp', { timestamp: '2026-03-01T01:00:00.5Z' }, '2026-03-01T01:00:00.500Z'],
  ['originalTimestamp', { timestamp: null, originalTimestamp: '2026-03-01T02:00:00Z' }, '2026-03-01T02:00:00.000Z'],
  ['sentAt', { timestamp: 'noon', sentAt: '2026-03-01T03:00:00Z' }, '2026-03-01T03:00:00.000Z'],
])('the time is that of %s', (_, given, at) => {
  expect(one(track('Song Played', {}, given))?.at).toBe(at);
});
