import { describe, expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import { context, end, journeyText, said, send, wait } from '#test/build/checked.ts';

const step = (given: object) => ({ steps: [{ id: 'a', ...given }] });
const asks = (condition: unknown) => ({ entry: { if: condition } });

describe('what does not fit the grammar', () => {
  it.each([
    [
      'an unknown key, nearly right',
      step({ type: 'waitFor', for: { event: 'a' }, upTo: 'P1D', upToo: 'P1D' }),
      'E02 "waitFor" has no "upToo". Did you mean "upTo"?',
    ],
    ['an unknown key, far off', step({ type: 'end', colour: 'red' }), 'E02 "end" has no "colour".'],
    ['an unknown key of the journey', { gaol: {} }, 'E02 A journey has no "gaol". Did you mean "goal"?'],
    [
      'an unknown key of the door',
      { entry: { again: { afer: 'P1D' } } },
      'E02 "again" has no "afer". Did you mean "after"?',
    ],
    [
      'an unknown key of a window',
      step({ type: 'wait', until: { form: '10:00', to: '11:00' } }),
      'E02 "until" has no "form". Did you mean "from"?',
    ],
    [
      'a channel as a step',
      step({ type: 'sms' }),
      'E03 There is no step "sms". Did you mean "send" with "channel": "sms"?',
    ],
    ['a word of another tool', step({ type: 'delay' }), 'E03 There is no step "delay". Did you mean "wait"?'],
    ['a step misspelt', step({ type: 'waitfor' }), 'E03 There is no step "waitfor". Did you mean "waitFor"?'],
    [
      'a step without its type',
      step({}),
      'E03 This step has no "type". There are send, wait, waitFor, branch, split, update, coupon, call, emit, enrol, leave, repeat, skip, end.',
    ],
    ['a trigger misspelt', { trigger: { type: 'events' } }, 'E03 There is no trigger "events". Did you mean "event"?'],
    [
      'an id with capitals',
      { steps: [end('Last One')] },
      'E05 An id has small Latin letters, digits and "-". How about "last-one"? Put the name into "name".',
    ],
    [
      'an id in another script',
      { steps: [end('письмо')] },
      'E05 An id has small Latin letters, digits and "-". How about "pismo"? Put the name into "name".',
    ],
    ['a duration in words', { steps: [wait('a', { for: '2 days' })] }, 'E07 "2 days" is not a duration. Write "P2D".'],
    [
      'a duration that is none',
      { steps: [wait('a', { for: 'soon' })] },
      'E07 "soon" is not a duration. Write "PT30M", "P2D" or "P1M".',
    ],
    [
      'days after the T',
      { steps: [wait('a', { for: 'PT2D' })] },
      'E10 Days stand before the T, hours after it: "P2D".',
    ],
    [
      'hours before the T',
      { steps: [wait('a', { for: 'P1D12H' })] },
      'E10 Days stand before the T, hours after it: "P1DT12H".',
    ],
    [
      'two questions in one',
      asks({ trait: 'a', tag: 'b' }),
      'E20 A condition asks one thing; here are "trait" and "tag". Put two into "all".',
    ],
    [
      'no question',
      asks({ evnt: 'a' }),
      'E20 A condition asks one thing, such as "event" or "trait"; here is none. Did you mean "event"?',
    ],
    ['a text as a condition', asks('always'), 'E49 A condition stands between "{" and "}".'],
    ['an empty any', asks({ any: [] }), 'E21 An empty "any" is never true. Put a condition into it.'],
    [
      'consent given',
      step({ type: 'update', consent: { offers: 'granted' } }),
      'E42 A journey may withdraw consent, never give it: write "denied", or take it out.',
    ],
    ['a number as text', asks({ trait: 'points', gt: '5' }), 'E49 Here belongs a number, not "5".'],
    ['a status that is none', { status: 'alive' }, 'E49 "alive" cannot stand here. Did you mean "live"?'],
    [
      'a message status that is none',
      { goal: { if: { message: 'first', is: 'clickd' } } },
      'E49 "clickd" cannot stand here. Did you mean "clicked"?',
    ],
    [
      'a moment that is none',
      { steps: [wait('a', { until: 'tomorrow' })] },
      'E49 "tomorrow" does not fit: a time looks like "2026-12-24" or "2026-12-24T10:00".',
    ],
    ['something missing', { trigger: undefined }, 'E49 A journey needs "trigger".'],
    ['something missing in a step', step({ type: 'send' }), 'E49 "send" needs "template".'],
    ['a number too great', { priority: 101 }, 'E49 "priority" must be at most 100.'],
    [
      'a template by its path',
      { steps: [send('a', { template: 'templates/cart-reminder/email.mjml' })] },
      'E05 A template is named by its folder. Write "cart-reminder".',
    ],
    [
      'a duration without its unit',
      { steps: [wait('a', { for: 2 })] },
      'E07 A duration says its unit. Write "P2D" for 2 days, "PT2H" for 2 hours.',
    ],
    [
      'a step that is no list',
      { steps: wait('a', { for: 'P2D' }) },
      'E49 Here belongs a list in "[ ]", not an object in "{ }".',
    ],
    ['a list that is no list', { steps: {} }, 'E49 Here belongs a list in "[ ]", not {}.'],
    [
      'too many cases',
      step({ type: 'branch', cases: Array.from({ length: 21 }, () => ({ if: { sample: 1 }, steps: [] })) }),
      'E51 "cases" has at most 20 here. Take some out.',
    ],
  ])('%s', (_, changes, expected) => {
    expect(said(changes)).toEqual([expected]);
  });

  it('is held against the step that it says it is, not the one that it looks like', () => {
    expect(said(step({ type: 'end', for: { event: 'a' }, upTo: 'P1D', thn: [] }))).toEqual([
      'E02 "end" has no "for".',
      'E02 "end" has no "upTo".',
      'E02 "end" has no "thn".',
    ]);
  });

  it('in a value that may be many things is told of the one that was meant', () => {
    const goal = (is: object) => ({ goal: { if: { event: 'purchase', where: { data: 'id', is } } } });
    expect(said(goal({ trigger: 'id', tims: 2 }))).toEqual(['E02 "trigger" has no "tims".']);
    expect(said(goal({ triger: 'id' }))).toEqual([
      'E49 A value is read by "trait", "trigger", "step" or "data"; here is none of them. Did you mean "trigger"?',
    ]);
  });

  it('is all said at once, each at its place', () => {
    const text = journeyText({
      status: 'alive',
      steps: [send('Hello'), wait('a', { for: '1 day', until: { form: '10:00' } })],
    });
    const { journey, remarks } = checkJourney('journeys/j.json', text, context());
    expect(journey).toBeUndefined();
    const lines = text.split('\n');
    const places = remarks.map((r) => `${r.code} ${lines[r.line - 1]?.slice(r.column - 1)}`);
    expect(places).toEqual(['E49 "alive",', 'E05 "Hello",', 'E07 "1 day",', 'E02 "form": "10:00"']);
  });

  it('deep inside a condition is told of the branch that was meant', () => {
    const deep = {
      all: [{ consent: 'offers' }, { any: [{ not: { event: 'purchase', where: { data: 'total', gte: 'ten' } } }] }],
    };
    expect(said(asks(deep))).toEqual(['E49 Here belongs a number, not "ten".']);
  });
});
