import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRedrive } from '#apps/cli/redrive.ts';
import { runStatus, runWhy } from '#apps/cli/report.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { entryOf } from '#shared/event/put.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { createTable, type Engine, engineIsHere, forward, startEngine } from '#test/shared/adapters/dynamo-engine.ts';
import { DEAD, QUEUE, type StageHere, stageHere } from './stage-here.ts';

const START = '2026-03-02T09:00:00.000Z';

/** What an hour of a shop has left in a table of the laptop, in a table of DynamoDB. */
async function fill(engine: Engine): Promise<void> {
  await createTable(engine.client, 'shop-table');
  const publicUrl = 'http://localhost:4400';
  const runtime = openRuntime({ start: START, eventDays: 400, mailsPerSecond: 14, publicUrl });
  runtime.upload(EXAMPLES);
  await runtime.drive(plusMillis(START, 60_000));
  const at = runtime.clock.now();
  const identities = { email: 'ann@shop.example' };
  await runtime.bus.put([entryOf(event('registration', { at, identities, consents: [consent('news', at)] }))]);
  await runtime.drive(plusMillis(at, 3_600_000));
  await runtime.rhythm.settle();
  const table = new DynamoTable('shop-table', { ...systemClock, now: () => START }, dynamoApi(engine.options));
  for (const { pk, sk } of runtime.db.prepare('SELECT pk, sk FROM rows').all()) {
    const row = await runtime.table.get({ pk: String(pk), sk: String(sk) });
    if (row) await table.write({ kind: 'put', row });
  }
  runtime.close();
}

describe.skipIf(!engineIsHere)('a stage', () => {
  const closing: (() => unknown)[] = [];
  let engine: Engine;
  let aws: StageHere;

  beforeAll(async () => {
    engine = await startEngine();
    closing.push(() => engine.stop());
    await fill(engine);
    aws = await stageHere(
      (close) => void closing.unshift(close),
      (seen) => forward(engine.options.endpoint, seen),
    );
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const target = { stage: 'test' };

  it('says who is where, from its table', async () => {
    const { journeys, standing } = await runStatus({ target });
    expect(journeys['welcome']).toMatchObject({ version: 1, status: 'live', entries: 1, inside: 1 });
    expect(standing).toMatchObject([{ journey: 'welcome', version: 1, contacts: 1 }]);
  });

  it('says why a contact is where they are', async () => {
    const found = await runWhy({ contact: 'ANN@shop.example', journey: 'welcome', target });
    expect(found?.journeys).toMatchObject([{ passages: [{ state: 'inside', passed: ['hello'] }] }]);
  });

  it('is not found by a wrong name, and the answer says where to look', async () => {
    await expect(runStatus({ target: { stage: 'tset' } })).rejects.toThrow(
      /no stage "tset" in eu-central-1.*AWS_PROFILE/,
    );
  });

  it('sends dead letters of one reason again, and leaves the others as they were', async () => {
    const crash = { Body: '{"n":1}', reason: 'Crash: enrol died' };
    const bad = { Body: '{"n":2}', reason: 'bad-event: type' };
    const nameless = { Body: '{"n":3}' };
    aws.letters.push(crash, bad, nameless);
    const request = { queue: 'enrol', target, reason: 'Crash' } as const;
    const dead = { 'Crash: enrol died': 1, 'bad-event: type': 1, 'no reason: SQS gave it up': 1 };
    const found = { 'Crash: enrol died': 1 };
    expect(await runRedrive({ ...request, dryRun: true })).toEqual({ dead, found, redriven: 0, diedAgain: 0 });
    expect(aws.sent).toEqual([]);
    expect(await runRedrive({ ...request, dryRun: false })).toEqual({ dead, found, redriven: 1, diedAgain: 0 });
    expect(aws.sent).toEqual(['{"n":1}']);
    expect(aws.letters).toEqual([bad, nameless]);
    const [first] = aws.asked.filter(({ operation }) => operation === 'ReceiveMessage');
    expect(first?.input.QueueUrl).toBe(DEAD);
    expect(aws.asked.find(({ operation }) => operation === 'SendMessage')?.input.QueueUrl).toBe(QUEUE);
    const all = { queue: 'enrol', target, dryRun: false } as const;
    expect(await runRedrive(all)).toMatchObject({ redriven: 2 });
    expect(aws.letters).toEqual([]);
  });
});
