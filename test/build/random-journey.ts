import fc from 'fast-check';
import { JOURNEY_STATUSES, type Journey, journeySchema } from '#shared/journey/journey.ts';
import * as c from './random-condition.ts';
import { anyText } from './random-text.ts';

/** Journeys of the whole grammar: every kind of trigger, step and rule, and every optional part, sooner or later. */

type Raw = { type: string; id: string; [part: string]: unknown };

const {
  channel,
  clock,
  dateTime,
  day,
  duration,
  eventType,
  every,
  id,
  iso,
  note,
  oneOrMany,
  parts,
  path,
  ref,
  window,
} = c;
const condition = c.randomCondition;
const label = anyText(60);
const json = fc.oneof(ref, fc.jsonValue({ maxDepth: 1 }), anyText(30));
const values = fc.dictionary(fc.constantFrom('percent', 'machine', '<b>', 'имя'), json, { maxKeys: 3 });
const moment = { trait: path, trigger: path, step: path, every, before: iso, after: iso, at: clock };

const trigger = fc.oneof(
  parts(
    { type: fc.constant('event'), event: oneOrMany(eventType) },
    { where: condition, quietFor: duration, existing: fc.boolean(), note },
  ),
  parts(
    { type: fc.constant('segment'), segment: id, when: fc.constantFrom('enters', 'leaves') },
    { existing: fc.boolean(), note },
  ),
  parts({ type: fc.constant('date') }, { ...moment, note }),
  parts(
    { type: fc.constant('schedule'), segment: id, at: fc.oneof(clock, dateTime) },
    {
      every: fc.constantFrom('P1D', 'P1W', 'P1M'),
      on: fc.array(fc.oneof(day, fc.integer({ min: 1, max: 31 }), fc.constant('last')), { maxLength: 4 }),
      ...{ from: dateTime, zone: fc.constantFrom('shop', 'Asia/Tokyo'), over: iso, note },
    },
  ),
  parts({ type: fc.constant('manual') }, { data: fc.dictionary(path, fc.constantFrom('text', 'number')), note }),
);

const count = fc.nat(5000);
const percent = fc.constantFrom(0, 1, 12.5, 100);
const entry = parts(
  {},
  {
    ...{ if: condition, key: path, holdout: percent, from: dateTime, to: dateTime, note },
    again: parts({}, { after: iso, atMost: count, whileInside: fc.constantFrom('ignore', 'restart'), note }),
    cap: fc.array(parts({ count }, { per: iso, note }), { maxLength: 2 }),
  },
);
const goal = parts({ if: condition }, { window: iso, leave: fc.boolean(), value: path, note });
const exits = fc.array(parts({ if: condition }, { outcome: label, note }), { maxLength: 3 });
const caps = fc.array(parts({ count }, { per: iso, channel, topic: id, if: condition, note }), { maxLength: 2 });

const experiment = parts(
  {
    metric: fc.oneof(fc.constantFrom('goal', 'clicked', 'answered'), condition),
    winner: fc.oneof(fc.constant('manual'), parts({ after: iso, confidence: percent }, { note })),
  },
  { note },
);
const products = parts(
  { list: id, count: fc.integer({ min: 1, max: 50 }) },
  { for: ref, atLeast: fc.nat(9), where: condition, note },
);
const tags = fc.array(label, { maxLength: 3 });
const until = fc.oneof(fc.constant('best'), dateTime, window, parts({}, { ...moment, note }));

/** Required and optional parts of each kind of step; ids and the targets of skips are put in afterwards. */
const kinds = (steps: fc.Arbitrary<Raw[]>): Record<string, readonly [required: object, optional: object]> => ({
  send: [
    { template: id },
    {
      ...{ channel: oneOrMany(channel), topic: id, sender: id, locale: anyText(5), data: values, products, survey: id },
      ...{ when: fc.oneof(fc.constant('best'), window), expires: fc.oneof(iso, fc.constant('PT0S')) },
    },
  ],
  wait: [{ for: duration }, { until, missed: fc.constantFrom('continue', 'end') }],
  waitFor: [
    { for: condition, upTo: duration },
    { then: steps, otherwise: steps },
  ],
  branch: [
    { cases: fc.array(parts({ if: condition, steps }, { name: label, note }), { minLength: 1, maxLength: 4 }) },
    { otherwise: steps },
  ],
  split: [
    { arms: fc.array(parts({ name: label, weight: percent, steps }, { note }), { minLength: 1, maxLength: 4 }) },
    { experiment },
  ],
  update: [
    {},
    {
      ...{ set: values, append: values, remove: values, tag: tags, untag: tags },
      ...{ unset: fc.array(path, { maxLength: 2 }), add: fc.dictionary(path, fc.integer(), { maxKeys: 2 }) },
      consent: fc.dictionary(fc.constantFrom('marketing', 'news'), fc.constant('denied'), { maxKeys: 2 }),
    },
  ],
  coupon: [{ pool: id, otherwise: steps }, { valid: iso }],
  call: [{ endpoint: id }, { body: values, answer: fc.boolean(), otherwise: steps }],
  emit: [{ event: eventType }, { data: values }],
  enrol: [{ journey: id }, { data: values }],
  leave: [{ journey: oneOrMany(id) }, {}],
  repeat: [{ times: fc.integer({ min: 1, max: 52 }), steps }, { until: condition }],
  skip: [{ to: fc.nat(1000) }, {}],
  end: [{}, { outcome: label }],
});
const CONTAINERS = ['waitFor', 'branch', 'split', 'coupon', 'call', 'repeat'];

