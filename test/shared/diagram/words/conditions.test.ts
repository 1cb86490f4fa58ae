import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionSchema } from '#shared/condition/condition.ts';
import { conditionLines, describeCondition } from '#shared/diagram/words/conditions.ts';
import { randomCondition } from '#test/build/random-condition.ts';

const said = (condition: object): string => describeCondition(conditionSchema.parse(condition));

/** Each with its opposite: what stands in a "not" is said the other way round. */
const CASES: readonly (readonly [condition: object, yes: string, no: string])[] = [
  [{ trait: 'total', is: 5 }, 'their total is 5', 'their total is not 5'],
  [
    { trait: 'rfm.class', is: ['at-risk', 'lost'] },
    'their rfm.class is "at-risk" or "lost"',
    'their rfm.class is neither "at-risk" nor "lost"',
  ],
  [{ trait: 'city', isNot: 'Rome' }, 'their city is not "Rome"', 'their city is "Rome"'],
  [{ trait: 'staff', is: true }, 'their staff is true', 'their staff is not true'],
  [
    { trigger: 'total', gt: 5000 },
    "the trigger's total is above 5000",
    "the trigger's total is not above 5000 (or is unknown)",
  ],
  [{ trait: 'sum', gte: 10_000 }, 'their sum is at least 10,000', 'their sum is not at least 10,000 (or is unknown)'],
  [{ trait: 'sum', lt: 0.5 }, 'their sum is below 0.5', 'their sum is not below 0.5 (or is unknown)'],
  [
    { step: 'score.score', lte: 6 },
    'the score of step "score" is at most 6',
    'the score of step "score" is not at most 6 (or is unknown)',
  ],
  [
    { trait: 'sum', gte: 5, lt: 9 },
    'their sum is at least 5 and is below 9',
    'it is not so that their sum is at least 5 and is below 9',
  ],
  [
    { trigger: 'total', gt: { trait: 'purchases.average' } },
    "the trigger's total is above their purchases.average",
    "the trigger's total is not above their purchases.average (or is unknown)",
  ],
  [{ trait: 'email', contains: 'x' }, 'their email contains "x"', 'their email does not contain "x" (or is unknown)'],
  [
    { trait: 'email', startsWith: 'x' },
    'their email starts with "x"',
    'their email does not start with "x" (or is unknown)',
  ],
  [
    { trait: 'email', endsWith: '.pl' },
    'their email ends with ".pl"',
    'their email does not end with ".pl" (or is unknown)',
  ],
  [
    { trait: 'createdAt', before: 'now-P30D' },
    'their createdAt is before 30 days ago',
    'their createdAt is not before 30 days ago (or is unknown)',
  ],
  [
    { trait: 'due', after: '2026-12-24' },
    'their due is after 24 December 2026',
    'their due is not after 24 December 2026 (or is unknown)',
  ],
  [
    { trait: 'due', within: 'P7D' },
    'their due is in the last 7 days',
    'their due is not in the last 7 days (or is unknown)',
  ],
  [
    { trait: 'due', next: 'P7D' },
    'their due is in the next 7 days',
    'their due is not in the next 7 days (or is unknown)',
  ],
  [
    { trait: 'birthday', every: 'P1Y', next: 'P7D' },
    'their birthday comes round (every year) in the next 7 days',
    'their birthday does not come round (every year) in the next 7 days (or is unknown)',
  ],
  [
    { trait: 'birthday', every: 'P1M' },
    'their birthday is a date that comes round every month',
    'their birthday is not a date that comes round every month (or is unknown)',
  ],
  [{ trait: 'name' }, 'their name is known', 'their name is unknown'],
  [{ trait: 'name', exists: true }, 'their name is known', 'their name is unknown'],
  [{ trait: 'name', exists: false }, 'their name is unknown', 'their name is known'],
  [{ tag: 'vip' }, 'they are tagged "vip"', 'they are not tagged "vip"'],
  [
    { tag: ['staff', 'reseller'] },
    'they are tagged "staff" or "reseller"',
    'they are not tagged "staff" or "reseller"',
  ],
  [{ segment: 'lapsed' }, 'they are in the segment "lapsed"', 'they are not in the segment "lapsed"'],
  [{ consent: 'news' }, 'they agree to "news"', 'they do not agree to "news"'],
  [{ consent: 'marketing', channel: 'sms' }, 'they agree to marketing by SMS', 'they do not agree to marketing by SMS'],
  [{ consent: 'news', is: 'denied' }, 'they have refused "news"', 'they have not refused "news"'],
  [{ consent: 'news', is: 'unknown' }, 'they have said nothing about "news"', 'they have said something about "news"'],
  [
    { reachable: ['push', 'telegram'] },
    'they can be reached by push or Telegram',
    'they cannot be reached by push or Telegram',
  ],
  [
    { reachable: 'email', topic: 'news' },
    'they can be reached by e-mail on "news"',
    'they cannot be reached by e-mail on "news"',
  ],
  [{ sample: 10 }, 'they are among a fixed random 10 %', 'they are not among a fixed random 10 %'],
  [
    { sample: 10, salt: 'x' },
    'they are among a fixed random 10 % (drawn by "x")',
    'they are not among a fixed random 10 % (drawn by "x")',
  ],
  [{ now: { days: ['sat', 'sun'] } }, 'it is now Sat or Sun', 'it is not now Sat or Sun'],
  [{ journey: 'welcome' }, 'they are inside "welcome"', 'they are not inside "welcome"'],
  [{ journey: ['a', 'b'], is: 'entered' }, 'they have entered "a" or "b"', 'they have not entered "a" or "b"'],
  [{ journey: 'a', is: 'finished' }, 'they have finished "a"', 'they have not finished "a"'],
  [
    { journey: 'a', is: 'converted', within: 'P30D' },
    'they have reached the goal of "a" in the last 30 days',
    'they have not reached the goal of "a" in the last 30 days',
  ],
  [{ journey: 'a', is: 'held' }, 'they are held out of "a"', 'they are not held out of "a"'],
  [
    { journey: 'a', outcome: 'refunded' },
    'they have ended "a" with the outcome "refunded"',
    'they have not ended "a" with the outcome "refunded"',
  ],
  [
    { journey: 'a', is: 'entered', gte: 2 },
    'they have entered "a" at least 2 times',
    'they have entered "a" fewer than 2 times',
  ],
];

