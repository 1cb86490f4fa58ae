import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { narrate } from '#shared/story/narrate.ts';
import { storyFileSchema } from '#shared/story/story.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const shop = settings({
  topics: { offers: { kind: 'marketing' } },
  senders: { default: { email: 'a@shop.example' } },
  quiet: [{ from: '21:00', to: '09:00' }],
});

/** What and why, without the moments. */
function told(of: Journey, given: object = {}, others: readonly Journey[] = []): string[] {
  const { tests } = storyFileSchema.parse({
    journey: of.id,
    tests: [
      {
        start: '2026-03-02T20:30',
        contact: { traits: { timeZone: 'Europe/Warsaw' }, consents: { email: ['offers'] } },
        timeline: [{ at: 'PT0S', event: 'cart.updated', data: { total: 9 } }],
        ...given,
      },
    ],
  });
  const [test] = tests;
  if (!test) throw new Error('no test');
  const world = { settings: shop, segments: {}, journeys: [of, ...others] };
  const { rows } = narrate(
    { ...test, until: test.until ?? 'P90D' },
    { journey: of.id },
    world,
    () => 'Hello\nand more',
  );
  return rows.map(({ what, why }) => (why === '' ? what : `${what} | ${why}`));
}

describe('a story told', () => {
  it('says what goes out, what is held back, and what is not sent', () => {
    const of = journey({ steps: [send('a'), wait('hour', 'PT1H'), send('b'), send('c', { expires: 'PT0S' })] });
    expect(
      told(of, {
        timeline: [
          { at: 'PT0S', event: 'cart.updated' },
          { at: 'PT2H', profile: { withdraw: { email: ['offers'] } } },
        ],
      }),
    ).toEqual([
      'cart.updated',
      'enters | starts when cart.updated happens',
      'sends "hello" by e-mail: “Hello” | they agreed to "offers"',
      'waits until Mon 2026-03-02 21:30 | "hour": wait 1 hour',
      'holds "hello" back until Tue 2026-03-03 09:00 | quiet time',
      'the contact changes: { "withdraw": { "email": [ "offers" ] } }',
      'leaves: unsubscribed | they withdrew consent',
    ]);
    const without = told(of, { contact: { consents: {} } });
    expect(without[2]).toBe('does not send "hello" | they have not agreed to its topic');
  });

  it('says which way it goes, and what decided', () => {
    const cases = [{ name: 'big', if: { trigger: 'total', gte: 50 }, steps: [tag('big')] }];
    const of = journey({
      entry: { if: { consent: 'offers' } },
      steps: [
        { type: 'branch', id: 'value', cases },
        { ...tag('vip'), if: { tag: 'known' } },
        { type: 'repeat', id: 'twice', times: 2, steps: [wait('day')] },
        { type: 'end', id: 'over', outcome: 'done' },
      ],
    });
    expect(told(of).filter((row) => !row.startsWith('waits'))).toEqual([
      'cart.updated { "total": 9 }',
      'enters | they agree to "offers"',
      '"value": takes the others’ way | not so: the trigger\'s total is at least 50',
      'passes over "vip" | not so: they are tagged "known"',
      '"twice": 1 of 2',
      '"twice": 2 of 2',
      '"twice": done | 2 times',
      'leaves: done | "over" ends it',
    ]);
    const big = told(of, { timeline: [{ at: 'PT0S', event: 'cart.updated', data: { total: 60 } }] });
    expect(big[2]).toBe('"value": takes "big" | the trigger\'s total is at least 50');
    expect(big[3]).toBe('update the contact, tag "big"');
  });

  it('hears of goals, and says of what nothing comes', () => {
    const of = journey({
      entry: { key: 'cartId' },
      goal: { if: { event: 'purchase' }, value: 'total' },
      steps: [waitFor('seen', { event: 'product.viewed' }, { upTo: 'P3D' })],
    });
    const timeline = [
      { at: 'PT0S', event: 'cart.updated' },
      { at: 'PT1H', event: 'cart.updated', data: { cartId: 'c1' } },
      { at: 'PT2H', event: 'page.viewed' },
      { at: 'PT3H', event: 'purchase', data: { total: 5 } },
    ];
    expect(told(of, { timeline })).toEqual([
      'cart.updated | starts nothing without "cartId"',
      'cart.updated { "cartId": "c1" }',
      'enters for "c1" | starts when cart.updated happens',
      'waits until Thu 2026-03-05 21:30 at most | "seen": until product.viewed happened',
      'page.viewed | nothing comes of it yet',
      'purchase { "total": 5 }',
      'reaches the goal, worth 5 | purchase happened',
      'leaves: converted | the goal is reached',
    ]);
  });

  it('names another journey that this one starts, and says when no code is left', () => {
    const other = journey({ id: 'course', trigger: { type: 'manual' }, steps: [send('lesson')] });
    const of = journey({
      steps: [
        { type: 'coupon', id: 'code', pool: 'ten', otherwise: [] },
        { type: 'enrol', id: 'next', journey: 'course' },
      ],
    });
    const rows = told(of, { coupons: { ten: [] } }, [other]);
    expect(rows).toContain('gives no code | no code is left in "ten"');
    expect(rows).toContain('course: sends "hello" by e-mail: “Hello” | they agreed to "offers"');
    expect(told(of, {}, [other])).toContain('gives the code TEN-1 | give a code of "ten"');
  });
});
