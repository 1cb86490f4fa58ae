import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { decidingParts } from '#shared/condition/explain.ts';
import { profile } from '#test/build/profile.ts';
import { conditionOf, scope } from './build.ts';

const here = scope({ profile: profile({ tags: ['yes'] }) });
const parts = (written: unknown) => decidingParts(conditionOf(written), here);
const yes = { tag: 'yes' };
const no = { tag: 'no' };

describe('what an answer hangs on', () => {
  it.each([
    ['one condition: itself', yes, [[yes, true]]],
    [
      'an "all" that is false: what is false in it',
      { all: [yes, no, { not: yes }] },
      [
        [no, false],
        [{ not: yes }, false],
      ],
    ],
    [
      'an "all" that is true: each part',
      { all: [yes, { not: no }] },
      [
        [yes, true],
        [{ not: no }, true],
      ],
    ],
    ['an "any" that is true: what is true in it', { any: [no, yes] }, [[yes, true]]],
    [
      'an "any" that is false: each part',
      { any: [no, { all: [yes, no] }] },
      [
        [no, false],
        [no, false],
      ],
    ],
  ])('is, of %s', (_, written, expected) => {
    expect(parts(written).map(({ condition, holds }) => [condition, holds])).toEqual(expected);
  });

  it('is never nothing, and answers as the whole does', () => {
    const leaf = fc.constantFrom<Condition>(conditionOf(yes), conditionOf(no));
    const tree = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        tie('condition').map((not) => ({ not })),
      ),
    })).condition;
    fc.assert(
      fc.property(tree, (condition) => {
        const found = decidingParts(condition, here);
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found.map(({ holds }) => holds))).toEqual(new Set([evaluate(condition, here)]));
      }),
    );
  });
});
