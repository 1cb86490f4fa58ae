import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { runTests } from '#shared/story/run-tests.ts';
import { testFileSchema } from '#shared/story/story.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const shop = settings({ topics: { offers: { kind: 'marketing' } }, senders: { default: { email: 'a@shop.example' } } });

/** What one test of the journey says, with a contact in Warsaw who has agreed to offers. */
function faults(of: Journey, test: object, print?: Parameters<typeof runTests>[2]): readonly string[] {
  const file = testFileSchema.parse({
    journey: of.id,
    start: '2026-03-02T20:30',
    contact: { traits: { timeZone: 'Europe/Warsaw' }, consents: { email: ['offers'] } },
    tests: [
      {
        name: 't',
        timeline: [{ at: 'PT0S', event: 'cart.updated', data: { total: 9 } }],
        until: 'P14D',
        expect: {},
        ...test,
      },
    ],
  });
  const [outcome] = runTests(file, { settings: shop, segments: {}, journeys: [of] }, print);
  return outcome?.faults ?? ['did not run'];
}

const clicked = waitFor('clicked', { message: 'a', is: 'clicked' }, { then: [tag('keen')] });
const cart = journey({
  goal: { if: { event: 'purchase' }, value: 'total' },
  steps: [
    send('a'),
    clicked,
    { type: 'wait', id: 'day', until: { from: '09:00', to: '20:00' } },
    send('b'),
    wait('c', 'P9D'),
  ],
});
const MAILS = [
  { step: 'a', at: 'PT0S' },
  { step: 'b', at: '2026-03-04T09:00' },
];