const EVENTS: typeof CASES = [
  [{ event: 'purchase' }, 'purchase happened', 'purchase did not happen'],
  [{ event: 'purchase', is: 0 }, 'purchase did not happen', 'purchase happened'],
  [{ event: 'purchase', gt: 0 }, 'purchase happened', 'purchase did not happen'],
  [{ event: 'any', within: 'P7D' }, 'any event happened in the last 7 days', 'no event happened in the last 7 days'],
  [
    { event: ['a', 'b'], since: 'entry' },
    'a or b happened since their entry',
    'neither a nor b happened since their entry',
  ],
  [
    { event: 'purchase', since: { trigger: 'at' } },
    'purchase happened since the time of the trigger',
    'purchase did not happen since the time of the trigger',
  ],
  [
    { event: 'viewed', where: { data: 'category', is: 'tea' }, within: 'P30D', gte: 3 },
    'viewed (its category is "tea") happened at least 3 times in the last 30 days',
    'viewed (its category is "tea") happened fewer than 3 times in the last 30 days',
  ],
  [{ event: 'a', is: 1 }, 'a happened exactly 1 time', 'a happened not exactly 1 time'],
  [
    { event: 'a', gt: 2, lte: 5 },
    'a happened more than 2 times and at most 5 times',
    'a happened at most 2 times or more than 5 times',
  ],
  [
    { event: 'a', gte: { trait: 'n' } },
    'the number of a is at least their n',
    'it is not so that the number of a is at least their n',
  ],
  [
    { event: 'purchase', within: 'P90D', sum: 'total', gte: 10_000 },
    'the sum of total over purchase in the last 90 days is at least 10,000',
    'the sum of total over purchase in the last 90 days is not at least 10,000 (or is unknown)',
  ],
  [
    { event: 'purchase', last: 'at', before: 'now-P60D' },
    'the last purchase is before 60 days ago',
    'the last purchase is not before 60 days ago (or is unknown)',
  ],
  [{ event: 'a', first: 'x', is: 'y' }, 'the x of the first a is "y"', 'the x of the first a is not "y"'],
  [
    { event: 'a', avg: 'x', lt: 3 },
    'the average x of a is below 3',
    'the average x of a is not below 3 (or is unknown)',
  ],
  [{ event: 'a', min: 'x' }, 'the smallest x of a is known', 'the smallest x of a is unknown'],
  [
    { event: 'a', max: 'at', after: 'entry' },
    'the latest a is after their entry',
    'the latest a is not after their entry (or is unknown)',
  ],
  [
    { event: 'a', distinct: 'sku', gt: 2 },
    'the number of different sku over a is above 2',
    'the number of different sku over a is not above 2 (or is unknown)',
  ],
];

