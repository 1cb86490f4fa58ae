import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { LocalBus } from '#apps/local/bus.ts';
import { VirtualClock } from '#apps/local/clock.ts';
import { LocalQueues } from '#apps/local/queues.ts';
import { QUEUES, type QueueName, ruleWirings } from '#functions/wiring.ts';

const clock = new VirtualClock('2026-03-01T00:00:00.123Z');
const rules = ruleWirings({ configurationSet: 'mails', bucket: 'files', stateMachineArn: 'arn:machine' });
let got: Partial<Record<QueueName, unknown[]>>;
let counts: Record<string, number>;
let buses: Record<'tropa' | 'default', LocalBus>;

beforeEach(() => {
  const queues = new LocalQueues({ db: new DatabaseSync(':memory:'), clock, wirings: QUEUES });
  got = {};
  counts = {};
  for (const name of ['enrol', 'track', 'publish', 'stranded'] as const)
    queues.consume(QUEUES[name], async (messages) => {
      got[name] = [...(got[name] ?? []), ...messages.map(({ body }) => body)];
      return [];
    });
  let id = 0;
  const bus = (name: 'tropa' | 'default') =>
    new LocalBus({
      bus: name,
      rules,
      queues,
      clock,
      newId: () => `e${++id}`,
      count: (what, n) => {
        counts[what] = (counts[what] ?? 0) + n;
      },
    });
  buses = { tropa: bus('tropa'), default: bus('default') };
});

describe('a bus', () => {
  it('wraps an entry as EventBridge does and puts it into the queue of the rule that matches', async () => {
    const refused = await buses.tropa.put([{ source: 'tropa', detailType: 'purchase', detail: { id: '1' } }]);
    await clock.drive();
    expect(refused).toEqual([]);
    expect(got).toEqual({
      enrol: [
        {
          version: '0',
          id: 'e1',
          'detail-type': 'purchase',
          source: 'tropa',
          account: '000000000000',
          time: '2026-03-01T00:00:00Z',
          region: 'local',
          resources: [],
          detail: { id: '1' },
        },
      ],
    });
  });

  it('drops what no rule wants, and knows only its own rules', async () => {
    await buses.tropa.put([{ source: 'other', detailType: 'purchase', detail: {} }]);
    await buses.default.put([{ source: 'tropa', detailType: 'purchase', detail: {} }]);
    await clock.drive();
    expect(got).toEqual({});
  });

  it.each([
    [
      'track',
      {
        source: 'aws.ses',
        detailType: 'Email Clicked',
        detail: { mail: { tags: { 'ses:configuration-set': ['mails'] } } },
      },
    ],
    [
      'publish',
      {
        source: 'aws.s3',
        detailType: 'Object Created',
        detail: { bucket: { name: 'files' }, object: { key: 'journeys/welcome.json' } },
      },
    ],
    [
      'stranded',
      {
        source: 'aws.states',
        detailType: 'Step Functions Execution Status Change',
        detail: { status: 'FAILED', stateMachineArn: 'arn:machine' },
      },
    ],
  ] as const)('serves the declared rule of %s', async (queue, entry) => {
    await buses.default.put([{ ...entry, resources: ['arn:resource'] }]);
    await clock.drive();
    expect(got).toEqual({ [queue]: [expect.objectContaining({ resources: ['arn:resource'], detail: entry.detail })] });
  });

  it('refuses an entry of more than 1 MiB and takes the others', async () => {
    const entry = (text: string) => ({ source: 'tropa', detailType: 'x', detail: { text } });
    expect(await buses.tropa.put([entry('a'), entry('b'.repeat(1_100_000)), entry('c')])).toEqual([1]);
    await clock.drive();
    expect(got.enrol).toHaveLength(2);
  });

  it('counts every 64 KB of its own events, and none of what AWS services say', async () => {
    await buses.tropa.put([
      { source: 'tropa', detailType: 'x', detail: {} },
      { source: 'tropa', detailType: 'x', detail: { text: 'b'.repeat(70_000) } },
    ]);
    await buses.default.put([{ source: 'aws.s3', detailType: 'x', detail: {} }]);
    expect(counts).toEqual({ busEvents: 3 });
  });
});
