import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runAudit } from '#apps/cli/audit/run.ts';
import { findContact } from '#apps/cli/find-contact.ts';
import { redriveRuns } from '#apps/cli/redrive/run.ts';
import { runStatus, runWhy } from '#apps/cli/report.ts';
import { tailStage } from '#apps/cli/target/tail-stage.ts';
import { printArrival } from '#apps/cli/webhook/print-tail.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { jsonLog } from '#shared/adapters/aws/log.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { entryOf } from '#shared/event/put.ts';
import { answeredArrivals, enrolledArrival, logged, type Note } from '#shared/source/arrival.ts';
import { profileKey, receiptKey } from '#shared/store/keys.ts';
import { park } from '#shared/store/parked.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { createTable, type Engine, engineIsHere, forward, startEngine } from '#test/shared/adapters/dynamo-engine.ts';
import { type StageHere, stageHere } from './stage-here.ts';

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
  }, 60_000);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const target = { stage: 'test' };
  const watch = { seen: () => {}, signal: new AbortController().signal };

  it('says who is where, from its table', async () => {
    const { journeys, standing } = await runStatus({ target });
    expect(journeys['welcome']).toMatchObject({ version: 1, status: 'live', entries: 1, inside: 1 });
    expect(standing).toMatchObject([{ journey: 'welcome', version: 1, contacts: 1 }]);
  });

  it('says why a contact is where they are', async () => {
    const found = await runWhy({ contact: 'ANN@shop.example', journey: 'welcome', target });
    expect(found?.journeys).toMatchObject([{ passages: [{ state: 'inside', passed: ['hello'] }] }]);
  });

  it('is audited: who has slept since March is told, and a profile that forgot a passage is put right', async () => {
    const progress = { show: () => {}, stop: () => {} };
    const table = new DynamoTable('shop-table', systemClock, dynamoApi(engine.options));
    const { pk, sk } = profileKey(await findContact('ann@shop.example', table));
    await table.write({ kind: 'update', key: { pk, sk }, change: { set: [[['inside'], {}]] } });
    const found = { asleep: { found: 1, mended: 0 }, overdue: { mended: 0 }, misnamed: { found: 1, mended: 0 } };
    const request = { target, mend: false };
    expect(await runAudit(request, progress)).toMatchObject({ looked: { contacts: 1 }, kinds: found });
    const contact = 'ann@shop.example';
    const { kinds } = await runAudit({ ...request, contact, mend: true }, progress);
    expect(kinds.misnamed).toMatchObject({ found: 1, mended: 1 });
    expect((await runAudit(request, progress)).kinds.misnamed).toBeUndefined();
    expect((await table.get({ pk, sk }))?.['inside']).toEqual({ 'welcome##1': 1 });
  });

  it('is not found by a wrong name, and the answer says where to look', async () => {
    await expect(runStatus({ target: { stage: 'tset' } })).rejects.toThrow(
      /no stage "tset" in eu-central-1.*AWS_PROFILE/,
    );
  });

  it('brings back what was parked, over its bus, and takes it away once it is recorded', async () => {
    const table = new DynamoTable('shop-table', systemClock, dynamoApi(engine.options));
    const at = plusMillis(systemClock.now(), -50 * 86_400_000);
    const old = event('product.viewed', { id: 'old', at, identities: { email: 'ann@shop.example' } });
    await table.write(park(old, 'too-old', at));
    const put: object[] = [];
    aws.answers['PutEvents'] = async ({ Entries: [entry] }) => {
      put.push(JSON.parse(entry.Detail));
      await table.write({ kind: 'put', row: { ...receiptKey('old'), contact: 'c' } });
      return { body: { Entries: [{ EventId: '1' }], FailedEntryCount: 0 } };
    };
    const overview = await redriveRuns.overview(target);
    const pile = { reason: 'too-old: product.viewed', count: 1, oldest: at };
    expect(overview.filter(({ lies }) => lies.length > 0)).toEqual([{ what: 'parked', lies: [pile] }]);
    const request = { what: 'parked', target, dryRun: false, discard: false };
    expect(await redriveRuns.redrive(request, watch)).toMatchObject({ meant: [pile], became: { recorded: 1 } });
    expect(put).toEqual([{ ...old, historic: true }]);
    expect(await redriveRuns.redrive(request, watch)).toMatchObject({ lies: [], became: {} });
  });

  it('finds a passage that stands still, and has review look at it', async () => {
    // Ann has waited there since March, and no review has come.
    const request = { what: 'passages', journey: 'welcome', target, dryRun: true, discard: false };
    const { meant } = await redriveRuns.redrive(request, watch);
    expect(meant).toMatchObject([
      { reason: 'overdue: nothing was heard of its execution', journey: 'welcome', count: 1 },
    ]);
    expect(await redriveRuns.redrive({ ...request, dryRun: false }, watch)).toMatchObject({ became: { asked: 1 } });
    const contact = await findContact(
      'ann@shop.example',
      new DynamoTable('shop-table', systemClock, dynamoApi(engine.options)),
    );
    const table = new DynamoTable('shop-table', systemClock, dynamoApi(engine.options));
    const [row] = await table.query({ pk: `C#${contact}`, prefix: 'J#welcome' });
    expect(String(row?.['due']).slice(0, 10)).toBe(systemClock.now().slice(0, 10));
  });

  it('shows what arrives, from the logs of its functions, which know nobody, and from its table', async () => {
    const lines = (service: string, ...noted: Parameters<Note>[0][]) => {
      const wrote = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      noted.forEach(logged(jsonLog(service)));
      const written = wrote.mock.calls.map(([line]) => String(line));
      wrote.mockRestore();
      const log = `/aws/lambda/tropa-test-${service}`;
      const before = aws.logs.get(log) ?? [];
      const other = { message: JSON.stringify({ message: 'a message could not be worked off' }) };
      const all = [...written.map((message) => ({ message })), other];
      aws.logs.set(log, [...before, ...all.map((line, n) => ({ ...line, timestamp: Date.now() - 1000 + n }))]);
    };
    const known = {
      ...event('registration', { at: START, identities: { email: 'ann@shop.example' } }),
      type: 'registration',
    };
    const request = { headers: {}, isBase64Encoded: false, requestContext: { http: { method: 'POST' } } };
    // The receipt of the one that lies there has expired since March.
    const table = new DynamoTable('shop-table', systemClock, dynamoApi(engine.options));
    const contact = await findContact('ann@shop.example', table);
    await table.write({ kind: 'put', row: { ...receiptKey(known.id), contact } });
    lines(
      'ingest',
      ...answeredArrivals(request, { statusCode: 401, body: '{"error":"no"}', headers: {} }, 'a@b.example'),
    );
    lines(
      'enrol',
      enrolledArrival(known, 'recorded'),
      enrolledArrival({ ...known, id: 'of ben@shop.example' }, 'duplicate'),
    );
    expect(JSON.stringify([...aws.logs])).not.toMatch(/(ann|ben|a)@/);
    const said: string[] = [];
    const told = (show: boolean, ...more: number[]) =>
      tailStage('test', { lines: more[0] ?? 10, follow: false, show }, (one) => void said.push(printArrival(one)));
    await told(false);
    expect(said.toSorted()).toEqual([
      expect.stringMatching(/\.\.\.@\.\.\. +a delivery +refused +401: no$/),
      expect.stringMatching(/registration +duplicate +of \.\.\.@\.\.\.$/),
      expect.stringMatching(/registration +recorded +registration-\S+ {2}contact \S{8}$/),
    ]);
    said.length = 0;
    await told(true, 2);
    expect(said).toHaveLength(2);
    expect(said.join()).toContain('contact ann@shop.example');
    const asked = aws.asked.findLast(({ operation }) => operation === 'FilterLogEvents');
    expect(asked?.headers).toMatchObject({ 'x-amz-target': 'Logs_20140328.FilterLogEvents' });

    said.length = 0;
    const following = tailStage('test', { lines: 0, follow: true, show: false }, (one) => void said.push(one.what), 20);
    const over = expect(following).rejects.toThrow(/logs:FilterLogEvents/);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = {
      level: 'INFO',
      at: START,
      message: 'arrived',
      about: { source: 's', what: 'w', outcome: 'ignored' },
    };
    aws.logs.set('/aws/lambda/tropa-test-collect', [{ timestamp: Date.now() + 50, message: JSON.stringify(late) }]);
    await expect.poll(() => said).toEqual(['w']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(said).toEqual(['w']);
    aws.refuses.add('FilterLogEvents');
    await over;
  });
});