const MESSAGES: typeof CASES = [
  [{ message: 'hello' }, '"hello" was sent', '"hello" was not sent'],
  [{ message: 'hello', is: 'clicked' }, '"hello" was clicked', '"hello" was not clicked'],
  [
    { message: 'hello', is: 'clicked', link: 'video' },
    '"hello" (link "video") was clicked',
    '"hello" (link "video") was not clicked',
  ],
  [
    { message: 'hello', is: ['opened', 'clicked'] },
    '"hello" was opened or clicked',
    '"hello" was not opened and not clicked',
  ],
  [
    { message: 'hello', isNot: ['opened', 'clicked'] },
    '"hello" was not opened and not clicked',
    '"hello" was opened or clicked',
  ],
  [
    { message: 'hello', is: ['bounced', 'failed'], channel: 'email' },
    '"hello" by e-mail bounced or failed',
    '"hello" by e-mail did not bounce and did not fail',
  ],
  [
    { message: 'hello', is: 'sent', isNot: 'opened' },
    '"hello" was sent and was not opened',
    '"hello" was not sent or was opened',
  ],
  [{ message: 'hello', is: 'clicked', lt: 1 }, '"hello" was not clicked', '"hello" was clicked'],
  [
    { message: 'welcome/ask', within: 'P60D' },
    'a message "ask" of "welcome" was sent in the last 60 days',
    'no message "ask" of "welcome" was sent in the last 60 days',
  ],
  [
    { message: 'welcome/any', is: 'clicked', since: 'entry' },
    'a message of "welcome" was clicked since their entry',
    'no message of "welcome" was clicked since their entry',
  ],
  [{ message: 'any', channel: 'sms', is: 'complained' }, 'an SMS was reported as spam', 'no SMS was reported as spam'],
  [
    { message: 'any', is: 'unsubscribed', gte: 2 },
    'at least 2 messages led to unsubscribing',
    'fewer than 2 messages led to unsubscribing',
  ],
  [
    { message: 'any', channel: 'email', topic: 'marketing', among: 5, isNot: ['opened', 'clicked'], gte: 5 },
    'at least 5 of the last 5 delivered e-mails on marketing were not opened and not clicked',
    'fewer than 5 of the last 5 delivered e-mails on marketing were not opened and not clicked',
  ],
  [
    { message: 'any', among: 3, is: 'answered' },
    'one of the last 3 delivered messages was answered',
    'none of the last 3 delivered messages was answered',
  ],
];

describe.each([
  ['conditions', CASES],
  ['conditions on events', EVENTS],
  ['conditions on messages', MESSAGES],
])('%s in words', (_, cases) => {
  it.each(cases)('%j is %j, and not %j', (condition, yes, no) => {
    expect(said(condition)).toBe(yes);
    expect(said({ not: condition })).toBe(no);
    expect(said({ not: { not: condition } })).toBe(yes);
  });
});

const A = { consent: 'a' };
const B = { tag: 'b' };
const C = { segment: 'c' };

describe('several conditions in words', () => {
  it.each([
    [{ all: [A] }, 'they agree to "a"'],
    [{ all: [A, B, C] }, 'they agree to "a", they are tagged "b" and they are in the segment "c"'],
    [{ any: [A, B] }, 'they agree to "a" or they are tagged "b"'],
    [{ all: [A, { any: [B, C] }] }, 'they agree to "a" and (they are tagged "b" or they are in the segment "c")'],
    [{ all: [A, { all: [B, C] }] }, 'they agree to "a", they are tagged "b" and they are in the segment "c"'],
    [{ not: { any: [A, B] } }, 'they do not agree to "a" and they are not tagged "b"'],
    [{ not: { all: [A, { not: B }] } }, 'they do not agree to "a" or they are tagged "b"'],
  ])('%j is %j', (condition, words) => {
    expect(said(condition)).toBe(words);
  });

  it('stand in lines of their own where there is room', () => {
    const lines = (condition: object) => conditionLines(conditionSchema.parse(condition));
    expect(lines({ all: [A, B] })).toEqual(['they agree to "a"', 'and they are tagged "b"']);
    expect(lines({ any: [A, B] })).toEqual(['they agree to "a"', 'or they are tagged "b"']);
    expect(lines(A)).toEqual(['they agree to "a"']);
  });

  it('always come to words, and to other words when they are turned round', () => {
    fc.assert(
      fc.property(randomCondition, (condition) => {
        const [yes, no] = [describeCondition(condition), describeCondition({ not: condition })];
        expect(yes).not.toMatch(/undefined|NaN|\[object|^$| {2}/);
        expect(no).not.toBe(yes);
      }),
    );
  });
});
