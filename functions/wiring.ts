/**
 * Which function hangs on what: declared once, read by the stacks in infra/ and by the laptop in apps/local, so that
 * the two cannot differ. Names are stable: alarms, dead letters and `tropa redrive` speak them.
 */

import { PRIVACY_REQUESTED } from '#shared/event/privacy.ts';

export const BUS_SOURCE = 'tropa';

export const FUNCTION_NAMES = [
  'ingest',
  'enrol',
  'advance',
  'pause',
  'send',
  'call',
  'track',
  'publish',
  'respond',
  'review',
  'tally',
  'walk',
  'start',
  'tell',
  'collect',
  'catchup',
  'privacy',
  'audit',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** A queue, the function that works it off, and what a marketer loses while it stands still. */
export type QueueWiring = {
  readonly name: string;
  readonly consumer: FunctionName;
  readonly batch: number;
  /** Lambdas at a time at most. */
  readonly maxConcurrency: number;
  /** Seconds a received message stays hidden: six times the function's time limit, as AWS advises. */
  readonly visibility: number;
  /**
   * Times a message is tried before it goes to the queue's dead-letter queue. Together with `visibility` they make more than
   * an hour: a deployment that is bad for so long loses nothing. What no retry can mend does not wait for it.
   */
  readonly receives: number;
  readonly loss: string;
};

export const QUEUES = {
  enrol: {
    name: 'enrol',
    consumer: 'enrol',
    batch: 10,
    maxConcurrency: 50,
    visibility: 180,
    receives: 25,
    loss: 'Customers do things and no journey notices: nobody enters, and nobody who bought is let go.',
  },
  overflow: {
    name: 'overflow',
    consumer: 'ingest',
    batch: 10,
    maxConcurrency: 5,
    visibility: 180,
    receives: 25,
    loss: 'Events that the bus refused are waiting; they are kept and not yet acted on.',
  },
  transactional: {
    name: 'transactional',
    consumer: 'send',
    batch: 10,
    maxConcurrency: 20,
    visibility: 360,
    receives: 12,
    loss: 'Order mails and other transactional mail do not leave.',
  },
  marketing: {
    name: 'marketing',
    consumer: 'send',
    batch: 10,
    maxConcurrency: 20,
    visibility: 360,
    receives: 12,
    loss: 'Marketing mail does not leave.',
  },
  calls: {
    name: 'calls',
    consumer: 'call',
    batch: 5,
    maxConcurrency: 10,
    visibility: 360,
    receives: 12,
    loss: 'Other systems and what they do for customers (gifts, orders, notes) are not told of by journeys.',
  },
  track: {
    name: 'track',
    consumer: 'track',
    batch: 10,
    maxConcurrency: 50,
    visibility: 180,
    receives: 25,
    loss: 'Opens, clicks, bounces and complaints are not noticed: journeys that wait for a click take the other way.',
  },
  publish: {
    name: 'publish',
    consumer: 'publish',
    batch: 1,
    maxConcurrency: 2,
    visibility: 360,
    receives: 12,
    loss: 'An uploaded journey, template or setting does not go live; what was live stays.',
  },
  stranded: {
    name: 'stranded',
    consumer: 'review',
    batch: 10,
    maxConcurrency: 2,
    visibility: 360,
    receives: 12,
    loss: 'Customers whose journey broke off are not put back on their way.',
  },
  walk: {
    name: 'walk',
    consumer: 'walk',
    batch: 1,
    maxConcurrency: 10,
    visibility: 360,
    receives: 12,
    loss: 'A broadcast reaches some customers late or not at all, and some birthdays are missed.',
  },
  privacy: {
    name: 'privacy',
    consumer: 'privacy',
    batch: 1,
    maxConcurrency: 2,
    visibility: 1800,
    receives: 12,
    loss: 'Customers who want a copy of what is known of them, or to be forgotten, are not answered. The law gives a month.',
  },
  tell: {
    name: 'tell',
    consumer: 'tell',
    batch: 1,
    maxConcurrency: 2,
    visibility: 180,
    receives: 25,
    loss: 'Authors do not hear by mail what publish says of their files. The reports lie in the bucket all the same.',
  },
} as const satisfies Record<string, QueueWiring>;
export type QueueName = keyof typeof QUEUES;
export const QUEUE_NAMES = Object.values(QUEUES).map(({ name }) => name);

/**
 * Rules: EventBridge patterns and the queue they feed. `$` names in a pattern are filled in by whoever deploys
 * (configuration set, bucket, state machine).
 */
export type RuleWiring = { readonly bus: 'tropa' | 'default'; readonly pattern: object; readonly queue: QueueName };

export const ruleWirings = (names: { configurationSet: string; bucket: string; stateMachineArn: string }) =>
  ({
    events: {
      bus: 'tropa',
      pattern: { source: [BUS_SOURCE], 'detail-type': [{ 'anything-but': [PRIVACY_REQUESTED] }] },
      queue: 'enrol',
    },
    privacy: {
      bus: 'tropa',
      pattern: { source: [BUS_SOURCE], 'detail-type': [PRIVACY_REQUESTED] },
      queue: 'privacy',
    },
    mail: {
      bus: 'default',
      pattern: {
        source: ['aws.ses'],
        'detail-type': [
          'Email Sent',
          'Email Delivered',
          'Email Opened',
          'Email Clicked',
          'Email Bounced',
          'Email Complaint Received',
          'Email Rejected',
          'Email Rendering Failed',
          'Email Delivery Delayed',
        ],
        detail: { mail: { tags: { 'ses:configuration-set': [names.configurationSet] } } },
      },
      queue: 'track',
    },
    uploads: {
      bus: 'default',
      pattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [names.bucket] },
          object: {
            key: [
              { prefix: 'journeys/' },
              { prefix: 'templates/' },
              { prefix: 'segments/' },
              { prefix: 'pools/' },
              { prefix: 'tests/' },
              'settings.json',
            ],
          },
        },
      },
      queue: 'publish',
    },
    stranded: {
      bus: 'default',
      pattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [names.stateMachineArn] },
      },
      queue: 'stranded',
    },
  }) as const satisfies Record<string, RuleWiring>;

