import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { compiled, send, tag, wait } from '#test/build/journey.ts';
import { NOW, type Situation, turn } from '#test/build/turn.ts';

const skip = (id: string, to: string, more: object = {}) => ({ type: 'skip', id, to, ...more });
const repeat = (id: string, times: number, steps: object[], more: object = {}) => ({
  type: 'repeat',
  id,
  times,
  steps,
  ...more,
});
const branch = (id: string, steps: object[], otherwise: object[] = []) => ({
  type: 'branch',
  id,
  cases: [{ if: { tag: 'vip' }, steps }],
  otherwise,
});

const pass = { type: 'emit', id: 'pass', event: 'passed', data: { pass: { step: 'r.pass' } } };

/** What a passage does from its beginning to its end, turn after turn, each at the moment that the one before asked for. */
function walk(steps: object[], given: Situation = {}): { did: string[]; passage: Enrolment; turns: number } {
  const journey = compiled({ steps });
  const did: string[] = [];
  let passage: Partial<Enrolment> = {};
  for (let turns = 1; turns < 1000; turns += 1) {
    const now = passage.cursor?.wakeAt ?? NOW;
    const result = turn(journey, passage, { now, ...given });
    for (const { step, visit } of result.messages) did.push(`${step}:${visit}`);
    for (const { data } of result.events) did.push(`pass ${data['pass']}`);
    for (const change of result.changes) if (change.kind === 'tag') did.push(change.tag);
    passage = result.enrolment;
    if (result.enrolment.state !== 'inside') return { did, passage: result.enrolment, turns };
  }
  throw new Error('no end');
}

describe('skip', () => {
  it('goes on at a later step of a list around it', () => {
    const steps = [branch('b', [tag('in'), skip('x', 'z'), tag('never')]), tag('y'), tag('z')];
    expect(walk(steps, { profile: { tags: ['vip'] } }).did).toEqual(['in', 'z']);
    expect(walk(steps).did).toEqual(['y', 'z']);
  });

  it('leaves a repeat for good, so that coming to it again begins with the first pass', () => {
    const inner = repeat('r', 3, [wait('w'), tag('once'), skip('out', 'after')]);
    const { did } = walk([repeat('outer', 2, [inner, tag('after')])]);
    expect(did).toEqual(['once', 'after', 'once', 'after']);
  });
});

describe('repeat', () => {
  it('runs so many passes, each with its own messages, and says in which it is', () => {
    const { did, passage } = walk([repeat('r', 3, [wait('w'), send('lesson'), pass]), tag('z')]);
    expect(did).toEqual(['lesson:1', 'pass 1', 'lesson:2', 'pass 2', 'lesson:3', 'pass 3', 'z']);
    expect(passage.visits['lesson']).toBe(3);
    expect(passage.left['r']).toMatchObject({ pass: 3 });
    expect(passage.passes).toBeUndefined();
  });

  it('asks before each pass whether it is over', () => {
    const until = { tag: 'vip' };
    expect(walk([repeat('r', 3, [wait('w'), tag('t')], { until })], { profile: { tags: ['vip'] } }).did).toEqual([]);
    const marks = { type: 'update', id: 'u', tag: ['vip'] };
    expect(walk([repeat('r', 3, [marks, wait('w')], { until })]).did).toEqual(['vip', 'vip', 'vip']);
  });

  it('asks for its own condition once, on arriving', () => {
    const untagging = { type: 'update', id: 'u', untag: ['vip'] };
    const steps = [repeat('r', 2, [untagging, wait('w'), tag('t')], { if: { tag: 'vip' } })];
    expect(walk(steps, { profile: { tags: ['vip'] } }).did).toEqual(['t', 't']);
    expect(walk(steps).did).toEqual([]);
  });

  it('inside of a repeat begins anew in each pass of the outer one', () => {
    const { did } = walk([repeat('o', 2, [repeat('r', 2, [wait('w'), pass]), wait('v')])]);
    expect(did).toEqual(['pass 1', 'pass 2', 'pass 1', 'pass 2']);
  });

  it('always ends, whatever stands in it', () => {
    const leaf = fc.constantFrom<object>(tag('a'), send('s'), { type: 'end', id: 'e' }, wait('w'));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(leaf, { maxLength: 4 }), (times, inner) => {
        const steps = inner.map((step, i) => ({ ...step, id: `x${i}` }));
        const { turns } = walk([repeat('r', times, [...steps, wait('last')]), tag('z')]);
        expect(turns).toBeLessThanOrEqual(times * 5 + 1);
      }),
    );
  });
});
