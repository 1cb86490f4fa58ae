import { describe, expect, it, onTestFinished } from 'vitest';
import { lyingOnStage, redriveStage } from '#apps/cli/redrive/letters-stage.ts';
import type { RedriveRequest, Watch } from '#apps/cli/redrive/request.ts';
import { deadLettersOf } from '#shared/dead-letters.ts';
import { DEAD, QUEUE, stageHere } from '../target/stage-here.ts';

const stage = () => stageHere(onTestFinished, () => ({}));
const watch = (seen: Watch['seen'] = () => {}, signal = new AbortController().signal): Watch => ({ seen, signal });
const asked = (given: Partial<RedriveRequest> = {}) => ({ what: 'enrol', dryRun: false, discard: false, ...given });
const redrive = (given: Partial<RedriveRequest> = {}, watching = watch()) =>
  redriveStage('test', asked(given), watching);

const SINCE = '1970-01-01T00:00:01.000Z';
const pile = (reason: string, count = 1) => ({ reason, count, oldest: SINCE });
const crash = { Body: '{"n":1}', reason: 'Crash: enrol died' };
const bad = { Body: '{"n":2}', reason: 'bad-event: type' };
const nameless = { Body: 'no JSON {' };

describe('dead letters of a queue', () => {
  it('of one reason are sent again, and the others lie there as they were', async () => {
    const aws = await stage();
    aws.letters.push(crash, bad, nameless);
    const lies = [pile('Crash: enrol died'), pile('bad-event: type'), pile('no reason: SQS gave it up')];
    const meant = [pile('Crash: enrol died')];
    const dry = await redrive({ reason: 'Crash', dryRun: true });
    expect(dry).toEqual({ what: 'enrol', lies, meant, became: {} });
    expect([aws.sent, aws.letters.length, aws.hidden.size]).toEqual([[], 3, 0]);
    expect(await redrive({ reason: 'Crash' })).toEqual({ what: 'enrol', lies, meant, became: { sent: 1 } });
    expect(aws.sent).toEqual([crash.Body]);
    expect(aws.letters).toEqual([bad, nameless]);
    expect(aws.hidden.has(bad)).toBe(false);
    expect(aws.asked.find(({ operation }) => operation === 'ReceiveMessage')?.input.QueueUrl).toBe(DEAD);
    expect(aws.asked.find(({ operation }) => operation === 'SendMessageBatch')?.input.QueueUrl).toBe(QUEUE);
    // What nobody can read goes as it is, for its consumer to say so.
    expect(await redrive()).toMatchObject({ became: { sent: 2 } });
    expect([aws.letters, aws.sent]).toEqual([[], [crash.Body, bad.Body, nameless.Body]]);
  });

  it('are sent ten at a time, as far as a limit allows, and it is said how far it is', async () => {
    const aws = await stage();
    const bodies = Array.from({ length: 95 }, (_, n) => ({ Body: String(n) }));
    aws.letters.push(...bodies);
    const seen: Parameters<Watch['seen']>[] = [];
    const result = await redrive(
      { limit: 42 },
      watch((...said) => void seen.push(said)),
    );
    expect(result).toMatchObject({ stopped: 'limit', became: { sent: 42 } });
    expect([
      new Set(aws.sent).size,
      aws.letters.length,
      bodies.some((one) => aws.hidden.has(one) && aws.letters.includes(one)),
    ]).toEqual([42, 53, false]);
    expect(seen.at(-1)?.[1]).toBe(95);
    expect(await redrive()).toMatchObject({ became: { sent: 53 } });
    expect(new Set(aws.sent)).toEqual(new Set(bodies.map(({ Body }) => Body)));
    expect(aws.sent).toHaveLength(95);
    expect(aws.asked.filter(({ operation }) => operation === 'SendMessageBatch').length).toBeLessThan(20);
  });

  it('that SQS does not take away are not said to be gone', async () => {
    const aws = await stage();
    aws.letters.push({ ...crash }, { ...bad });
    aws.refuseEntries(({ ReceiptHandle }) => ReceiptHandle === '0');
    expect(await redrive({ discard: true })).toMatchObject({ became: { discarded: 1, refused: 1 } });
    expect(aws.letters).toHaveLength(1);
  });

  it('that lie there twice are sent twice, and one that SQS brings twice is sent once', async () => {
    const aws = await stage();
    aws.letters.push({ ...crash }, { ...crash });
    // The first time that it is to be forgotten, it is not, and shows again.
    aws.refuseEntries(({ ReceiptHandle }) => {
      const isFirst = ReceiptHandle === '0';
      if (isFirst) aws.hidden.clear();
      return isFirst;
    });
    expect(await redrive()).toMatchObject({ became: { sent: 2 } });
    expect(aws.sent).toEqual([crash.Body, crash.Body]);
    expect(aws.letters).toEqual([]);
  });

  it('that the queue does not take lie there still', async () => {
    const aws = await stage();
    aws.letters.push(crash, bad);
    aws.refuseEntries(({ MessageBody }) => MessageBody === bad.Body);
    expect(await redrive()).toMatchObject({ became: { sent: 1, refused: 1 } });
    expect(aws.letters).toEqual([bad]);
    expect(aws.hidden.has(bad)).toBe(false);
  });

  it('are not lost when it is cut off between sending and taking away: those come twice', async () => {
    const aws = await stage();
    aws.letters.push(crash, bad);
    aws.refuses.add('DeleteMessageBatch');
    await expect(redrive()).rejects.toThrow(/sqs:DeleteMessage\./);
    expect(aws.sent).toHaveLength(2);
    expect(aws.letters).toEqual([crash, bad]);
    expect([aws.hidden.has(crash), aws.hidden.has(bad)]).toEqual([false, false]);
    aws.refuses.clear();
    expect(await redrive()).toMatchObject({ became: { sent: 2 } });
    expect(aws.letters).toEqual([]);
  });

  it('stay where they are from the moment on that somebody interrupts it', async () => {
    const aws = await stage();
    aws.letters.push(...Array.from({ length: 500 }, (_, n) => ({ Body: String(n) })));
    const controller = new AbortController();
    const result = await redrive(
      {},
      watch(() => controller.abort(), controller.signal),
    );
    expect(result.stopped).toBe('interrupted');
    expect(aws.sent.length).toBe(result.became.sent);
    expect(aws.sent.length).toBeLessThan(100);
    expect(aws.letters).toHaveLength(500 - aws.sent.length);
    expect(aws.letters.some((letter) => aws.hidden.has(letter))).toBe(false);
  });

  it('that die again at once are not sent for ever, even where this clock is minutes ahead', async () => {
    const aws = await stage();
    aws.letters.push({ ...crash });
    let deaths = 0;
    const push = aws.sent.push.bind(aws.sent);
    aws.sent.push = (...bodies) => {
      deaths += 1;
      if (deaths < 50) aws.letters.push({ ...crash, sent: Date.now() - 4 * 60_000 });
      return push(...bodies);
    };
    expect(await redrive()).toMatchObject({ became: { sent: 1, diedAgain: 1 } });
    expect(aws.letters).toHaveLength(1);
  });

  it('are taken away for good where that is asked for', async () => {
    const aws = await stage();
    aws.letters.push(crash, bad);
    expect(await redrive({ discard: true, reason: 'bad-event' })).toMatchObject({ became: { discarded: 1 } });
    expect([aws.letters, aws.sent]).toEqual([[crash], []]);
  });

  it('that the role may not show again are not hidden without a word', async () => {
    const aws = await stage();
    aws.letters.push(crash);
    aws.refuses.add('ChangeMessageVisibilityBatch');
    await expect(redrive({ dryRun: true })).rejects.toThrow(/sqs:ChangeMessageVisibility/);
    expect(aws.letters).toEqual([crash]);
  });

  it('that the role may not receive are not said to be none', async () => {
    const aws = await stage();
    aws.refuses.add('ReceiveMessage');
    await expect(redrive()).rejects.toThrow(/sqs:ReceiveMessage/);
  });
});

