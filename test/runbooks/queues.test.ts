import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redriveCommand } from '#apps/cli/commands/redrive.ts';
import { redriveRuns } from '#apps/cli/redrive/run.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { type FunctionName, QUEUES, type QueueName } from '#functions/wiring.ts';
import { oneByOne, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { PRIVACY_REQUESTED } from '#shared/event/privacy.ts';
import { SOURCE } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { quiet } from '#test/build/ports.ts';
import { putPublished } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';
import { memoryTable } from '#test/build/table.ts';
import { Crash } from '#test/faults/table.ts';
import { sqsEvent } from '#test/functions/lambda-events.ts';
import { ownMetric } from './alarms.ts';
import { CloudWatch } from './watch.ts';

/** Each queue whose function fails for hours: its three alarms, its dead letters, and the command that its runbook names. */

const START = '2026-03-02T09:00:00.000Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const JOURNEYS = [
  journey({ entry: { if: { consent: 'offers' } }, steps: [send('offer'), tag('offered'), wait('rest', 'P9D')] }),
  journey({
    id: 'order',
    topic: 'orders',
    trigger: { type: 'event', event: 'purchase' },
    entry: { key: 'orderId' },
    steps: [send('receipt'), { type: 'call', id: 'tell', endpoint: 'crm', body: {} }, tag('thanked')],
  }),
];
const BIRTHDAY = {
  ...{ id: 'birthday', name: 'Birthday', status: 'live', topic: 'orders' },
  ...{ trigger: { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' }, steps: [tag('older'), wait('w')] },
};
const SHOP = settings({
  traits: { birthday: 'date' },
  endpoints: { crm: { https: 'https://crm.example/hook', secret: 'crm' } },
  senders: { default: { email: 'hello@shop.example' } },
  authors: { default: 'team@shop.example' },
  shop: { address: 'Long Lane 1' },
});

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tropa-runbook-'));
});
afterEach(() => rmSync(data, { recursive: true }));

/** The laptop, where one function does nothing but fail; what the clock calls goes on. */
async function open(broken?: FunctionName): Promise<Runtime> {
  const runtime = openRuntime({
    ...{ dataDir: data, start: START, eventDays: 400, mailsPerSecond: 100, publicUrl: 'https://shop.example' },
    wrap: {
      ports: (ports) => ports,
      call: (name, work) => (name === broken ? Promise.reject(new Crash(`${name} fails`)) : work()),
      scheduled: (_, work) => work(),
    },
  });
  return runtime;
}
const put = (runtime: Runtime, type: string, detail: object) =>
  runtime.bus.put([{ source: SOURCE, detailType: type, detail }]);
const count = ({ db }: Runtime, sql: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.['n']);
const buys = (runtime: Runtime) =>
  put(runtime, 'purchase', event('purchase', { id: 'buy', at: START, data: { orderId: '7', total: 5 } }));
const shops = (runtime: Runtime) =>
  put(runtime, 'cart.updated', event('cart.updated', { id: 'cart', at: START, consents: [consent('offers', START)] }));

/** What comes to each queue, and how often it has been done. */
const WORK: Readonly<Record<QueueName, { come: (runtime: Runtime) => unknown; done: (runtime: Runtime) => number }>> = {
  enrol: { come: shops, done: (runtime) => count(runtime, "rows WHERE sk LIKE 'E#cart.updated%'") },
  overflow: {
    come: ({ deps }) => deps.overflow.send([event('purchase', { id: 'buy', at: START, data: { orderId: '7' } })]),
    done: (runtime) => count(runtime, "rows WHERE sk LIKE 'E#purchase%'"),
  },
  transactional: { come: buys, done: (runtime) => count(runtime, "mails WHERE step = 'receipt'") },
  marketing: { come: shops, done: (runtime) => count(runtime, "mails WHERE step = 'offer'") },
  calls: {
    come: buys,
    done: (runtime) => count(runtime, `rows WHERE sk LIKE 'C#%' AND body LIKE '%"state":"done"%'`),
  },
  track: { come: buys, done: (runtime) => count(runtime, `rows WHERE sk LIKE 'M#%' AND body LIKE '%"delivered":%'`) },
  publish: {
    come: (runtime) => runtime.take({ key: 'journeys/birthday.json', body: JSON.stringify(BIRTHDAY) }),
    done: (runtime) => count(runtime, "rows WHERE pk = 'V#birthday'"),
  },
  stranded: {
    come: async (runtime) => {
      await shops(runtime);
      await runtime.drive(plusMillis(START, MINUTE));
      const started = runtime.db.prepare('SELECT input FROM executions').get();
      await runtime.queues
        .queue('stranded')
        .send([{ detail: { status: 'FAILED', input: String(started?.['input']) } }]);
    },
    done: (runtime) => count(runtime, "executions WHERE name LIKE 'cart-%-2'"),
  },
  walk: {
    come: async (runtime) => {
      const traits = { birthday: '1990-03-09' };
      await put(runtime, 'registration', event('registration', { id: 'reg', at: START, traits }));
      await runtime.drive(plusMillis(START, MINUTE));
      runtime.take({ key: 'journeys/birthday.json', body: JSON.stringify(BIRTHDAY) });
    },
    done: (runtime) => count(runtime, 'rows WHERE body LIKE \'%"occurrence":"2026-03-09"%\''),
  },
  tell: {
    come: (runtime) => runtime.take({ key: 'journeys/wrong.json', body: '{' }),
    done: (runtime) => count(runtime, "mails WHERE to_address = 'team@shop.example'"),
  },
  privacy: {
    come: async (runtime) => {
      await shops(runtime);
      const identities = { email: 'ann@shop.example' };
      const asked = { id: 'ask', kind: 'export', at: START, requestId: '1', shop: 's', identities };
      await put(runtime, PRIVACY_REQUESTED, { ...asked, type: PRIVACY_REQUESTED, source: 'shopify' });
    },
    done: (runtime) => count(runtime, "objects WHERE key LIKE 'privacy/%'"),
  },
};

