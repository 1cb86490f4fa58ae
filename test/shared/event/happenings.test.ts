import { describe, expect, it } from 'vitest';
import { happeningsIn } from '#shared/event/happenings.ts';
import { journey } from '#test/build/journey.ts';

const changed = (where?: object) => ({ event: 'trait.changed', ...(where && { where }) });
const trait = (...is: string[]) => ({ data: 'trait', is: is.length === 1 ? is[0] : is });

describe('happeningsIn', () => {
  it('finds what is named at the door, in the steps and inside a where', () => {
    const where = { any: [{ event: 'subscribed' }, { not: { event: ['purchase', 'tag.added'] } }] };
    expect(
      happeningsIn(
        journey({
          trigger: { type: 'event', event: 'message.clicked' },
          entry: { if: where },
          steps: [{ type: 'branch', id: 'b', cases: [{ if: { event: 'message.sent', gte: 3 }, steps: [] }] }],
        }),
      ).toSorted(),
    ).toEqual(['message.clicked', 'message.sent', 'subscribed', 'tag.added']);
  });

  it.each([
    [changed(), ['trait.changed']],
    [changed(trait('tier')), ['trait.changed/tier']],
    [
      changed({ all: [{ data: 'value', is: 'gold' }, trait('tier', 'points')] }),
      ['trait.changed/tier', 'trait.changed/points'],
    ],
    [changed({ any: [trait('tier'), trait('points')] }), ['trait.changed/tier', 'trait.changed/points']],
    [changed({ any: [trait('tier'), { data: 'value', is: 1 }] }), ['trait.changed']],
    [changed({ not: trait('tier') }), ['trait.changed']],
    [changed({ data: 'trait', is: { trigger: 'trait' } }), ['trait.changed']],
    [{ event: 'any' }, []],
  ])('of changed traits finds those that are asked for: %j', (condition, found) => {
    expect(happeningsIn(condition)).toEqual(found);
  });
});
