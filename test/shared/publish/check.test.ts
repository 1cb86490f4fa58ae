import { describe, expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import { context, end, facts, journeyText, said, send, template, wait } from '#test/build/checked.ts';

const clicked = (message: string) => ({ message, is: 'clicked' });
const waitFor = (id: string, condition: object, more: object = {}) => ({
  type: 'waitFor',
  id,
  for: condition,
  upTo: 'P1D',
  ...more,
});
const branch = (id: string, condition: object, steps: object[] = [], more: object = {}) => ({
  type: 'branch',
  id,
  cases: [{ if: condition, steps }],
  ...more,
});
const split = (weights: Record<string, number>, steps: object[] = []) => ({
  type: 'split',
  id: 'test',
  arms: Object.entries(weights).map(([name, weight], i) => ({ name, weight, steps: i === 0 ? steps : [] })),
});
const nested = (depth: number): object =>
  depth === 0 ? end(`deep-0`) : branch(`deep-${depth}`, { sample: 5 }, [nested(depth - 1)]);

describe('a journey without a fault', () => {
  it('is returned as it stands, without a remark', () => {
    const { journey, remarks } = checkJourney('journeys/j.json', journeyText(), context());
    expect(remarks).toEqual([]);
    expect(journey?.steps).toEqual([{ type: 'send', id: 'first', template: 'hello' }]);
  });

  it.each([
    [
      'asks for a message that an earlier arm may have sent',
      [branch('b', { sample: 50 }, [send('a')]), waitFor('w', clicked('a'))],
    ],
    [
      'waits for a message of the arm it stands in',
      [send('a'), waitFor('w', clicked('a'), { then: [wait('x'), send('c'), waitFor('v', clicked('c'))] })],
    ],
    ['splits into thirds', [split({ a: 33.33, b: 33.33, c: 33.34 })]],
    [
      'reads what an earlier step left',
      [waitFor('w', { event: 'a' }), { type: 'update', id: 'u', set: { seen: { step: 'w.happened' } } }],
    ],
    ['has a key of its own that is called "step"', [send('a', { data: { step: 'one', data: 'two' } })]],
    [
      'compares an event with the trigger',
      [waitFor('w', { event: 'a', where: { data: 'id', is: { trigger: 'id' } } })],
    ],
    ['goes on behind an arm that ends', [branch('b', { sample: 50 }, [end('x')]), end('y')]],
    ['ends under a condition', [{ ...end('x'), if: { tag: 'vip' } }, end('y')]],
    ['stands eight lists deep', [nested(7)]],
  ])('%s', (_, steps) => {
    expect(said({ steps })).toEqual([]);
  });
});

describe('an arm', () => {
  it('knows the step that it belongs to', () => {
    const update = { type: 'update', id: 'u', set: { seen: { step: 'w.happened' } } };
    expect(said({ steps: [waitFor('w', { event: 'a' }, { then: [update] })] })).toEqual([]);
  });
});

describe('the answer to a survey', () => {
  it('holds what nobody can know before there are surveys, and is refused for that alone', () => {
    const asked = waitFor('w', { message: 'first', is: 'answered' });
    const update = { type: 'update', id: 'u', set: { score: { step: 'w.score' } } };
    expect(said({ steps: [send('first'), asked, update] })).toEqual([
      'E50 Answers to surveys are not available yet. Ask which link was clicked.',
    ]);
  });
});

describe('a journey with a fault', () => {
  it.each([
    [
      'E04 The id "a" is used twice (lines 23 and 37). Ids tell steps apart in reports and when you edit.',
      [wait('a'), branch('b', { sample: 5 }, [end('a')])],
    ],
    ['E05 "entry" has a meaning of its own and cannot be an id. How about "entry-step"?', [end('entry')]],
    ['E08 "a" waits no time at all. Remove it or give it a time.', [wait('a', { for: 'PT0S' })]],
    ['E08 "a" waits no time at all. Remove it or give it a time.', [wait('a', {})]],
    ['E09 A wait lasts at most a year ("P1Y").', [wait('a', { for: 'P2Y' })]],
    ['E09 A wait lasts at most a year ("P1Y").', [waitFor('a', { event: 'b' }, { upTo: 'P13M' })]],
    [
      'E09 A wait lasts at most a year ("P1Y").',
      [wait('a', { for: { trait: 'cycle', atMost: 'P400D', otherwise: 'P30D' } })],
    ],
    ['E11 There is no template "helo". Did you mean "hello"?', [send('a', { template: 'helo' })]],
    [
      'E11 There is no template "constructor". It would lie at templates/constructor/email.mjml.',
      [send('a', { template: 'constructor' })],
    ],
    [
      'E14 "receipt" has no way to unsubscribe. Marketing mail must have one: <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>.',
      [send('a', { template: 'receipt' })],
    ],
    ['E15 There is no topic "ofers". Did you mean "offers"?', [send('a', { topic: 'ofers' })]],
    ['E15 There is no sender "car". Did you mean "care"?', [send('a', { sender: 'car' })]],
    ['E15 There is no topic "new". Did you mean "news"?', [branch('b', { consent: 'new' })]],
    [
      'E19 "name" is a text; "gt" compares numbers. Take "is", "contains" or "startsWith".',
      [branch('b', { trait: 'name', gt: 5 })],
    ],
    ['E22 "data" is for the events inside "where". Here it is "trigger".', [branch('b', { data: 'total', gt: 5 })]],
    [
      'E22 "data" is for the events inside "where". Here it is "trigger".',
      [send('a', { data: { total: { data: 'total' } } })],
    ],
    ['E24 There is no send step "frist". Did you mean "first"?', [send('first'), waitFor('w', clicked('frist'))]],
    ['E24 There is no send step "pause".', [wait('pause'), waitFor('w', clicked('pause'))]],
    [
      'E24 "late" is not sent on the way to this step, so nothing can have happened to it. Ask below it.',
      [waitFor('w', clicked('late')), send('late')],
    ],
    [
      'E24 "other" is not sent on the way to this step, so nothing can have happened to it. Ask below it.',
      [split({ a: 50, b: 50 }, [send('other')]), end('x')].map((s, i) =>
        i === 0
          ? {
              ...s,
              arms: [
                { name: 'a', weight: 50, steps: [send('other')] },
                { name: 'b', weight: 50, steps: [waitFor('w', clicked('other'))] },
              ],
            }
          : s,
      ),
    ],
    [
      'E25 "w" comes later than this step, so its at is not there yet. Move it up.',
      [send('a', { data: { x: { step: 'w.at' } } }), waitFor('w', { event: 'b' })],
    ],
    [
      'E25 There is no step "v". Did you mean "w"?',
      [waitFor('w', { event: 'b' }), branch('x', { step: 'v.happened', is: true })],
    ],
    [
      'E26 Events are kept for 400 days. For longer, fold a trait in settings.',
      [branch('b', { event: 'a', within: 'P3Y' })],
    ],
    ['E27 The arms of "test" add up to 90. They must make 100.', [split({ a: 50, b: 40 })]],
    ['E28 "test" has one arm; nothing is split. Add another, or take the split out.', [split({ a: 100 })]],
    ['E29 Nobody reaches "y": every way before it ends. Move it up, or remove it.', [end('x'), end('y')]],
    [
      'E29 Nobody reaches "y": every way before it ends. Move it up, or remove it.',
      [branch('b', { sample: 5 }, [end('x')], { otherwise: [end('z')] }), end('y')],
    ],
    [
      'E29 Nobody reaches "y": every way before it ends. Move it up, or remove it.',
      [waitFor('w', { event: 'a' }, { then: [end('x'), end('y')] })],
    ],
    [
      'E40 This window is never open: it begins and ends at one time. Make it longer.',
      [wait('a', { until: { from: '18:00', to: '18:00' } })],
    ],
    [
      'E40 This window is never open: it ends before it begins. Put the earlier day first.',
      [wait('a', { until: { dates: ['2026-12-31', '2026-12-01'] } })],
    ],
    ['E40 This window says nothing. Give it "days", "at", or "from" and "to".', [wait('a', { until: {} })]],
    ['E48 "converted" is the goal\'s word. Choose another.', [end('x', { outcome: 'converted' })]],
    ['E48 "left" is an outcome that has a meaning of its own. Choose another.', [end('x', { outcome: 'left' })]],
    [
      'E49 "test" has two arms "a".',
      [
        {
          ...split({}),
          arms: [
            { name: 'a', weight: 50, steps: [] },
            { name: 'a', weight: 50, steps: [] },
          ],
        },
      ],
    ],
    [
      'E51 "deep-0" stands 9 lists deep; 8 is the limit. Put the inner ones into a journey of their own, and "enrol" into it.',
      [nested(8)],
    ],
  ])('is told: %s', (expected, steps) => {
    expect(said({ steps })).toEqual([expected]);
  });

  it.each([
    ['E06 The file is named "j", the journey "basket". Make them the same.', { id: 'basket' }],
    [
      'E08 "after" waits no time at all. Remove it or give it a time.',
      { entry: { if: { consent: 'offers' }, again: { after: 'P0D' } } },
    ],
    ['E09 A wait lasts at most a year ("P1Y").', { trigger: { type: 'event', event: 'a', quietFor: 'P2Y' } }],
    ['E15 There is no topic "ofers". Did you mean "offers"?', { topic: 'ofers' }],
    ['E24 There is no send step "second". There is "first".', { goal: { if: clicked('second') } }],
    [
      'E25 There is no step "nowhere". There is "first".',
      { goal: { if: { event: 'a', where: { data: 'x', is: { step: 'nowhere.at' } } } } },
    ],
    [
      'E26 Events are kept for 400 days. "window" looks further. For longer, fold a trait in settings.',
      { goal: { if: { event: 'a' }, window: 'P500D' } },
    ],
    [
      'E48 "held" is an outcome that has a meaning of its own. Choose another.',
      { exits: [{ if: { event: 'a' }, outcome: 'held' }] },
    ],
    ['E49 "allow" silences warnings (W01 to W99), not "E11".', { allow: { E11: 'I know' } }],
    [
      'E51 A journey has at most 200 steps. Put some into a journey of their own, and "enrol" into it.',
      {
        steps: [
          branch(
            'b',
            { sample: 5 },
            Array.from({ length: 120 }, (_, i) => wait(`w${i}`)),
          ),
          ...Array.from({ length: 120 }, (_, i) => wait(`v${i}`)),
        ],
      },
    ],
  ])('is told: %s', (expected, changes) => {
    expect(said(changes)).toEqual([expected]);
  });

  it('longer than 256 KB is not read', () => {
    expect(said({ note: 'x'.repeat(300_000) })).toEqual([
      'E51 A file has at most 256 KB. Make two of it, or take out what nobody needs.',
    ]);
  });

  it('is not returned', () => {
    expect(checkJourney('journeys/k.json', journeyText(), context()).journey).toBeUndefined();
  });
});

describe('what a template prints', () => {
  const printing = (variables: string[], more = {}) =>
    context({ templates: { hello: template({ variables, ...more }) } });

  it('must have been left by a step before the send', () => {
    const steps = [waitFor('code', { event: 'a' }), send('offer')];
    expect(said({ steps }, printing(['steps.code.percent', 'contact.name']))).toEqual([]);
    expect(said({ steps }, printing(['steps.coed.percent']))).toEqual([
      'E13 "hello" prints steps.coed.percent, but no step "coed" comes before "offer". Did you mean "code"?',
    ]);
  });

  it('must be there for the channel', () => {
    expect(said({}, printing([], { channels: ['sms'] }))).toEqual([
      'E12 "hello" has no text for email. Add templates/hello/email.mjml or remove email.',
    ]);
  });

  it('should be meant for the kind of topic it goes out as', () => {
    expect(said({}, printing([], { topic: 'news' }))).toEqual([]);
    expect(said({}, printing([], { topic: 'orders' }))).toEqual([
      'W51 "hello" is written for "orders" and goes out as "offers", which is marketing.',
    ]);
  });

  it('needs no way to unsubscribe where it is transactional', () => {
    expect(said({ steps: [send('a', { template: 'receipt', topic: 'orders' })] })).toEqual([]);
  });
});

describe('a journey that is published with a remark', () => {
  it.each([
    ['W01 Those without consent for "offers" walk the journey and get nothing. Ask in "entry".', { entry: undefined }],
    [
      'W03 Nothing can have happened to "first" yet. Use "waitFor".',
      { steps: [send('first'), branch('b', clicked('first'))] },
    ],
    ['W04 "a" and "b" go out together. Is a wait missing?', { steps: [send('a'), send('b')] }],
    [
      'W04 "a" and "b" go out together. Is a wait missing?',
      { steps: [send('a'), { type: 'update', id: 'u', tag: ['x'] }, send('b')] },
    ],
    [
      'W04 "a" and "b" go out together. Is a wait missing?',
      { steps: [send('a'), branch('c', { tag: 'x' }, [send('b')])] },
    ],
    ['W05 Without a goal the report can count clicks, not success.', { goal: undefined }],
    [
      'W07 "w" decides on opens alone, and mail programs open by themselves. Add clicks or visits.',
      { steps: [send('a'), waitFor('w', { message: 'a', is: 'opened' })] },
    ],
    ['W20 "P5M" is five months. Five minutes is "PT5M".', { steps: [wait('a', { for: 'P5M' })] }],
  ])('is told: %s', (expected, changes) => {
    const { journey, remarks } = checkJourney('j.json', journeyText(changes), context());
    expect(remarks.map((r) => `${r.code} ${r.message}`)).toEqual([expected]);
    expect(journey?.id).toBe('j');
  });

  it('can silence it with a reason, and nothing else with it', () => {
    const changes = { goal: undefined, entry: undefined, allow: { W05: 'It only informs.' } };
    expect(said(changes).map((s) => s.slice(0, 3))).toEqual(['W01']);
  });

  it.each([
    ['asks for consent later, before it writes', [{ ...end('no'), if: { not: { consent: 'offers' } } }, send('a')]],
    ['asks at the send', [send('a', { if: { consent: 'offers' } })]],
    ['sends nothing but receipts', [send('a', { template: 'receipt', topic: 'orders' })]],
  ])('but not for consent where it %s', (_, steps) => {
    expect(said({ entry: undefined, steps })).toEqual([]);
  });
});

describe('an error', () => {
  it('cannot be silenced', () => {
    const changes = { steps: [send('a', { template: 'gone' })], allow: { E11: 'I know', W05: 'It only informs.' } };
    expect(
      said(changes)
        .map((s) => s.slice(0, 3))
        .sort(),
    ).toEqual(['E11', 'E49']);
  });
});

describe('remarks', () => {
  it('stand in the order of the file, each with line and column of what it speaks of', () => {
    const text = journeyText({ steps: [send('a', { template: 'helo' }), wait('b', { for: 'P2Y' })], topic: 'ofers' });
    const { remarks } = checkJourney('journeys/j.json', text, context());
    const lines = text.split('\n');
    expect(remarks.map((r) => `${r.code} ${lines[r.line - 1]?.slice(r.column - 1)}`)).toEqual([
      'E15 "ofers",',
      'E11 "helo"',
      'E09 "P2Y"',
    ]);
  });
});

describe('what a template prints of steps that are not there', () => {
  const prints = (variables: string[], guarded: string[] = []) =>
    context({ templates: { hello: template({ variables, guarded }) } });
  const coupon = { type: 'coupon', id: 'code', pool: 'a', otherwise: [end('none')] };
  const e13 = (remarks: readonly string[]) => remarks.filter((r) => r.startsWith('E13'));

  it.each([
    ['bare', ['steps.code.code'], [], 1],
    ['with a default, for another journey that has the step', ['steps.code.code'], ['steps.code.code'], 0],
    ['of none in particular', ['steps'], [], 0],
  ])('is told when it is printed: %s', (_, variables, guarded, count) => {
    expect(e13(said({ steps: [send('a')] }, prints(variables, guarded)))).toHaveLength(count);
  });

  it('is told in spite of a default when it looks like a slip', () => {
    const given = prints(['steps.cod.code'], ['steps.cod.code']);
    expect(e13(said({ steps: [coupon, send('a')] }, given))).toEqual([
      'E13 "hello" prints steps.cod.code, but no step "cod" comes before "a". Did you mean "code"?',
    ]);
  });
});

describe('what is switched off', () => {
  it('is no case that another one takes all of, and no goal that is reached at once', () => {
    const off = { all: [{ tag: 'vip' }, { sample: 0 }] };
    const cases = [
      { if: { tag: 'vip' }, steps: [] },
      { if: off, steps: [] },
    ];
    expect(said({ steps: [{ type: 'branch', id: 'b', cases }] })).toEqual([]);
    expect(said({ entry: { if: { all: [{ consent: 'offers' }, { sample: 0 }] } } })).toEqual([]);
  });
});

describe('journeys of one event', () => {
  it.each([
    ['that ask for each other are apart', facts({ asksFor: ['j'] }), 0],
    ['of which one waits for it to stay away are apart', facts({ quiet: true }), 0],
    ['of which one is transactional are apart', facts({ topics: ['orders'] }), 0],
    ['that nothing keeps apart are told', facts(), 1],
  ])('%s', (_, other, count) => {
    const given = context({
      journeys: { other: { ...other, events: ['cart.updated'], topics: [...other.topics, 'news'].slice(0, 1) } },
    });
    expect(said({}, given).filter((r) => r.startsWith('W21'))).toHaveLength(count);
  });
});
