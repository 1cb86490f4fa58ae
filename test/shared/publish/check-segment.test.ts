import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { context } from '#test/build/checked.ts';

const check = (condition: object, segments: Record<string, Condition> = {}) =>
  checkSegment('segments/a.json', JSON.stringify({ id: 'a', name: 'A', if: condition }), context({ segments }));
const said = (condition: object, segments: Record<string, Condition> = {}) =>
  check(condition, segments).remarks.map((r) => `${r.code} ${r.message}`);

describe('a segment file', () => {
  it('is taken with everything that can be asked about a contact', () => {
    const all = [
      { trait: 'points', gte: 5 },
      { tag: ['vip'] },
      { segment: 'b' },
      { consent: 'offers' },
      { event: 'purchase', where: { data: 'total', gt: 5 }, within: 'P30D' },
      { reachable: 'email' },
      { sample: 5 },
      { now: { days: ['sat'] } },
    ];
    expect(check({ all }, { b: { tag: 'b' } })).toMatchObject({ remarks: [], segment: { id: 'a' } });
  });

  it.each([
    ['E06 The file is named "a", the segment "b". Make them the same.', { id: 'b', name: 'B', if: { tag: 'x' } }],
    ['E02 A segment has no "iff". Did you mean "if"?', { id: 'a', name: 'A', if: { tag: 'x' }, iff: 1 }],
    ['E49 A segment needs "name".', { id: 'a', if: { tag: 'x' } }],
  ])('is told: %s', (expected, file) => {
    const { segment, remarks } = checkSegment('segments/a.json', JSON.stringify(file), context());
    expect(segment).toBeUndefined();
    expect(remarks.map((r) => `${r.code} ${r.message}`)).toEqual([expected]);
  });

  it.each([
    ['E16 Segment "a" defines itself. Take it out of its own condition.', { not: { segment: 'a' } }, {}],
    [
      'E16 Segments "a" and "b" define each other. Take one of them out of the other.',
      { segment: 'b' },
      { b: { segment: 'a' } },
    ],
    [
      'E16 Segments "a", "b" and "c" define each other. Take one of them out of the other.',
      { all: [{ tag: 'x' }, { segment: ['c'] }] },
      { c: { not: { segment: 'b' } }, b: { any: [{ tag: 'y' }, { segment: 'a' }] } },
    ],
    ['E15 There is no segment "bb". Did you mean "b"?', { segment: 'bb' }, { b: { tag: 'b' } }],
    ['E17 Nobody has a trait "pionts". Did you mean "points"?', { trait: 'pionts', gt: 5 }, {}],
    [
      'E22 "trigger" belongs to a journey; here there is only the contact. Ask by "trait", "tag" or "event".',
      { trigger: 'total', gt: 5 },
      {},
    ],
    ['E22 "data" is for the events inside "where".', { data: 'total', gt: 5 }, {}],
    ['E24 There is no send step "first".', { message: 'first', is: 'clicked' }, {}],
    [
      'E50 The trait "rfm.class" is not available yet. Ask for purchases.count, purchases.total or purchases.last.',
      { trait: 'rfm.class', is: 'lost' },
      {},
    ],
  ] satisfies [string, object, Record<string, Condition>][])('is told: %s', (expected, condition, segments) => {
    expect(said(condition, segments)).toEqual([expected]);
  });

  it('is published with a remark when there are more than fifty, and refused when all are too long', () => {
    const segments = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`s${i}`, { tag: 'x' }]));
    expect(said({ tag: 'x' }, segments)).toEqual(['W53 These are 51 segments. Keep the few that decide something.']);
    expect(said({ tag: 'x' }, { b: { tag: 'x'.repeat(300_000) } })).toEqual([
      'E51 All segments together have at most 256 KB. Remove those that nobody needs.',
    ]);
  });
});