const NAMES = Object.values(QUEUES).map(({ name }) => name);
const noLetters = { keep: async () => {} };
const nothing = { write: () => true };
const redrive = (...words: string[]) =>
  redriveCommand(redriveRuns, { out: nothing, err: nothing } as never).parseAsync([...words, '--data', data], {
    from: 'user',
  });

describe.each(NAMES)('the queue %s, whose function fails for hours,', (name) => {
  const { consumer, visibility } = QUEUES[name];

  it(`has alarms on its age and its dead letters, and ${name}-failing speaks within a quarter of an hour`, async () => {
    expect(ownMetric(`${name}-late`)).toBe(`AWS/SQS ApproximateAgeOfOldestMessage of ${name}`);
    expect(ownMetric(`${name}-dead`)).toBe(`AWS/SQS ApproximateNumberOfMessagesVisible of ${name}-dead`);
    expect(ownMetric(`${name}-failing`)).toBe(`AWS/Lambda Errors of ${consumer}`);
    // The handler says by which name the function counts, and which queues it knows.
    const handler = readFileSync(`functions/${consumer}/handler.ts`, 'utf8');
    expect(handler).toContain(`embeddedMetrics('${consumer}', env.METRIC_NAMESPACE)`);
    expect(handler).toMatch(new RegExp(`queues: \\[.*QUEUES\\.${name}\\b`));

    const { clock } = memoryTable();
    const watch = new CloudWatch(clock.now);
    const batch = { log: quiet, metrics: watch.metrics(consumer), queues: [QUEUES[name]], deadLetters: noLetters };
    const fails = oneByOne(() => Promise.reject(new Error('broken')));
    // Each minute a message comes, and comes again as often as it is shown.
    for (let minute = 0; minute < 16; minute += 1) {
      const shown = Array.from({ length: minute + 1 }, (_, came) => minute - came).filter(
        (age) => (age * 60) % visibility === 0,
      );
      await workOff(sqsEvent(name, ...shown.map(() => ({}))), fails, batch);
      if (minute < 10 || minute > 14) expect(watch.speaks(`${name}-failing`)).toBe(minute > 14);
      clock.pass(MINUTE);
    }
  });

  it('keeps its letters with their reason; once mended, `tropa redrive` has each done once', async () => {
    const broken = await open(consumer);
    await putPublished(broken, SHOP, JOURNEYS);
    await WORK[name].come(broken);
    await broken.drive(plusMillis(START, 8 * HOUR));
    const letters = broken.queues.deadLetters(name);
    expect(letters.length).toBeGreaterThan(0);
    for (const { reason } of letters) expect(reason).toContain(`${consumer} fails`);
    expect(WORK[name].done(broken)).toBe(0);
    broken.close();

    await redrive(name, '--dry-run');
    await redrive(name);
    await redrive(name);
    const mended = await open();
    await mended.drive(plusMillis(mended.clock.now(), HOUR));
    expect(mended.queues.deadLetters(name)).toEqual([]);
    expect(WORK[name].done(mended)).toBe(1);
    mended.close();
  });
});
