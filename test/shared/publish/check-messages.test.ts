import { describe, expect, it } from 'vitest';
import { checkSegment } from '#shared/publish/check-segment.ts';
import type { CheckContext } from '#shared/publish/context.ts';
import { context, facts, said, send } from '#test/build/checked.ts';

const journeys = { welcome: facts({ sends: ['hello', 'start'] }) };
const asked = (message: string, given: Partial<CheckContext> = {}) =>
  said(
    {
      steps: [
        send('first'),
        { type: 'branch', id: 'b', cases: [{ name: 'a', if: { message }, steps: [send('second')] }] },
      ],
    },
    context({ journeys, ...given }),
  ).filter((text) => text.startsWith('E'));

describe('a condition about the messages of another journey', () => {
  it.each(['welcome/hello', 'welcome/any', 'any', 'j/second', 'j/any'])('is taken: %s', (message) => {
    expect(asked(message)).toEqual([]);
  });

  it.each([
    ['welcome/helo', 'E15 There is no send step "helo" in the journey "welcome". Did you mean "hello"?'],
    ['welcom/hello', 'E15 There is no journey "welcom". Did you mean "welcome"?'],
    ['j/secnd', 'E15 There is no send step "secnd" in the journey "j". Did you mean "second"?'],
    ['j/b', 'E15 There is no send step "b" in the journey "j". There are "first", "second".'],
  ])('with a slip of the pen is refused: %s', (message, text) => {
    expect(asked(message)).toEqual([text]);
  });

  it('asks of one whose file waits to go live whatever it likes: nobody knows yet what it sends', () => {
    expect(asked('cart/nudge', { coming: ['cart'] })).toEqual([]);
    expect(asked('welcome/next', { coming: ['welcome'] })).toEqual([]);
  });

  it('asks of one that is archived: its messages stay', () => {
    expect(asked('sale/last', { archived: ['sale'] })).toEqual([]);
  });

  it('asks of its own steps that earlier versions had', () => {
    const inside = { steps: ['older'], standing: {}, hash: 'h' };
    expect(asked('j/older', { inside })).toEqual([]);
    expect(asked('welcome/older', { inside })).toHaveLength(1);
  });

  it('is held to the same in a segment', () => {
    const text = JSON.stringify({ id: 'a', name: 'A', if: { message: 'welcome/helo', is: 'clicked' } });
    const { remarks } = checkSegment('segments/a.json', text, context({ journeys }));
    expect(remarks.map(({ message }) => message)).toContain(
      'There is no send step "helo" in the journey "welcome". Did you mean "hello"?',
    );
  });
});