/** As EventBridge puts it there (docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html). */
const undelivered = (of: string, detail: object) => ({
  of,
  Body: JSON.stringify({ version: '0', id: 'e1', 'detail-type': 'x', source: 'tropa', detail }),
  attributes: {
    RULE_ARN: 'arn:aws:events:eu-central-1:123456789012:rule/tropa-test-events/tropa-test-events',
    TARGET_ARN: 'arn:aws:sqs:eu-central-1:123456789012:tropa-test-enrol',
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: 'Lack of permissions (request 7d3c0c5e-9d11-4f0c-8a0e-0b2f5d0c8a11)',
    RETRY_ATTEMPTS: '0',
  },
});

it.each([
  ['events-rule', 'enrol'],
  ['privacy-rule', 'privacy'],
  ['mail-rule', 'track'],
  ['uploads-rule', 'publish'],
  ['stranded-rule', 'stranded'],
])('whole events that the %s could not deliver go to the queue %s, as the rule puts them there', async (of, queue) => {
  const aws = await stage();
  const letter = undelivered(of, { id: 'x' });
  aws.letters.push(letter);
  const result = await redrive({ what: of, reason: 'NO_PERM' });
  expect(result.meant).toEqual([pile('NO_PERMISSIONS: Lack of permissions (request ...)')]);
  expect([result.became, aws.letters, aws.sent]).toEqual([{ sent: 1 }, [], [letter.Body]]);
  const send = aws.asked.find(({ operation }) => operation === 'SendMessageBatch');
  expect(send?.input.QueueUrl).toBe(QUEUE.replace(/enrol$/, queue));
});

