import { describe, expect, it } from 'vitest';
import {
  STATUS_WORDS,
  sayAgain,
  sayEntry,
  sayExit,
  sayGoal,
  sayJourneyCap,
  sayPublish,
  sayQuiet,
} from '#shared/diagram/words/rules.ts';
import { sayTrigger } from '#shared/diagram/words/trigger.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { journey } from '#test/build/journey.ts';

type Given = NonNullable<Parameters<typeof journey>[0]>;
const parsed = <K extends keyof Given & keyof Journey>(key: K, value: Given[K]): NonNullable<Journey[K]> => {
  const read = journey({ [key]: value })[key];
  if (read === undefined) throw new Error(`no ${key}`);
  return read;
};

describe('triggers in words', () => {
  it.each<[Given['trigger'], string[]]>([
    [{ type: 'event', event: 'purchase' }, ['when purchase happens']],
    [
      { type: 'event', event: ['a', 'b'], where: { data: 'total', gt: 0 } },
      ['when a or b (its total is above 0) happens'],
    ],
    [
      { type: 'event', event: 'cart.updated', quietFor: 'PT1H', existing: true },
      ['1 hour after the last cart.updated', 'also for those of whom it is true at the first publish'],
    ],
    [
      { type: 'event', event: 'purchase', quietFor: { trait: 'cycle', times: 1.2, otherwise: 'P180D' } },
      ['1.2 times their cycle (180 days if unknown) after the last purchase'],
    ],
    [
      { type: 'segment', segment: 'vip', when: 'enters', existing: true },
      ['when they enter the segment "vip"', 'also for those of whom it is true at the first publish'],
    ],
    [{ type: 'segment', segment: 'vip', when: 'leaves' }, ['when they leave the segment "vip"']],
    [
      { type: 'date', trait: 'birthday', every: 'P1Y', before: 'P7D', at: '10:00' },
      ['7 days before birthday (every year), 10:00'],
    ],
    [
      { type: 'schedule', segment: 'news', at: '2026-12-08T10:00', over: 'PT2H' },
      ['on 8 December 2026, 10:00', 'for all in the segment "news"', 'spread over 2 hours'],
    ],
    [
      { type: 'schedule', segment: 'news', every: 'P1W', on: ['tue', 'thu'], at: '10:00', zone: 'shop' },
      ["every week on Tue and Thu at 10:00 (the shop's time)", 'for all in the segment "news"'],
    ],
    [
      {
        type: 'schedule',
        segment: 'news',
        every: 'P1M',
        on: [1, 2, 3, 11, 22, 'last'],
        at: '10:00',
        from: '2026-11-01',
      },
      [
        'every month on the 1st, the 2nd, the 3rd, the 11th, the 22nd and the last day at 10:00 from 1 November 2026 on',
        'for all in the segment "news"',
      ],
    ],
    [{ type: 'manual' }, ['by hand, an import, the API or another journey']],
    [
      { type: 'manual', data: { ticket: 'text', n: 'number' } },
      ['by hand, an import, the API or another journey', 'with ticket (text) and n (number)'],
    ],
  ])('%j is %j', (trigger, lines) => {
    expect(sayTrigger(parsed('trigger', trigger))).toEqual(lines);
  });
});

describe('entry rules in words', () => {
  it.each<[NonNullable<Given['entry']>, string[]]>([
    [{}, []],
    [
      { if: { all: [{ consent: 'news' }, { not: { event: 'purchase' } }] } },
      ['only if they agree to "news"', 'and purchase did not happen'],
    ],
    [
      { cap: [{ count: 500, per: 'P1D' }, { count: 10_000 }] },
      ['at most 500 entries in 1 day', 'at most 10,000 entries in all'],
    ],
    [{ holdout: 10 }, ['10 % are held out to compare with: no steps, only the goal is counted']],
    [
      { from: '2026-11-01', to: '2026-12-31T23:59+03:00' },
      ['not before 1 November 2026', 'not after 31 December 2026, 23:59 UTC+03:00'],
    ],
  ])('%j is %j', (entry, lines) => {
    expect(sayEntry(parsed('entry', entry))).toEqual(lines);
  });

  it.each<[NonNullable<Given['entry']>, string[]]>([
    [{}, ['once ever']],
    [{ key: 'orderId' }, ['once ever for each orderId']],
    [{ again: {} }, ['again, any time later']],
    [{ again: { after: 'P7D' } }, ['again, 7 days after the last time at the soonest']],
    [
      { key: 'cartId', again: { after: 'P7D', atMost: 5, whileInside: 'restart' } },
      [
        'again for each cartId, 7 days after the last time at the soonest',
        'at most 5 times in all',
        'who is still inside begins anew',
      ],
    ],
    [{ again: { atMost: 1, whileInside: 'ignore' } }, ['again, any time later', 'at most 1 time in all']],
  ])('how often: %j is %j', (entry, lines) => {
    expect(sayAgain(parsed('entry', entry), parsed('trigger', { type: 'manual' }))).toEqual(lines);
  });

  it('dates and schedules come again by themselves', () => {
    const trigger = parsed('trigger', { type: 'date', trait: 'birthday', every: 'P1Y' });
    expect(sayAgain({}, trigger)).toEqual(['once at each of these times']);
    expect(sayAgain({ again: { after: 'P2Y' } }, trigger)).toEqual([
      'again, 2 years after the last time at the soonest',
    ]);
  });
});

describe('goals, exits and limits in words', () => {
  it.each<[NonNullable<Given['goal']>, string[]]>([
    [{ if: { event: 'purchase' } }, ['purchase happened', 'within 14 days of entry']],
    [
      { if: { event: 'purchase' }, window: 'P7D', leave: false, value: 'total' },
      ['purchase happened', 'within 7 days of entry', 'worth its total', 'who reaches it stays in the journey'],
    ],
  ])('the goal %j is %j', (goal, lines) => {
    expect(sayGoal(parsed('goal', goal))).toEqual(lines);
  });

  it('an exit says how it ends', () => {
    const exits = parsed('exits', [{ if: { tag: 'staff' } }, { if: { event: 'refunded' }, outcome: 'refunded' }]);
    expect(exits.map(sayExit)).toEqual([
      'they are tagged "staff": ends as "left"',
      'refunded happened: ends as "refunded"',
    ]);
  });

  it('a cap says how many messages, of which kind, and to whom', () => {
    const caps = parsed('caps', [
      { count: 3, per: 'P7D' },
      { count: 1, channel: 'sms', topic: 'news', if: { tag: 'vip' } },
    ]);
    expect(caps.map(sayJourneyCap)).toEqual([
      'at most 3 messages in 7 days',
      'at most 1 message in all by SMS on "news" if they are tagged "vip"',
    ]);
  });

  it('a status says who enters and what becomes of those inside', () => {
    expect(STATUS_WORDS.live).toBe('live');
    expect(STATUS_WORDS.closing).toBe('closing: nobody enters, who is inside goes on');
  });

  it('quiet times and publishing are said too', () => {
    expect(sayQuiet([{ from: '21:00', to: '09:00' }])).toEqual(['21:00-09:00']);
    expect(sayPublish({ inside: 'finish' })).toEqual(['who is inside stays on their version']);
    expect(sayPublish({ inside: 'leave' })).toEqual(['who is inside leaves, as "replaced"']);
    expect(sayPublish({ inside: 'move', moved: { old: 'new', gone: 'end' } })).toEqual([
      'who is inside moves to the new version',
      'from "old" to "new"',
      'from "gone" to the end',
    ]);
  });
});
