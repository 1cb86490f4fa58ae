import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { runTests } from '#shared/story/run-tests.ts';
import { testFileSchema } from '#shared/story/story.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const shop = settings({ topics: { offers: { kind: 'marketing' } } });
const segments = {
  vip: { tag: 'vip' },
  quiet: { all: [{ event: 'purchase' }, { not: { event: 'purchase', within: 'P90D' } }] },
};

const bySegment = (segment: string, more: object = {}, rest: object = {}) =>
  journey({ id: 's', trigger: { type: 'segment', segment, when: 'enters', ...more }, steps: [send('hello')], ...rest });

function faults(journeys: Journey[], timeline: object[], expected: object, contact: object = {}): readonly string[] {
  const file = testFileSchema.parse({
    journey: journeys[0]?.id,
    start: '2026-03-02T10:00',
    contact: { consents: { email: ['offers'] }, ...contact },
    tests: [{ name: 't', timeline, until: 'P200D', expect: expected }],
  });
  const [outcome] = runTests(file, { settings: shop, segments, journeys });
  return outcome?.faults ?? ['did not run'];
}

const never = [{ at: 'P1D', event: 'page.viewed' }];

describe('a segment, in the story of a contact', () => {
  it('starts a journey for who comes into it', () => {
    const timeline = [{ at: 'P2D', profile: { tag: ['vip'] } }];
    expect(faults([bySegment('vip')], timeline, { messages: [{ step: 'hello', at: 'P2D' }] })).toEqual([]);
  });

  it('starts nothing for who was in it before, unless the journey takes them', () => {
    const contact = { tags: ['vip'] };
    expect(faults([bySegment('vip')], never, { outcome: 'not-entered' }, contact)).toEqual([]);
    const existing = bySegment('vip', { existing: true });
    expect(faults([existing], never, { messages: [{ step: 'hello', at: 'PT0S' }] }, contact)).toEqual([]);
  });

  it('starts a journey by time alone', () => {
    const timeline = [{ at: 'PT0S', event: 'purchase', data: { total: 5 } }];
    const [fault] = faults([bySegment('quiet')], timeline, { messages: [] });
    expect(fault).toMatch(/^expected no message, got "hello" after P90D/);
  });

  it('starts a journey for who leaves it', () => {
    const timeline = [{ at: 'P2D', profile: { untag: ['vip'] } }];
    const leaves = bySegment('vip', { when: 'leaves' });
    expect(faults([leaves], timeline, { messages: [{ step: 'hello', at: 'P2D' }] }, { tags: ['vip'] })).toEqual([]);
  });

  it('that a step moves the contact into starts a journey at once', () => {
    const first = journey({ id: 'a', steps: [{ type: 'enrol', id: 'e', journey: 's' }, tag('vip')] });
    // The other journey is played with it, since the first enrols into one: here it is started by the segment.
    const timeline = [{ at: 'P1D', event: 'cart.updated' }];
    const played = faults([{ ...bySegment('vip'), id: 's' }, first], timeline, { outcome: 'not-entered' });
    expect(played).toEqual([]);
    expect(faults([first, bySegment('vip')], timeline, { tags: ['vip'], outcome: 'finished' })).toEqual([]);
  });

  it('may be the goal of a passage that is over', () => {
    const goal = { if: { segment: 'vip' }, window: 'P30D' };
    const timeline = [
      { at: 'PT0S', event: 'cart.updated' },
      { at: 'P5D', profile: { tag: ['vip'] } },
    ];
    expect(faults([journey({ goal, steps: [send('a')] })], timeline, { outcome: 'converted' })).toEqual([]);
  });

  it('may be the goal of a passage that goes on, and what it waits for', () => {
    const timeline = [
      { at: 'PT0S', event: 'cart.updated' },
      { at: 'P5D', profile: { tag: ['vip'] } },
    ];
    const waiting = { type: 'waitFor', id: 'w', for: { segment: 'vip' }, upTo: 'P9D', then: [send('a')] };
    const steps = [waiting, wait('x')];
    expect(faults([journey({ steps })], timeline, { messages: [{ step: 'a', at: 'P5D' }] })).toEqual([]);
  });
});
