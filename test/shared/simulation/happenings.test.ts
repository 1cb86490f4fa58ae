import { describe, expect, it } from 'vitest';
import { runTests } from '#shared/story/run-tests.ts';
import { testFileSchema } from '#shared/story/story.ts';
import { journey, send, tag, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const shop = settings({ topics: { offers: { kind: 'marketing' } } });

/** What comes otherwise than expected, for a contact whose cart starts it. */
function faults(of: object, timeline: readonly object[], expected: object): readonly string[] {
  const file = testFileSchema.parse({
    journey: 'cart',
    contact: { consents: { email: ['offers'] } },
    tests: [
      {
        name: 't',
        timeline: [{ at: 'PT0S', event: 'cart.updated' }, ...timeline],
        until: 'P3D',
        expect: expected,
      },
    ],
  });
  return runTests(file, { settings: shop, segments: {}, journeys: [journey(of)] })[0]?.faults ?? ['did not run'];
}

const set = (to: object) => ({ type: 'update', id: 'u', set: to });

describe('a simulation', () => {
  it('tells journeys of what happens to the contact', () => {
    const gold = {
      event: 'trait.changed',
      where: {
        all: [
          { data: 'trait', is: 'tier' },
          { data: 'value', is: 'gold' },
        ],
      },
    };
    const of = { steps: [waitFor('w', gold, { then: [tag('got')] })] };
    expect(faults(of, [{ at: 'PT1H', profile: { set: { tier: 'gold' } } }], { tags: ['got'] })).toEqual([]);
    expect(faults(of, [{ at: 'PT1H', profile: { set: { tier: 'tin' } } }], { tags: [] })).toEqual([]);
  });

  it('tells journeys of what they change themselves, and of mails', () => {
    const tagged = { trigger: { type: 'event', event: ['cart.updated'] }, exits: [{ if: { event: 'tag.added' } }] };
    expect(faults({ ...tagged, steps: [tag('a'), waitFor('w', { event: 'x' })] }, [], { outcome: 'left' })).toEqual([]);
    const mailed = { steps: [send('m'), waitFor('w', { event: 'message.clicked' }, { then: [tag('got')] })] };
    expect(faults(mailed, [{ at: 'PT1H', message: 'm', is: 'clicked' }], { tags: ['got'] })).toEqual([]);
  });

  it('keeps what the event of a waitFor said', () => {
    const of = { steps: [waitFor('w', { event: 'purchase' }), set({ paid: { step: 'w.total' } })] };
    const bought = { at: 'PT2H', event: 'purchase', data: { total: 40 } };
    expect(faults(of, [bought], { traits: { paid: 40 } })).toEqual([]);
  });

  it('tells links apart', () => {
    const clicked = waitFor('w', { message: 'm', is: 'clicked', link: 'pay' }, { then: [tag('got')] });
    const click = (at: string, link: string) => ({ at, message: 'm', is: 'clicked', link });
    const of = { steps: [send('m'), clicked] };
    expect(faults(of, [click('PT1H', 'logo')], { tags: [], step: 'w', outcome: 'finished' })).not.toEqual([]);
    expect(faults(of, [click('PT1H', 'logo'), click('PT2H', 'pay')], { tags: ['got'] })).toEqual([]);
  });
});
