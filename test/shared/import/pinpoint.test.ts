import { describe, expect, it } from 'vitest';
import { importPinpoint } from '#shared/import/pinpoint/pinpoint.ts';
import { fixture, importOf, journeysOf, named } from './fixtures.ts';

const cart = importOf('pinpoint', named('pinpoint', 'cart'));
const many = importOf('pinpoint', named('pinpoint', 'segments'));
const welcome = importOf('pinpoint', fixture('docs/import/pinpoint-welcome.json'));
const [letter, newcomers, opened] = journeysOf(many);

describe('what Pinpoint calls by another name', () => {
  it.each([
    ['the name, in its own letters', cart.journey?.name, 'Брошенная корзина'],
    [
      'EventStartCondition',
      cart.journey?.trigger,
      { type: 'event', event: ['cart-left', 'cart.updated'], where: { data: 'total', gt: 20 } },
    ],
    ['its SegmentId', welcome.journey?.entry?.if, { segment: 'newsletter-readers' }],
    ['a SYSTEM event', opened?.trigger, { type: 'event', event: ['message.clicked', 'session.start'] }],
    [
      'SegmentStartCondition without refresh',
      letter?.trigger,
      { type: 'schedule', segment: 'readers', at: '2026-12-08T10:00:00+01:00' },
    ],
    [
      'SegmentStartCondition with refresh',
      newcomers?.trigger,
      { type: 'segment', segment: 'readers', when: 'enters', existing: true },
    ],
    [
      'Schedule with LocalTime, re-entry, holdout',
      cart.journey?.entry,
      { again: { after: 'P7D', atMost: 5 }, holdout: 10, from: '2026-11-02T09:00:00', to: '2026-12-31T23:59:00' },
    ],
    ['EndpointReentryCap 0', newcomers?.entry, { again: {} }],
    ['EndpointReentryCap 1', welcome.journey?.entry?.again, undefined],
    ['the caps', cart.journey?.caps, [{ count: 2, per: 'P1D' }, { count: 4, per: 'P7D' }, { count: 10 }]],
    ['QuietTime', welcome.journey?.quiet, [{ from: '21:00', to: '08:00' }]],
    [
      'OpenHours, as what lies between them',
      cart.journey?.quiet?.slice(0, 3),
      [
        { days: ['mon'], from: '00:00', to: '09:00', channels: ['email'] },
        { days: ['mon'], from: '12:00', to: '13:00', channels: ['email'] },
        { days: ['mon'], from: '18:00', to: '00:00', channels: ['email'] },
      ],
    ],
    [
      'days without open hours',
      cart.journey?.quiet?.[5],
      { days: ['thu', 'fri', 'sat', 'sun'], note: 'closed', channels: ['email'] },
    ],
    [
      'ClosedDays',
      cart.journey?.quiet?.at(-1),
      { dates: ['2026-12-31', '2027-01-02'], channels: ['sms'], note: 'New Year' },
    ],
    [
      'EMAIL, WaitForQuietTime false',
      cart.step('pismo-1'),
      { type: 'send', id: 'pismo-1', name: 'Письмо 1', template: 'cart-1', sender: 'care', expires: 'PT0S' },
    ],
    [
      'EMAIL, WaitForQuietTime true',
      welcome.step('hello'),
      { type: 'send', id: 'hello', name: 'Hello', template: 'welcome-hello', sender: 'birch-and-bean' },
    ],
    [
      'SMS, MessageType TRANSACTIONAL',
      cart.step('cart-sms'),
      {
        type: 'send',
        id: 'cart-sms',
        template: 'cart-sms',
        channel: 'sms',
        topic: 'service',
        sender: 'shop',
        expires: 'PT0S',
      },
    ],
    [
      'CUSTOM',
      welcome.step('tell-the-crm'),
      {
        type: 'call',
        id: 'tell-the-crm',
        name: 'Tell the CRM',
        endpoint: 'crm-birchandbean-example',
        body: { data: 'welcome finished' },
      },
    ],
    ['Wait', welcome.step('let-them-look'), { type: 'wait', id: 'let-them-look', name: 'Let them look', for: 'P2D' }],
    ['WaitUntil', cart.step('wait'), { type: 'wait', id: 'wait', until: '2026-12-24T10:00:00' }],
    ['EvaluationWaitTime', cart.step('wait-36-hours'), { type: 'wait', id: 'wait-36-hours', for: 'PT36H' }],
    [
      'SegmentGroups',
      many.file('segments/readers.json'),
      {
        $schema: '../schemas/1/segment.schema.json',
        id: 'readers',
        name: 'Readers',
        if: {
          any: [
            {
              all: [
                { any: [{ segment: 'vip' }, { segment: 'unknown-one' }] },
                {
                  not: {
                    any: [
                      { trait: 'bounced', is: 'yes' },
                      { event: 'any', within: 'P30D' },
                    ],
                  },
                },
              ],
            },
            { trait: 'topic', isNot: 'none' },
          ],
        },
      },
    ],
    [
      'an imported segment',
      welcome.file('segments/tea-drinkers.json'),
      {
        $schema: '../schemas/1/segment.schema.json',
        id: 'tea-drinkers',
        name: 'Tea drinkers',
        note: 'It was a list of contacts; a list is a tag here.',
        if: { tag: 'tea-drinkers' },
      },
    ],
    [
      'application settings',
      many.file('settings.json'),
      expect.objectContaining({
        quiet: [{ from: '22:00', to: '07:00' }],
        caps: [{ count: 3, per: 'P1D' }, { count: 5, per: 'P30D' }, { count: 2, per: 'P1D' }, { count: 100 }],
      }),
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });

  it('asks every kind of condition', () => {
    expect(cart.step('which')).toMatchObject({
      cases: [
        {
          if: {
            any: [
              {
                all: [
                  {
                    any: [
                      { trait: 'plan', contains: 'gold' },
                      { trait: 'plan', contains: 'silver' },
                    ],
                  },
                  { trait: 'member-since', before: '2026-01-01T00:00:00Z' },
                  { trait: 'lastVisit', after: '2026-01-01', before: '2026-06-01' },
                  { trait: 'joined', is: '2026-05-05' },
                  { trait: 'renewed', after: '2026-05-05' },
                  { trait: 'score', lte: 7 },
                  { not: { event: 'any', within: 'P7D' } },
                  { reachable: 'push' },
                  { trait: 'device.appVersion', is: '2.1' },
                  { trait: 'device.os', isNot: 'android' },
                  { trait: 'location.country', is: 'PL' },
                  { sample: 0 },
                ],
              },
              { segment: 'vip' },
              { event: 'purchase', where: { data: 'currency', is: 'EUR' } },
            ],
          },
        },
      ],
    });
    expect(cart.step('opened-the-first-one')).toMatchObject({
      cases: [{ if: { not: { message: 'pismo-1', is: ['opened', 'clicked'] } } }],
    });
  });

  it('splits by the same shares, and ends a holdout in the middle', () => {
    expect(cart.step('split')).toMatchObject({
      arms: [
        { name: 'A', weight: 40 },
        { name: 'B', weight: 50 },
        { name: 'rest', weight: 10 },
      ],
    });
    expect(cart.step('holdout-2')).toMatchObject({
      arms: [{ weight: 20, steps: [{ type: 'end', outcome: 'holdout' }] }, { weight: 80 }],
    });
  });

  it('writes how long a push message may wait into its template', () => {
    expect(cart.text('templates/cart-push/push.liquid')).toContain('"ttl": "PT3600S"');
  });
});

it('Pinpoint has what no journey can say, and the report says it', () => {
  const at = '$.WriteJourneyRequest';
  expect(cart.said('lost')).toEqual([
    `${at}.OpenHours.VOICE: There is no channel VOICE to keep open hours for.`,
    `${at}.TimezoneEstimationMethods[1]: Time zones cannot be read from postal codes.`,
    `${at}.JourneyChannelSettings: There are no voice calls here.`,
    expect.stringContaining('GPSPoint: Distances from a place cannot be asked for.'),
    `${at}.Activities.call.ContactCenter: Calls by Amazon Connect cannot be expressed.`,
    `${at}.Activities.lost: Nothing leads to this activity.`,
  ]);
  expect(many.said('lost').map((line) => line.split(': ')[1])).toEqual([
    'No code of the shop runs while sending.',
    'MessagesPerSecond of campaigns has no counterpart: there are no campaigns.'.split(': ')[0],
    'MaximumDuration of campaigns has no counterpart: there are no campaigns.'.split(': ')[0],
  ]);
});

it.each([[null], [[]], [{}], ['text'], [{ Activities: 7 }], [{ JourneyResponse: null }]])(
  '%j is no journey of Pinpoint',
  (json) => {
    expect(importPinpoint(json).files).toEqual([]);
  },
);
