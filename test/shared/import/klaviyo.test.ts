import { describe, expect, it } from 'vitest';
import { importOf, named } from './fixtures.ts';

const cart = importOf('klaviyo', named('klaviyo', 'cart'));
const birthday = importOf('klaviyo', named('klaviyo', 'birthday'));
const list = importOf('klaviyo', named('klaviyo', 'list'));

describe('what Klaviyo calls by another name', () => {
  it.each([
    [
      'MetricTrigger and trigger_filter',
      cart.journey?.trigger,
      { type: 'event', event: 'added-to-cart', where: { data: 'value', gt: 0 } },
    ],
    [
      'ListTrigger',
      list.journey?.trigger,
      { type: 'event', event: 'subscribed', where: { data: 'topic', is: 'list-y6nrlr' } },
    ],
    ['the topic of a list', list.journey?.topic, 'list-y6nrlr'],
    [
      'ProfilePropertyDateTrigger',
      birthday.journey?.trigger,
      { type: 'date', trait: 'Birthday', every: 'P1Y', before: 'P1W', at: '10:00' },
    ],
    [
      'its weekdays',
      birthday.step('right-weekday'),
      { type: 'wait', id: 'right-weekday', until: { days: ['tue', 'wed'], at: '10:00' } },
    ],
    ['reentry_criteria alltime 1', cart.journey?.entry?.again, undefined],
    ['profile_filter at entry', cart.journey?.entry?.if, { consent: 'marketing', channel: 'email' }],
    [
      'profile_filter at every action',
      cart.journey?.exits,
      [
        { if: { event: 'placed-order' }, outcome: 'filtered' },
        { if: { not: { consent: 'marketing', channel: 'email' } }, outcome: 'filtered' },
      ],
    ],
    [
      'time-delay with a second value',
      cart.step('wait-4-hours-30-minutes'),
      { type: 'wait', id: 'wait-4-hours-30-minutes', for: 'PT4H30M' },
    ],
    [
      'time-delay until',
      cart.step('wait-2-days'),
      {
        type: 'wait',
        id: 'wait-2-days',
        for: 'P2D',
        until: { days: ['mon', 'thu'], at: '18:30', zone: 'Europe/Warsaw' },
      },
    ],
    [
      'countdown-delay',
      birthday.step('before-the-day'),
      {
        type: 'wait',
        id: 'before-the-day',
        until: { trait: 'Birthday', every: 'P1Y', before: 'P2D', at: '09:00' },
        missed: 'continue',
      },
    ],
    [
      'target-date',
      birthday.step('the-day'),
      { type: 'wait', id: 'the-day', until: { trait: 'Birthday', every: 'P1Y', at: '08:00' }, missed: 'continue' },
    ],
    [
      'send-email with additional_filters',
      cart.step('cart-1-still-yours'),
      {
        ...{ type: 'send', id: 'cart-1-still-yours', name: 'Cart #1: still yours', template: 'cart-1-still-yours' },
        ...{ sender: 'anna-from-the-shop', if: { not: { trait: 'Favourite-Colour', startsWith: 'bl' } } },
      },
    ],
    [
      'a transactional message',
      birthday.step('happy-birthday'),
      { type: 'send', id: 'happy-birthday', name: 'Happy birthday', template: 'happy-birthday', topic: 'service' },
    ],
    [
      'send-mobile-push',
      birthday.step('soon'),
      { type: 'send', id: 'soon', name: 'Soon', template: 'soon', channel: 'push' },
    ],
    [
      'an action that was not live',
      cart.step('cart-sms')?.if,
      { sample: 0, note: 'TODO: this step waited for a person to send it.' },
    ],
    [
      'update-profile',
      cart.step('note-it'),
      {
        type: 'update',
        id: 'note-it',
        set: { 'offer-seen': 'yes', score: 5 },
        unset: ['old'],
        append: { interests: 'tea' },
      },
    ],
    [
      'list-update',
      cart.step('to-warm-leads'),
      { type: 'update', id: 'to-warm-leads', name: 'To warm leads', tag: ['warm-leads'] },
    ],
    [
      'send-webhook',
      cart.step('tell-crm'),
      { type: 'call', id: 'tell-crm', name: 'Tell CRM', endpoint: 'tell-crm', body: { data: '{"cart": true}' } },
    ],
    [
      'internal-alert',
      cart.step('tell-the-team'),
      {
        type: 'call',
        id: 'tell-the-team',
        name: 'Tell the team',
        endpoint: 'care',
        body: { subject: 'A cart was left' },
      },
    ],
    [
      'conditional-split whose yes is the end',
      cart.step('which'),
      {
        type: 'end',
        id: 'which',
        if: { event: 'placed-order', where: { data: 'Channel', is: ['web', 'app'] }, since: 'entry' },
      },
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });

  it('waits for what becomes of a message, and asks what a call answered', () => {
    expect(cart.step('what-came-of-it')).toMatchObject({
      type: 'waitFor',
      for: { message: 'cart-sms', is: 'clicked' },
      upTo: 'P3D',
    });
    expect(cart.step('what-came-of-it-2')).toMatchObject({ cases: [{ if: { step: 'tell-crm.status', is: 'ok' } }] });
  });

  it('waits until a product is there again', () => {
    expect(birthday.step('back-in-stock')).toMatchObject({
      for: { event: 'product.restocked', where: { data: 'productId', is: { trigger: 'productId' } } },
      upTo: 'P90D',
    });
  });

  it('keeps an experiment, its shares and how its winner is found', () => {
    expect(cart.step('offer-a')).toMatchObject({
      arms: [
        { name: 'A', weight: 60 },
        { name: 'B', weight: 40 },
      ],
      experiment: { metric: 'clicked', winner: { after: 'P14D', confidence: 95 } },
    });
  });

  it('asks the ways of a multi-branch split in their order', () => {
    expect(birthday.step('where-from')).toMatchObject({
      cases: [
        {
          name: 'Regulars',
          if: {
            all: [
              {
                any: [
                  { segment: 'segment-seg1' },
                  { sample: 0 },
                  { trait: 'purchases.next', next: 'P2W' },
                  { sample: 0 },
                ],
              },
              { sample: 50 },
            ],
          },
        },
        { name: 'Europe', if: { trait: 'location.country' } },
      ],
    });
  });

  it('asks by every kind of filter', () => {
    expect(birthday.step('which')).toMatchObject({
      cases: [
        {
          if: {
            any: [
              { trait: 'last-visit', after: 'now-P20D', before: 'now-P10D' },
              { trait: 'Birthday', next: 'P1W', every: 'P1Y' },
              { trait: 'vip', exists: true },
              { sample: 0 },
              { reachable: 'sms' },
              { not: { message: 'any', is: 'sent', channel: 'email' } },
            ],
          },
        },
      ],
    });
  });

  it('prints first names in our own words', () => {
    expect(cart.text('templates/cart-1-still-yours/email.mjml')).toContain(
      `"subject": "{{ contact.name.first | default: 'Hello' }}, your cart is waiting"`,
    );
  });
});

it('Klaviyo has what no journey can say, and the report says it', () => {
  const what = (lines: string[]) => lines.map((line) => line.slice(line.indexOf(': ') + 2));
  expect(what(cart.said('lost'))).toEqual([
    'Copies cannot be sent.',
    '"length-greater-than" of "Categories" cannot be expressed.',
    'A call has no headers of its own.',
    'WhatsApp is no channel here.',
    'No code runs in journeys.',
    'A call goes to one address; boss@shop.example get nothing.',
  ]);
  expect(what(birthday.said('lost'))).toEqual(
    expect.arrayContaining([
      'Nothing leads to this action.',
      'Nothing here predicts "predicted_clv".',
      'Distances cannot be asked for.',
      '"regex" of "email" cannot be expressed.',
    ]),
  );
});

it.each(['price-drop', 'low-inventory', 'telepathy'])('the trigger %s is lost, and the steps stay', (type) => {
  const { journey, said } = importOf('klaviyo', {
    name: 'F',
    definition: { triggers: [{ type }], entry_action_id: 'a', actions: [{ id: 'a', type: 'send-email', links: {} }] },
  });
  expect(journey).toMatchObject({ trigger: { type: 'manual' }, steps: [{ type: 'send' }] });
  expect(said('lost')).toHaveLength(1);
});

it.each([
  [{ duration: 0, unit: 'alltime' }, {}],
  [{ duration: 1, unit: 'alltime' }, undefined],
  [{ duration: 2, unit: 'week' }, { after: 'P2W' }],
  [null, {}],
])('re-entry %j is %j', (reentry_criteria, again) => {
  const definition = { triggers: [{ type: 'metric', id: 'm' }], reentry_criteria, entry_action_id: null, actions: [] };
  expect(importOf('klaviyo', { name: 'F', definition }).journey?.entry?.again).toEqual(again);
});