describe('the test of a journey', () => {
  it('passes when everything comes as expected', () => {
    const expected = { messages: MAILS, outcome: 'finished', tags: [], traits: {} };
    expect(faults(cart, { expect: expected })).toEqual([]);
  });

  it('says why a contact did not enter', () => {
    const expected = { outcome: 'finished' };
    expect(faults({ ...cart, entry: { if: { tag: 'vip' } } }, { expect: expected })).toEqual([
      'expected the outcome "finished", got "not-entered". They never entered: the entry rule says no; not so: they are tagged "vip"',
    ]);
    expect(faults(cart, { timeline: [{ at: 'PT0S', event: 'purchase' }], expect: expected })).toEqual([
      'expected the outcome "finished", got "not-entered". They never entered: nothing of the timeline has started it by then',
    ]);
  });

  it('hears of clicks and purchases', () => {
    const timeline = [
      { at: 'PT0S', event: 'cart.updated' },
      { at: 'PT3H', message: 'a', is: 'clicked' },
      { at: 'P2D', event: 'purchase', data: { total: 12 } },
    ];
    expect(faults(cart, { timeline, expect: { outcome: 'converted', value: 12, tags: ['keen'] } })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a message too many', { messages: [{ step: 'a' }] }, 'expected no further message, got "b" after P1DT12H30M'],
    ['any message', { messages: [] }, 'expected no message, got "a" after PT0S'],
    ['a message that does not come', { messages: [...MAILS, { step: 'a' }] }, 'expected "a", got no further message'],
    ['another message', { messages: [{ step: 'b' }, { step: 'a' }] }, 'expected "b", got "a" after PT0S'],
    [
      'another time',
      { messages: [{ step: 'a', at: 'PT5M' }, { step: 'b' }] },
      'expected "a" at PT5M, got it after PT0S',
    ],
    [
      'another clock',
      { messages: [{ step: 'a' }, { step: 'b', at: '2026-03-04T08:00' }] },
      'expected "b" at 2026-03-04T08:00, got it at 2026-03-04 09:00:00',
    ],
    [
      'another channel',
      { messages: [{ step: 'a', channel: 'sms' }, { step: 'b' }] },
      'expected "a" on sms, got it on email',
    ],
    ['another outcome', { outcome: 'converted' }, 'expected the outcome "converted", got "finished"'],
    ['who should still be inside', { outcome: 'inside', step: 'c' }, 'expected the outcome "inside", got "finished"'],
    ['another tag', { tags: ['keen'] }, 'expected the tags keen, got none'],
    ['another trait', { traits: { tier: 'gold' } }, 'expected the trait "tier" to be "gold", got nothing'],
    ['another value', { value: 5 }, 'expected the value 5, got none'],
  ])('fails for %s', (_, expected, said) => {
    expect(faults(cart, { expect: expected })[0]).toBe(said);
  });

  it('reads the text of a message', () => {
    const print = () => 'Subject\nCode TEST10\n';
    const expected = {
      messages: [
        { step: 'a', says: ['TEST10', 'Subject'] },
        { step: 'b', says: ['no'] },
      ],
    };
    expect(faults(cart, { expect: expected }, print)).toEqual(['expected "b" to say "no", and it does not']);
  });

  it('fails for what cannot happen as it says', () => {
    const timeline = [{ at: 'P1D', message: 'b', is: 'clicked' }];
    expect(faults(cart, { timeline })).toEqual([
      'at P1D: "b" cannot be "clicked": it was not sent by then. They never entered: nothing of the timeline has started it by then',
    ]);
  });

  it('changes the contact, and lets them withdraw consent', () => {
    const timeline = [
      { at: 'PT0S', event: 'cart.updated' },
      { at: 'PT1H', profile: { tag: ['vip'], set: { tier: 'gold' } } },
      { at: 'PT2H', profile: { withdraw: { email: ['offers'] } } },
    ];
    const expected = { outcome: 'unsubscribed', tags: ['vip'], traits: { tier: 'gold' }, messages: [{ step: 'a' }] };
    expect(faults(cart, { timeline, expect: expected })).toEqual([]);
  });

  it('begins a manual journey, and sees the events that it emits', () => {
    const manual = journey({
      trigger: { type: 'manual' },
      steps: [{ type: 'emit', id: 'e', event: 'course.finished' }, send('a')],
    });
    const timeline = [{ at: 'PT0S', enrol: 'cart', data: { ticket: '7' } }];
    expect(faults(manual, { timeline, expect: { outcome: 'finished', events: ['course.finished'] } })).toEqual([]);
  });

  it('has no holdout unless it asks for one', () => {
    const held = journey({ entry: { holdout: 100 }, goal: { if: { event: 'purchase' } }, steps: [send('a')] });
    expect(faults(held, { expect: { outcome: 'finished' } })).toEqual([]);
    expect(faults(held, { holdout: true, expect: { outcome: 'held', messages: [] } })).toEqual([]);
  });
});

describe('a test of calls', () => {
  const shopWithCrm = { ...shop, endpoints: { crm: { https: 'https://crm.example/', secret: 'crm' } } };
  const asks = { type: 'call', id: 'ask', endpoint: 'crm', body: { cart: { trigger: 'total' } }, answer: true };
  const of = journey({
    steps: [
      { ...asks, otherwise: [tag('refused')] },
      { type: 'update', id: 'u', set: { tier: { step: 'ask.tier' } } },
    ],
  });
  const faultsOf = (test: object): readonly string[] => {
    const file = testFileSchema.parse({
      journey: 'cart',
      tests: [
        {
          name: 't',
          timeline: [{ at: 'PT5M', event: 'cart.updated', data: { total: 9 } }],
          until: 'P1D',
          expect: {},
          ...test,
        },
      ],
    });
    return runTests(file, { settings: shopWithCrm, segments: {}, journeys: [of] })[0]?.faults ?? ['did not run'];
  };

  it('sees what an endpoint was told, and what became of its answer', () => {
    const calls = [{ step: 'ask', at: 'PT5M', endpoint: 'crm', body: { cart: 9 } }];
    expect(faultsOf({ answers: { crm: { tier: 'gold' } }, expect: { calls, traits: { tier: 'gold' } } })).toEqual([]);
    expect(faultsOf({ answers: { crm: false }, expect: { calls, tags: ['refused'] } })).toEqual([]);
    expect(faultsOf({ expect: { calls, tags: [] } })).toEqual([]);
  });

  it('says what came otherwise', () => {
    expect(faultsOf({ expect: { calls: [] } })).toEqual(['expected the calls none, got "ask"']);
    const wrong = [{ step: 'ask', at: 'PT1H', endpoint: 'erp', body: { cart: 8, more: 1 } }];
    expect(faultsOf({ expect: { calls: wrong } })).toEqual([
      'expected the call "ask" at PT1H, got it after PT5M',
      'expected the call "ask" to "erp", got it to "crm"',
      'expected "ask" to tell "cart": 8, got 9',
      'expected "ask" to tell "more": 1, got nothing',
    ]);
  });
});
