import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '#shared/diagram/characters.ts';
import { outline } from '#shared/diagram/outline.ts';
import { textOf } from '#shared/diagram/text.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { randomJourney } from '#test/build/random-journey.ts';

const printed = (given: Parameters<typeof journey>[0], numbers = {}): string[] =>
  textOf(outline(journey(given), numbers)).split('\n');

/** The tree without the header. */
const tree = (steps: readonly object[], numbers = {}): string[] => {
  const lines = printed({ steps }, numbers);
  return lines.slice(lines.lastIndexOf('', lines.length - 2) + 1, -1);
};

describe('a journey in the terminal', () => {
  it('begins with what it is for, who enters and when it ends', () => {
    const lines = printed({
      note: 'Brings them back.',
      goal: { if: { event: 'purchase' } },
      exits: [{ if: { tag: 'staff' }, outcome: 'staff' }],
    });
    expect(lines).toEqual([
      'Cart [cart]',
      'Brings them back.',
      '',
      'Status        live',
      'Topic         "offers"',
      'Starts        when cart.updated happens',
      'How often     once ever',
      'Goal          purchase happened',
      '              within 14 days of entry',
      'Leaves early  they are tagged "staff": ends as "staff"',
      '',
      'End as "finished"',
      '',
    ]);
  });

  it('is a tree of steps, arms and the steps in them', () => {
    const clicked = waitFor('back', { message: 'hello', is: 'clicked' }, { then: [wait('think', 'P2D'), tag('warm')] });
    expect(tree([send('hello'), clicked, { type: 'end', id: 'over', outcome: 'done' }])).toEqual([
      '├─ Send "hello" [hello]',
      '├─ Wait until "hello" was clicked [back]',
      '│  │  at most 1 day',
      '│  ├─ > in time:',
      '│  │  ├─ Wait 2 days [think]',
      '│  │  └─ Update the contact [warm]',
      '│  │     tag "warm"',
      '│  └─ > not in time: goes on',
      '└─ End as "done" [over]',
    ]);
  });

  it('says the name, the condition, the note and the numbers of a step', () => {
    const step = send('hello', { name: 'First mail', note: 'Be kind.', if: { consent: 'news' } });
    expect(tree([step], { hello: { sent: 5, clicked: 1 } })).toEqual([
      '└─ First mail [hello]',
      '   ? only if they agree to "news"',
      '   Send "hello"',
      '   * Be kind.',
      '   (5 sent; 1 clicked, 20 %)',
      'End as "finished"',
    ]);
  });

  it('tells who is passed over, and skips that lead nowhere', () => {
    const end = { type: 'end', id: 'over' };
    const split = { type: 'split', id: 'test', if: { tag: 'a' }, arms: [{ name: 'all', weight: 100, steps: [end] }] };
    expect(tree([split]).slice(-3)).toEqual([
      '   │  └─ End [over]',
      '   └─ > passed over: goes on',
      'End as "finished"',
    ]);
    expect(tree([{ type: 'skip', id: 'past', to: 'gone' }])[1]).toBe('   there is no such step further down');
  });

  it('has no line of more than 100 columns, no control characters, and every step once', () => {
    fc.assert(
      fc.property(randomJourney, (written) => {
        const text = textOf(outline(written));
        const lines = text.split('\n');
        expect(lines.filter((line) => columnsOf(line) > 100)).toEqual([]);
        expect(lines.filter((line) => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line))).toEqual([]);
        const joined = text.replace(/\n[│ ]*/g, ' ');
        for (const { step } of stepPlaces(written)) expect(joined.split(`[${step.id}]`).length).toBe(2);
      }),
    );
  });
});