const { steps: rawSteps } = fc.letrec<{ step: Raw; steps: Raw[] }>((tie) => {
  const own = { name: anyText(80), note, if: condition };
  const all = Object.entries(kinds(tie('steps') as fc.Arbitrary<Raw[]>)).map(([type, [required, optional]]) => ({
    type,
    step: parts(
      { type: fc.constant(type), id: fc.constant(''), ...required },
      { ...own, ...optional },
    ) as fc.Arbitrary<Raw>,
  }));
  const flat = all.filter(({ type }) => !CONTAINERS.includes(type)).map(({ step }) => step);
  const deep = all.filter(({ type }) => CONTAINERS.includes(type)).map(({ step }) => step);
  return {
    step: fc.oneof({ maxDepth: 3, depthSize: 'small', withCrossShrink: true }, fc.oneof(...flat), ...deep),
    steps: fc.array(tie('step') as fc.Arbitrary<Raw>, { maxLength: 3 }),
  };
});

const WORDS = ['hello', 'reminder', 'a', 'second-reminder-for-regular-customer'];

/** The lists inside a step, as they are written. */
const listsIn = (step: Raw): Raw[][] =>
  [step['then'], step['otherwise'], step['steps'], step['cases'], step['arms']].flatMap((list) => {
    if (!Array.isArray(list)) return [];
    return list.some((one) => 'steps' in one && !('type' in one))
      ? list.map((arm) => arm.steps as Raw[])
      : [list as Raw[]];
  });

function giveIds(steps: Raw[], next: () => string): void {
  for (const step of steps) {
    step.id = next();
    if (step.type === 'repeat' && !hasWait(step))
      (step['steps'] as Raw[]).unshift({ type: 'wait', id: '', for: 'P1D' });
    for (const list of listsIn(step)) giveIds(list, next);
  }
}

const hasWait = (step: Raw): boolean =>
  listsIn(step).some((list) => list.some((inner) => inner.type === 'wait' && inner['if'] === undefined));

/** A skip leads to a later step of a list around it; where there is none, the passage ends instead. */
function aimSkips(steps: Raw[], later: readonly string[]): void {
  for (const [i, step] of steps.entries()) {
    const below = [...steps.slice(i + 1).map((other) => other.id), ...later];
    if (step.type === 'skip' && below.length === 0) {
      step.type = 'end';
      delete step['to'];
    }
    if (step.type === 'skip') step['to'] = below[Number(step['to']) % below.length];
    for (const list of listsIn(step)) aimSkips(list, below);
  }
}

function finished(written: Raw[]): Raw[] {
  const steps = structuredClone(written);
  let n = 0;
  giveIds(steps, () => `${WORDS[n % WORDS.length]}-${++n}`);
  aimSkips(steps, []);
  return steps;
}

/**
 * Journeys that fit `journeySchema`, with unique ids, skips that lead forward to a list around them, and repetitions that
 * wait. What they name (templates, segments, steps in conditions) need not be there.
 */
export const randomJourney: fc.Arbitrary<Journey> = fc
  .tuple(
    parts(
      { id, name: anyText(120), status: fc.constantFrom(...JOURNEY_STATUSES), trigger },
      {
        ...{ note, topic: id, priority: fc.integer({ min: 0, max: 100 }), entry, goal, exits, caps },
        quiet: fc.array(window, { maxLength: 2 }),
        publish: parts(
          { inside: fc.constantFrom('finish', 'move', 'leave') },
          { moved: fc.dictionary(id, fc.constantFrom('end', 'hello-1')), note },
        ),
        allow: fc.dictionary(fc.constantFrom('W05', 'W07'), label),
      },
    ),
    rawSteps.map(finished),
  )
  // As a file brings it: JSON knows neither undefined nor -0.
  .map(([journey, steps]) => journeySchema.parse(JSON.parse(JSON.stringify({ ...journey, steps }))));
