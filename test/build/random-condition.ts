import fc from 'fast-check';
import { type Condition, conditionSchema, DAYS } from '#shared/condition/condition.ts';
import { CHANNELS } from '#shared/event/event.ts';
import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { anyText } from './random-text.ts';

/** Values of the grammar of conditions, each kind and each optional part sooner or later. */

export const id = fc.constantFrom('hello', 'win-back', 'vip', 'a', 'z'.repeat(40));
export const path = fc.constantFrom('total', 'items.category', 'purchases.count', 'at', 'x'.repeat(100), 'имя.поле');
export const eventType = fc.constantFrom('purchase', 'cart.updated', 'message.clicked', 'e'.repeat(60));
export const iso = fc.constantFrom('PT30M', 'P2D', 'P1M', 'P1Y', 'P1DT12H', 'P1Y2M3W4DT5H6M7S', 'PT1S', 'P400D');
export const clock = fc.constantFrom('00:00', '09:30', '23:59');
export const day = fc.constantFrom(...DAYS);
export const channel = fc.constantFrom(...CHANNELS);
export const every = fc.constantFrom('P1Y', 'P1M', 'P1W');
export const dateTime = fc.constantFrom(
  '2026-12-24',
  '2026-12-24T10:00',
  '2026-12-24T10:00:30Z',
  '2026-02-30T10:00+03:00',
);
const date = fc.constantFrom('2026-12-24', '2027-01-02');

export const oneOrMany = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 4 }));
/** An object with all the required parts and some of the others. */
export const parts = (required: object, optional: object): fc.Arbitrary<object> =>
  fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) as never[] });

export const ref = fc.oneof(
  path.map((trait) => ({ trait })),
  path.map((trigger) => ({ trigger })),
  fc.constantFrom('code.expiresAt', 'score.answers.comment', 'first.at', 'first').map((step) => ({ step })),
  path.map((data) => ({ data })),
);
export const note = anyText(200);
export const duration = fc.oneof(
  iso,
  parts(
    { otherwise: iso },
    { trait: path, trigger: path, step: path, times: fc.constantFrom(0.9, 2), atLeast: iso, atMost: iso, note },
  ),
);
export const window = parts(
  {},
  {
    ...{ days: fc.array(day, { minLength: 1, maxLength: 7 }), at: clock, from: clock, to: clock, note },
    dates: fc.tuple(date, date),
    zone: fc.constantFrom('shop', 'Europe/Warsaw'),
    channels: fc.array(channel, { minLength: 1, maxLength: 3 }),
  },
);
const instant = fc.oneof(dateTime, fc.constantFrom('now', 'now-P30D', 'today+P1W', 'entry', 'entry-PT1H'), ref);

const value = fc.oneof(anyText(60), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), ref);
const text = fc.oneof(anyText(40), ref);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), ref);
const amount = { gt: fc.nat(9), gte: fc.nat(9), lt: fc.nat(9), lte: fc.nat(9) };
const ops = {
  ...{ is: oneOrMany(value), isNot: oneOrMany(value), gt: number, gte: number, lt: number, lte: number, every },
  ...{ contains: text, startsWith: text, endsWith: text, before: instant, after: instant, within: iso, next: iso },
  exists: fc.boolean(),
};
/** At most two of them, as people write; all of them are possible and say little. */
const someOps: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: fc.subarray(Object.keys(ops), { maxLength: 2 }).chain((names) => picked(names)) },
  { weight: 1, arbitrary: parts({}, ops) },
);
const picked = (names: readonly string[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(Object.entries(ops).filter(([name]) => names.includes(name))));
const withOps = (leaf: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(leaf, someOps).map(([subject, asked]) => ({ ...subject, ...asked }));

const status = oneOrMany(fc.constantFrom(...MESSAGE_FACTS));
const tags = oneOrMany(anyText(60));
const aggregate = fc.constantFrom('sum', 'avg', 'min', 'max', 'first', 'last', 'distinct');

/** By subject, so that a test can see that none is left out. */
const leaves = (condition: fc.Arbitrary<object>): Record<string, fc.Arbitrary<object>> => ({
  trait: withOps(parts({ trait: path }, { note })),
  trigger: withOps(parts({ trigger: path }, { note })),
  data: withOps(parts({ data: path }, { note })),
  step: withOps(parts({ step: fc.constantFrom('score.score', 'first.at') }, { note })),
  tag: parts({ tag: tags }, { note }),
  segment: parts({ segment: oneOrMany(id) }, { note }),
  consent: parts(
    { consent: fc.constantFrom('marketing', 'news') },
    { channel, is: fc.constantFrom('granted', 'denied', 'unknown'), note },
  ),
  event: fc
    .tuple(
      withOps(
        parts(
          { event: fc.oneof(fc.constant('any'), oneOrMany(eventType)) },
          { where: condition, since: instant, note },
        ),
      ),
      fc.option(fc.tuple(aggregate, path), { nil: undefined }),
    )
    .map(([leaf, asked]) => ({ ...leaf, ...(asked && { [asked[0]]: asked[1] }) })),
  message: parts(
    { message: fc.constantFrom('any', 'hello/any', 'hello/first', 'first') },
    {
      ...{ is: status, isNot: status, channel, topic: id, link: anyText(30), within: iso, since: instant },
      ...{ among: fc.integer({ min: 1, max: 50 }), ...amount, note },
    },
  ),
  journey: parts(
    { journey: oneOrMany(id) },
    {
      is: fc.constantFrom('inside', 'entered', 'finished', 'converted', 'held'),
      ...{ outcome: anyText(60), within: iso, ...amount, note },
    },
  ),
  reachable: parts({ reachable: oneOrMany(channel) }, { topic: id, note }),
  sample: parts({ sample: fc.constantFrom(0, 10, 33.3, 100) }, { salt: anyText(20), note }),
  now: parts({ now: window }, { note }),
});

/** Conditions that fit the grammar, at most three deep. */
export const randomCondition: fc.Arbitrary<Condition> = fc
  .letrec<{ condition: object }>((tie) => {
    const several = fc.array(tie('condition'), { minLength: 1, maxLength: 3 });
    return {
      condition: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        ...Object.values(leaves(tie('condition'))),
        parts({ all: several }, { note }),
        parts({ any: several }, { note }),
        parts({ not: tie('condition') }, { note }),
      ),
    };
  })
  .condition.map((written) => conditionSchema.parse(JSON.parse(JSON.stringify(written))));
