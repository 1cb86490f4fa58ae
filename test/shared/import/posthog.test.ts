import { describe, expect, it } from 'vitest';
import { importOf, journeysOf, named } from './fixtures.ts';

const trial = importOf('posthog', named('posthog', 'trial'));
const broadcast = importOf('posthog', named('posthog', 'broadcast'));
const simple = importOf('posthog', named('posthog', 'simple'));
const [news, onCall, rows] = journeysOf(broadcast);

describe('what PostHog calls by another name', () => {
  it.each([
    [
      'trigger event',
      trial.journey?.trigger,
      {
        type: 'event',
        event: 'trial-started',
        where: { all: [{ data: 'plan', is: ['pro', 'team'] }, { not: { trait: 'email', contains: '@shop' } }] },
      },
    ],
    [
      'trigger batch with an RRULE',
      news?.trigger,
      {
        ...{ type: 'schedule', segment: 'audience-of-monthly-news', every: 'P1M', on: [1, 'last'] },
        ...{ at: '09:30', from: '2026-03-01', zone: 'Europe/Berlin' },
      },
    ],
    ['trigger webhook', onCall?.trigger, { type: 'event', event: 'workflow.webhook' }],
    ['trigger tracking_pixel', simple.journey?.trigger, { type: 'event', event: 'page.viewed' }],
    ['a trigger without a person', rows?.trigger, { type: 'manual' }],
    ['trigger_masking', trial.journey?.entry, { again: { after: 'P1D' }, key: 'account_id' }],
    [
      'conversion',
      trial.journey?.goal,
      { if: { any: [{ event: 'subscription.paid' }, { trait: 'paying', is: true }] }, window: 'P14D' },
    ],
    [
      'exit_condition trigger_not_matched',
      trial.journey?.exits,
      [{ if: { trait: 'email', contains: '@shop' }, outcome: 'no-longer-matched' }],
    ],
    ['delay', trial.step('a-day-later'), { type: 'wait', id: 'a-day-later', name: 'A day later', for: 'P1D' }],
    [
      'delay_until with an offset',
      trial.step('the-day-before'),
      {
        type: 'wait',
        id: 'the-day-before',
        name: 'The day before',
        until: { trait: 'trial_expiration_at', before: 'P1D' },
        missed: 'continue',
      },
    ],
    [
      'wait_until_time_window',
      trial.step('office-hours'),
      {
        ...{ type: 'wait', id: 'office-hours', name: 'Office hours' },
        until: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', zone: 'Europe/Warsaw' },
      },
    ],
    [
      'function_email',
      trial.step('hello'),
      { type: 'send', id: 'hello', name: 'Hello', template: 'hello', sender: 'anna', note: 'The first mail' },
    ],
    [
      'function_push',
      trial.step('push-it'),
      { type: 'send', id: 'push-it', name: 'Push it', template: 'push-it', channel: 'push' },
    ],
    [
      'function_sms, transactional',
      trial.step('text-them'),
      { type: 'send', id: 'text-them', name: 'Text them', template: 'text-them', channel: 'sms', topic: 'service' },
    ],
    ['filters on an action', trial.step('nudge')?.if, { trait: 'nudges_off', exists: false }],
    [
      'function, output_variable, on_error abort',
      trial.step('tell-the-crm'),
      {
        ...{
          type: 'call',
          id: 'tell-the-crm',
          name: 'Tell the CRM',
          endpoint: 'webhook',
          body: { email: { trait: 'email' } },
        },
        ...{ answer: true, otherwise: [{ type: 'end', id: 'tell-the-crm-failed', outcome: 'call-failed' }] },
      },
    ],
    [
      'exit with a reason',
      trial.step('told-by-sms'),
      { type: 'end', id: 'told-by-sms', name: 'Told by SMS', outcome: 'Told by SMS' },
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });

  it('waits for an event or a condition, and goes back as rounds of a repeat', () => {
    const [, repeat] = trial.journey?.steps ?? [];
    expect(repeat).toMatchObject({
      type: 'repeat',
      times: 52,
      steps: [
        {
          type: 'waitFor',
          for: {
            any: [
              { trait: 'activated', is: true },
              { event: 'page.viewed', where: { data: 'pathname', contains: '/guide' } },
            ],
          },
          upTo: 'PT36H',
          then: [{ type: 'skip', to: 'which-device' }],
        },
        { id: 'nudge' },
        { id: 'a-day-later' },
      ],
    });
  });

  it('asks for persons, events and cohorts', () => {
    expect(trial.step('which-device')).toMatchObject({
      cases: [
        {
          name: 'app',
          if: {
            all: [
              { trait: 'app_version', gte: 2 },
              { trait: 'last_seen', after: 'now-P30D' },
            ],
          },
        },
        {
          name: 'phone',
          if: {
            all: [
              { segment: 'cohort-12' },
              { trait: 'phone', exists: true },
              { trigger: 'seats', lt: 5 },
              { sample: 0 },
              { sample: 0 },
            ],
          },
        },
      ],
    });
  });

  it('reckons shares up to a hundred', () => {
    expect(trial.step('when-to-write')).toMatchObject({ arms: [{ weight: 33.34 }, { weight: 66.66 }] });
  });
});

it('PostHog has what no journey can say, and the report says it', () => {
  expect(trial.said('lost')).toEqual([
    "$.variables[0]: Variables are not kept; a step's own fields can be read.",
    '$.trigger_masking.threshold: "Every so many" cannot be expressed.',
    '$.actions[16]: Nothing leads to this action.',
    '$.actions[1].config.inputs.email.value.from.integrationIds: Senders do not take turns.',
    '$.actions[1].config.tracking_enabled: Tracking cannot be switched off for one step.',
    '$.actions[5].config.conditions[1].filters.properties.values[0].values[3]: "regex" of "name" cannot be expressed.',
    '$.actions[5].config.conditions[1].filters.properties.values[0].values[4]: Filters on "group" cannot be expressed.',
    '$.actions[14]: The action "agent_task" cannot be expressed.',
  ]);
  expect(broadcast.said('lost')).toEqual([
    '$.results[1].actions[1].config.inputs.hog: Hog code does not run here.',
    '$.results[2].actions[0].config: Every passage has a contact.',
    '$.results[2].actions[1].config.delay_until: The expression now() + 1 cannot be expressed.',
  ]);
});

it.each([
  ['FREQ=DAILY', { every: 'P1D' }, 0],
  ['FREQ=WEEKLY;BYDAY=MO,FR', { every: 'P1W', on: ['mon', 'fri'] }, 0],
  ['FREQ=WEEKLY;INTERVAL=2', { every: 'P1W' }, 1],
  ['FREQ=MONTHLY;BYDAY=1MO', { every: 'P1M' }, 1],
  ['FREQ=YEARLY', {}, 1],
])('the schedule %s is %j', (rrule, wanted, lost) => {
  const { journey, said } = importOf('posthog', {
    name: 'F',
    schedules: [{ rrule, starts_at: '2026-03-01T09:30:00Z' }],
    actions: [{ id: 't', type: 'trigger', config: { type: 'batch', filters: { properties: [] } } }],
    edges: [],
  });
  expect(journey?.trigger).toMatchObject(wanted);
  expect(said('lost')).toHaveLength(lost);
});