const stretch = {
  of: 'tally',
  Body: JSON.stringify({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { shardId: 's', startSequenceNumber: '1', batchSize: 7 },
  }),
};

describe('letters of the stream', () => {
  it('are named, and sent nowhere', async () => {
    const aws = await stage();
    aws.letters.push(stretch);
    await expect(redrive({ what: 'tally' })).rejects.toThrow(/--discard --yes/);
    expect(aws.letters).toEqual([stretch]);
    const { meant } = await redrive({ what: 'tally', dryRun: true });
    expect(meant).toEqual([pile('RetryAttemptsExhausted: changes of the table were not counted')]);
    expect(await redrive({ what: 'tally', discard: true })).toMatchObject({ became: { discarded: 1 } });
    expect([aws.letters, aws.sent]).toEqual([[], []]);
  });
});

describe('the overview of a stage', () => {
  it('looks everywhere, changes nothing, and passes over what the stage does not have yet', async () => {
    const aws = await stage();
    aws.letters.push(crash, { ...crash, sent: 5000 }, undelivered('mail-rule', {}), stretch);
    const lying = await lyingOnStage('test');
    const found = Object.fromEntries(lying.flatMap(({ what, lies }) => (lies.length > 0 ? [[what, lies]] : [])));
    expect(found).toEqual({
      enrol: [pile('Crash: enrol died', 2)],
      'mail-rule': [pile('NO_PERMISSIONS: Lack of permissions (request ...)')],
      tally: [pile('RetryAttemptsExhausted: changes of the table were not counted')],
    });
    expect(lying).toHaveLength(17);
    expect([aws.letters.length, aws.sent, aws.letters.some((one) => aws.hidden.has(one))]).toEqual([4, [], false]);
    const urls = new Set(
      aws.asked.filter(({ operation }) => operation === 'ReceiveMessage').map(({ input }) => input.QueueUrl),
    );
    expect(urls).toContain(deadLettersOf(QUEUE.replace(/enrol$/, 'uploads-rule')));
    aws.lacks.add('tell');
    expect(await lyingOnStage('test')).toHaveLength(17);
  });

  it('looks at a thousand letters of a place, and says that there are more', async () => {
    const aws = await stage();
    aws.letters.push(...Array.from({ length: 1100 }, (_, n) => ({ Body: String(n) })));
    const enrol = (await lyingOnStage('test')).find(({ what }) => what === 'enrol');
    expect(enrol?.stopped).toBe('limit');
    expect(aws.letters.some((one) => aws.hidden.has(one))).toBe(false);
  });
});