/** Letters of one kind: what a marketer loses while they lie there, and the queue that works them off once they are sent there. */
export type DeadLettersWiring = { readonly loss: string; readonly to?: QueueName };

/**
 * Every place where letters end: of queues, what could not be worked off; of rules, whole events that could not be put on their
 * queue; of the stream, the names of stretches of it that were passed over.
 */
export const deadLetterWirings = (): ReadonlyMap<string, DeadLettersWiring> => {
  const rules = Object.entries(ruleWirings({ configurationSet: '', bucket: '', stateMachineArn: '' }));
  return new Map<string, DeadLettersWiring>([
    ...Object.values(QUEUES).map(({ name, loss }) => [name, { loss, to: name }] as const),
    ...rules.map(([name, { queue }]) => [ruleLettersOf(name), { loss: QUEUES[queue].loss, to: queue }] as const),
    [STREAM.consumer, { loss: STREAM.loss }] as const,
  ]);
};
/** What the dead letters of a rule are those of. */
export const ruleLettersOf = (rule: string): string => `${rule}-rule`;

/** HTTP routes, all of the one public API. */
export const ROUTES = [
  { method: 'POST', path: '/webhooks/{source}', function: 'ingest' },
  { method: 'POST', path: '/v1/journeys/{id}/start', function: 'start' },
  { method: 'GET', path: '/collect/tropa.js', function: 'collect' },
  { method: 'POST', path: '/collect/{key}', function: 'collect' },
  { method: 'GET', path: '/u/{token}', function: 'respond' },
  { method: 'POST', path: '/u/{token}', function: 'respond' },
  { method: 'GET', path: '/p/{token}', function: 'respond' },
  { method: 'POST', path: '/p/{token}', function: 'respond' },
  { method: 'GET', path: '/v/{token}', function: 'respond' },
  { method: 'GET', path: '/c/{token}', function: 'respond' },
  { method: 'POST', path: '/c/{token}', function: 'respond' },
  { method: 'GET', path: '/schemas/{version}/{file}', function: 'respond' },
] as const satisfies readonly { method: string; path: string; function: FunctionName }[];

/** What runs on the clock, each so many minutes. */
export const SCHEDULES = { review: 1, audit: 5, catchup: 15 } as const satisfies Partial<Record<FunctionName, number>>;

/** Runs of review at the same moment, each over its part of what is due. A rule has five targets at most. */
export const REVIEW_PARTS = 4;

const SAID = [
  ...['journey', 'version', 'step', 'channel', 'topic', 'lane', 'to'],
  ...['facts', 'reason', 'claim', 'hardBounced', 'machineOpened', 'machineClicked'],
] as const;

/**
 * What tally sees of the table's stream: rows of these kinds, by the first letters of pk and sk, and which of their
 * attributes it looks at.
 */
export const STREAM = {
  consumer: 'tally',
  loss: 'The counts in reports and on dashboards are behind or too low; journeys and mails go on.',
  batch: 500,
  windowSeconds: 60,
  keys: [
    { pk: 'C#', sk: 'PROFILE', sees: ['mergedInto', 'aka', 'hours', 'traits'] },
    { pk: 'C#', sk: 'J#', sees: ['journey', 'version', 'first', 'cursor', 'state', 'outcome', 'converted'] },
    { pk: 'C#', sk: 'M#', sees: SAID },
    { pk: 'C#', sk: 'E#', sees: ['type'] },
    { pk: 'C#', sk: 'C#', sees: ['journey', 'version', 'step', 'waits', 'state', 'ok', 'cut', 'unread'] },
    // Both of codes.
    { pk: 'U#', sk: 'C', sees: ['journey', 'at', 'used'] },
  ],
} as const;

/** The functions that the state machine calls, by the name of the token that stands for their ARN in journey.asl.json. */
export const STATE_MACHINE_TOKENS = { AdvanceFunction: 'advance', PauseFunction: 'pause' } as const satisfies Record<
  string,
  FunctionName
>;
