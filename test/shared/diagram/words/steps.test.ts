import { describe, expect, it } from 'vitest';
import { sayStep } from '#shared/diagram/words/steps.ts';
import { stepSchema } from '#shared/journey/journey.ts';

const said = (step: object) => sayStep(stepSchema.parse({ id: 'x', ...step }));

/** Title first, then the further lines. */
const CASES: readonly (readonly [step: object, lines: readonly string[]])[] = [
  [{ type: 'send', template: 'offer' }, ['Send "offer"']],
  [
    {
      ...{ type: 'send', template: 'offer', channel: ['push', 'sms', 'email'], topic: 'news', sender: 'care' },
      ...{
        locale: 'pl',
        data: { percent: 10, name: { trait: 'name' } },
        survey: 'nps',
        when: 'best',
        expires: 'PT12H',
      },
    },
    [
      'Send "offer"',
      'by push, else SMS, else e-mail',
      'on "news"',
      'from "care"',
      'in the language "pl"',
      'with percent = 10 and name = their name',
      'with the survey "nps"',
      'at their best hour',
      'at most 12 hours late',
    ],
  ],
  [
    {
      ...{ type: 'send', template: 'offer', when: { days: ['tue'], at: '10:00' }, expires: 'PT0S' },
      products: {
        ...{ list: 'goes-with', for: { trigger: 'items.productId' }, count: 4, atLeast: 2 },
        where: { data: 'price', lte: { trigger: 'total' } },
      },
    },
    [
      'Send "offer"',
      `with 4 products of "goes-with" for the trigger's items.productId (its price is at most the trigger's total); not sent if there are fewer than 2`,
      'only Tue 10:00',
      'at once or not at all',
    ],
  ],
  [{ type: 'wait', for: 'P2D' }, ['Wait 2 days']],
  [{ type: 'wait', until: { days: ['thu'], at: '18:00' } }, ['Wait until Thu 18:00']],
  [
    { type: 'wait', for: 'PT4H', until: { days: ['mon', 'tue', 'wed'], from: '10:00', to: '18:00' } },
    ['Wait 4 hours, then until it is Mon-Wed 10:00-18:00'],
  ],
  [{ type: 'wait', until: 'best' }, ['Wait until their best hour']],
  [{ type: 'wait', until: '2026-12-24T10:00' }, ['Wait until 24 December 2026, 10:00']],
  [
    { type: 'wait', until: { step: 'code.expiresAt', before: 'P2D', at: '10:00' }, missed: 'end' },
    [
      'Wait until 2 days before the expiresAt of step "code", 10:00',
      'if that day is missing, past or more than a year ahead: end here',
    ],
  ],
  [
    { type: 'wait', for: { trait: 'cycle', otherwise: 'P30D' }, missed: 'continue' },
    ['Wait their cycle (30 days if unknown)', 'if that day is missing, past or more than a year ahead: go on'],
  ],
  [{ type: 'waitFor', for: { event: 'purchase' }, upTo: 'P1D' }, ['Wait until purchase happened', 'at most 1 day']],
  [{ type: 'branch', cases: [{ if: { tag: 'a' }, steps: [] }] }, ['The first that is true']],
  [{ type: 'split', arms: [{ name: 'a', weight: 100, steps: [] }] }, ['Split at random']],
  [
    {
      ...{ type: 'split', arms: [{ name: 'a', weight: 100, steps: [] }] },
      experiment: { metric: 'goal', winner: { after: 'P14D', confidence: 95 } },
    },
    [
      'Split at random',
      'an experiment, measured by who reaches the goal',
      'from 14 days on newcomers go to the winner, if it is certain to 95 %',
    ],
  ],
  [
    {
      ...{ type: 'split', arms: [{ name: 'a', weight: 100, steps: [] }] },
      experiment: { metric: { tag: 'woken' }, winner: 'manual' },
    },
    ['Split at random', 'an experiment, measured by whether they are tagged "woken"', 'a person picks the winner'],
  ],
  [
    {
      ...{
        type: 'update',
        set: { tier: { trigger: 'tier' } },
        unset: ['trial', 'old'],
        add: { points: 100, debt: -5 },
      },
      ...{ append: { interests: 'tea' }, remove: { interests: 'coffee' }, tag: ['vip'], untag: ['new', 'cold'] },
      consent: { marketing: 'denied', news: 'denied' },
    },
    [
      'Update the contact',
      "set tier to the trigger's tier",
      'clear trial and old',
      'add 100 to points',
      'subtract 5 from debt',
      'add "tea" to the list interests',
      'take "coffee" out of the list interests',
      'tag "vip"',
      'untag "new" and "cold"',
      'withdraw the consent to marketing',
      'withdraw the consent to "news"',
    ],
  ],
  [{ type: 'coupon', pool: 'cart-10', valid: 'P7D', otherwise: [] }, ['Give a code of "cart-10"', 'valid for 7 days']],
  [
    { type: 'call', endpoint: 'crm', body: { order: { trigger: 'orderId' } }, answer: true },
    ['Call "crm"', "with order = the trigger's orderId", 'and wait for the answer'],
  ],
  [
    { type: 'emit', event: 'course.finished', data: { course: 'espresso' } },
    ['Raise the event course.finished', 'with course = "espresso"'],
  ],
  [{ type: 'enrol', journey: 'beans', data: { n: 1 } }, ['Start the journey "beans"', 'with n = 1']],
  [{ type: 'leave', journey: ['a', 'b'] }, ['Take them out of "a" and "b"']],
  [
    { type: 'repeat', times: 4, until: { event: 'done', since: 'entry' }, steps: [] },
    ['Repeat up to 4 times', 'until done happened since their entry'],
  ],
  [{ type: 'repeat', times: 1, steps: [] }, ['Repeat once']],
  [{ type: 'skip', to: 'story' }, ['Go on at "story"']],
  [{ type: 'end' }, ['End']],
  [{ type: 'end', outcome: 'not-bought' }, ['End as "not-bought"']],
];

describe('steps in words', () => {
  it.each(CASES)('%j is %j', (step, lines) => {
    const { title, lines: further } = said(step);
    expect([title, ...further]).toEqual(lines);
  });
});

describe('arms in words', () => {
  it.each([
    [{ type: 'waitFor', for: { tag: 'a' }, upTo: 'P1D' }, [{ label: 'in time' }, { label: 'not in time' }], undefined],
    [
      {
        type: 'branch',
        cases: [
          { name: 'tea', if: { tag: 'a' }, steps: [] },
          { if: { tag: 'b' }, steps: [] },
        ],
      },
      [
        { label: 'tea', condition: 'if they are tagged "a"' },
        { label: 'if they are tagged "b"' },
        { label: 'all others' },
      ],
      undefined,
    ],
    [{ type: 'split', arms: [{ name: 'a', weight: 12.5, steps: [] }] }, [{ label: 'a: 12.5 %' }], undefined],
    [{ type: 'coupon', pool: 'p', otherwise: [] }, [{ label: 'no code is left' }], 'with a code'],
    [{ type: 'call', endpoint: 'crm' }, [{ label: 'it fails' }], 'done'],
    [{ type: 'repeat', times: 2, steps: [] }, [{ label: 'each time' }], undefined],
    [{ type: 'end' }, undefined, undefined],
  ])('%j has %j', (step, arms, through) => {
    expect(said(step)).toMatchObject({ ...(arms && { arms }), ...(through && { through }) });
    expect(said(step).arms).toEqual(arms);
  });
});
