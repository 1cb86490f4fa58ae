import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { readMachine } from '#apps/local/asl.ts';
import type { LocalEntry } from '#apps/local/bus.ts';
import { VirtualClock } from '#apps/local/clock.ts';
import { type ExecutionsOptions, LocalExecutions } from '#apps/local/executions.ts';
import { attemptOf, tokenOf } from '#apps/local/task-tokens.ts';
import { plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-01T00:00:00.000Z';

type Call = { readonly name: string; readonly payload: Record<string, unknown>; readonly at: string };

let db: DatabaseSync;
let clock: VirtualClock;
let executions: LocalExecutions;
let calls: Call[];
let counts: Record<string, number>;
let failed: LocalEntry[];

/** Starts from the database as it is, as a new process would. */
function boot(states: object, lambdas: Record<string, (payload: never, call: number) => unknown> = {}, startAt = 'A') {
  const options: ExecutionsOptions = {
    db,
    clock,
    machine: readMachine(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: startAt, States: states }), {}),
    random: () => 0.5,
    invoke: async (name, payload) => {
      calls.push({ name, payload: payload as Record<string, unknown>, at: clock.now() });
      return lambdas[name]?.(payload as never, calls.filter((call) => call.name === name).length);
    },
    count: (what, n) => {
      counts[what] = (counts[what] ?? 0) + n;
    },
    onFailed: (entry) => failed.push(entry),
  };
  executions = new LocalExecutions(options);
  return executions;
}

const lambda = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...more,
});
const pause = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'pause', Payload: { token: '{% $states.context.Task.Token %}' } },
  ...more,
});
const end = { Type: 'Succeed' };
const tokens = () => calls.filter(({ name }) => name === 'pause').map(({ payload }) => String(payload['token']));
const token = () => tokens().at(-1) ?? '';
const named = (name: string, message = '') => Object.assign(new Error(message), { name });

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  clock = new VirtualClock(START);
  calls = [];
  counts = {};
  failed = [];
});

describe('starting an execution', () => {
  const waiting = { A: pause({ End: true }) };

  it('runs it', async () => {
    boot({ A: lambda('f', { Next: 'B' }), B: lambda('g', { End: true }) }, { f: () => ({ n: 1 }), g: () => null });
    expect(await executions.start('one', { a: 1 })).toBe('started');
    await clock.drive();
    expect(calls).toMatchObject([
      { name: 'f', payload: { a: 1 } },
      { name: 'g', payload: { n: 1 } },
    ]);
    expect(executions.describe('one')).toEqual({ status: 'SUCCEEDED', phase: 'closed', state: 'B' });
    expect(counts).toEqual({ transitions: 2, lambda: 2 });
  });

  it('again, with the same name and input while it runs, changes nothing and says that it started', async () => {
    boot(waiting);
    await executions.start('one', { a: 1 });
    expect(await executions.start('one', { a: 1 })).toBe('started');
    await clock.drive();
    expect(calls).toHaveLength(1);
  });

  it('with another input says that it exists', async () => {
    boot(waiting);
    await executions.start('one', { a: 1 });
    expect(await executions.start('one', { a: 2 })).toBe('exists');
  });

  it('of a name that is closed says that it exists, and its payload is gone', async () => {
    boot({ A: end });
    await executions.start('one', { secret: 'payload' });
    await clock.drive();
    expect(await executions.start('one', { secret: 'payload' })).toBe('exists');
    expect(JSON.stringify(db.prepare('SELECT * FROM executions').all())).not.toContain('payload');
  });

  it.each(['a', 'welcome-0123456789abcdef-1', 'a.b_c=d+e@f(g)!', 'ł', 'x'.repeat(80)])(
    'takes the name %s',
    async (name) => {
      boot(waiting);
      expect(await executions.start(name, {})).toBe('started');
    },
  );

  it.each([
    '',
    'x'.repeat(81),
    ...[' ', '\t', '\u0000', '\u0085', ...'?*<>{}[]"#%\\^|~`$&,;:/'].map((character) => `a${character}b`),
  ])('refuses the name %j', async (name) => {
    boot(waiting);
    await expect(executions.start(name, {})).rejects.toThrow(expect.objectContaining({ name: 'InvalidName' }));
  });

  it('refuses more than 256 KiB', async () => {
    boot(waiting);
    const input = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    await expect(executions.start('one', input(262_145))).rejects.toThrow(
      expect.objectContaining({ name: 'States.DataLimitExceeded' }),
    );
    expect(await executions.start('two', input(262_144))).toBe('started');
  });
});

describe('a pause', () => {
  it('goes on with the answer to its token', async () => {
    boot({ A: pause({ Next: 'B' }), B: lambda('g', { End: true }) });
    await executions.start('one', {});
    await clock.drive();
    expect(calls).toHaveLength(1);
    expect(await executions.succeed(token(), { answer: 1 })).toBe('done');
    await clock.drive();
    expect(calls[1]).toMatchObject({ name: 'g', payload: { answer: 1 } });
  });

  it('takes an answer that comes before its Lambda has returned, once', async () => {
    const answers: string[] = [];
    boot(
      { A: pause({ Next: 'B' }), B: lambda('g', { End: true }) },
      {
        pause: async (payload: { token: string }) => {
          answers.push(await executions.succeed(payload.token, {}), await executions.succeed(payload.token, {}));
          await clock.sleep(1000);
        },
      },
    );
    await executions.start('one', {});
    await clock.drive();
    expect(answers).toEqual(['done', 'timed-out']);
    expect(calls.map(({ name, at }) => [name, at])).toEqual([
      ['pause', START],
      ['g', START],
    ]);
    expect(executions.describe('one')?.status).toBe('SUCCEEDED');
  });

  it('goes to its catcher by a failure of that name', async () => {
    boot({
      A: pause({ Next: 'B', Catch: [{ ErrorEquals: ['Finished'], Next: 'C' }] }),
      B: lambda('g', { End: true }),
      C: end,
    });
    await executions.start('one', {});
    await clock.drive();
    expect(await executions.fail(token(), 'Finished', 'nothing left')).toBe('done');
    await clock.drive();
    expect(executions.describe('one')).toMatchObject({ status: 'SUCCEEDED', state: 'C' });
  });

  it('times out at its moment, and the error output leads on', async () => {
    boot({
      A: pause({ TimeoutSeconds: 3600, Next: 'B', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] }),
      B: lambda('g', { End: true }),
    });
    await executions.start('one', {});
    await clock.drive();
    expect(calls[1]).toEqual({
      name: 'g',
      at: plusMillis(START, 3_600_000),
      payload: { Error: 'States.Timeout', Cause: '' },
    });
  });

  it('is acted on exactly once when the answer comes at the moment of the time-out', async () => {
    for (const first of ['answer', 'time-out']) {
      db = new DatabaseSync(':memory:');
      clock = new VirtualClock(START);
      calls = [];
      boot({
        A: pause({ TimeoutSeconds: 60, Next: 'B', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] }),
        B: lambda('g', { End: true }),
      });
      const answers: Promise<string>[] = [];
      const answer = () => clock.at(plusMillis(START, 60_000), () => answers.push(executions.succeed(token(), {})));
      if (first === 'answer') answer();
      await executions.start('one', {});
      await clock.drive({ until: plusMillis(START, 1000) });
      if (first === 'time-out') answer();
      await clock.drive();
      expect(calls.map(({ name }) => name)).toEqual(['pause', 'g']);
      expect(await Promise.all(answers)).toEqual([first === 'answer' ? 'done' : 'unknown']);
    }
  });

  it('has a new token for each attempt, and the older one is stale', async () => {
    boot(
      { A: pause({ End: true, Retry: [{ ErrorEquals: ['Conflict'] }] }) },
      {
        pause: (_: never, call) => {
          if (call === 1) throw named('Conflict');
        },
      },
    );
    await executions.start('one', {});
    await clock.drive();
    const [first = '', second = ''] = tokens();
    expect(first).not.toBe(second);
    expect(await executions.succeed(first, {})).toBe('timed-out');
    expect(await executions.succeed(second, {})).toBe('done');
  });

  it('says of a token of the pause before that it timed out, and of an ended execution that it is unknown', async () => {
    boot({ A: pause({ Next: 'B' }), B: pause({ End: true }) });
    await executions.start('one', {});
    await clock.drive();
    await executions.succeed(token(), {});
    await clock.drive();
    const [first = '', second = ''] = tokens();
    expect(await executions.fail(first, 'X', '')).toBe('timed-out');
    expect(await executions.succeed(second, {})).toBe('done');
    await clock.drive();
    expect(await executions.succeed(second, {})).toBe('unknown');
    expect(await executions.succeed(first, {})).toBe('unknown');
  });

  it.each(['', 'nonsense', tokenOf({ name: 'never', attempt: 1 }), `${tokenOf({ name: 'one', attempt: 1 })}x`])(
    'does not know a token that never was: %.20s',
    async (given) => {
      boot({ A: pause({ End: true }) });
      await executions.start('one', {});
      await clock.drive();
      expect(await executions.succeed(given, {})).toBe('unknown');
    },
  );

  it('has a token as long as real ones, which names its attempt, for every name', () => {
    for (const from of [
      { name: 'a', attempt: 1 },
      { name: 'x'.repeat(80), attempt: 123_456 },
      { name: 'łó'.repeat(40), attempt: 7 },
    ]) {
      expect(tokenOf(from)).toHaveLength(712);
      expect(attemptOf(tokenOf(from))).toEqual(from);
    }
  });

  it.each(['pause', 'f'])('is not touched by the late return of a %s that timed out before it', async (name) => {
    const first = { TimeoutSeconds: 1, Next: 'B', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] };
    boot(
      {
        A: name === 'pause' ? pause(first) : lambda(name, first),
        B: pause({ TimeoutSeconds: 3600, End: true }),
      },
      { [name]: async (_: never, call) => (call === 1 ? clock.sleep(5000) : undefined) },
    );
    await executions.start('one', {});
    await clock.drive({ until: plusMillis(START, 10_000) });
    expect(executions.describe('one')).toMatchObject({ phase: 'waiting', state: 'B' });
    await clock.drive();
    expect(clock.now()).toBe(plusMillis(START, 3_601_000));
  });
});

describe('a task that fails', () => {
  const retry = [
    { ErrorEquals: ['Rare'], MaxAttempts: 0 },
    { ErrorEquals: ['Conflict'], IntervalSeconds: 2, MaxAttempts: 2 },
    { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 10, MaxAttempts: 1, JitterStrategy: 'FULL' },
  ];

  it('is retried by the first retrier that names its error, each with attempts of its own', async () => {
    const errors = ['Conflict', 'Other', 'Conflict'];
    boot(
      { A: lambda('f', { End: true, Retry: retry }) },
      {
        f: (_: never, call) => {
          const error = errors[call - 1];
          if (error) throw named(error);
          return {};
        },
      },
    );
    await executions.start('one', {});
    await clock.drive();
    expect(calls.map(({ at }) => at)).toEqual([0, 2000, 7000, 11_000].map((after) => plusMillis(START, after)));
    expect(executions.describe('one')?.status).toBe('SUCCEEDED');
    expect(counts).toEqual({ transitions: 4, lambda: 4 });
  });

  it.each([
    ['when its attempts are used up', 'Conflict', 3],
    ['at once where no attempt is allowed', 'Rare', 1],
  ])('ends %s, and EventBridge is told', async (_, error, attempts) => {
    boot(
      { A: lambda('f', { End: true, Retry: retry }) },
      {
        f: () => {
          throw named(error, 'why');
        },
      },
    );
    await executions.start('one', { a: 1 });
    await clock.drive();
    expect(calls).toHaveLength(attempts);
    expect(executions.describe('one')).toMatchObject({ status: 'FAILED', state: 'A' });
    const executionArn = 'arn:aws:states:local:000000000000:execution:journey:one';
    expect(failed).toEqual([
      {
        source: 'aws.states',
        detailType: 'Step Functions Execution Status Change',
        resources: [executionArn],
        detail: {
          executionArn,
          stateMachineArn: 'arn:aws:states:local:000000000000:stateMachine:journey',
          name: 'one',
          status: 'FAILED',
          startDate: Date.parse(START),
          stopDate: Date.parse(clock.now()),
          input: '{"a":1}',
          inputDetails: { included: true },
          output: null,
          outputDetails: null,
          error,
          cause: JSON.stringify({ errorType: error, errorMessage: 'why' }),
        },
      },
    ]);
  });

  it('goes to its catcher after its retries, with an output that may use the error', async () => {
    const output = { was: '{% $states.input.a %}', error: '{% $states.errorOutput.Error %}' };
    boot(
      {
        A: lambda('f', { End: true, Retry: retry, Catch: [{ ErrorEquals: ['Rare'], Next: 'B', Output: output }] }),
        B: lambda('g', { End: true }),
      },
      {
        f: () => {
          throw named('Rare');
        },
      },
    );
    await executions.start('one', { a: 1 });
    await clock.drive();
    expect(calls[1]).toMatchObject({ name: 'g', payload: { was: 1, error: 'Rare' } });
  });

  it.each([
    ['its arguments go wrong', { Arguments: { FunctionName: 'f', Payload: '{% $states.input.missing %}' } }],
    ['its output goes wrong', { Output: '{% $states.result.missing %}' }],
    ['its time-out is no time', { TimeoutSeconds: '{% 0 %}' }],
  ])('fails as in Step Functions when %s', async (_, more) => {
    boot({ A: lambda('f', { End: true, ...more }) }, { f: () => ({}) });
    await executions.start('one', {});
    await clock.drive();
    expect(failed).toMatchObject([{ detail: { error: 'States.QueryEvaluationError' } }]);
    expect(counts['transitions']).toBe(1);
  });

  it('fails when its output is larger than 256 KiB, and nothing catches that', async () => {
    const states = { A: lambda('f', { Next: 'B', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }), B: end };
    boot(states, { f: () => 'x'.repeat(262_145) });
    await executions.start('one', {});
    await clock.drive();
    expect(failed).toMatchObject([{ detail: { error: 'States.DataLimitExceeded' } }]);
  });

  it('times out without a token, too, and its late result is not heard', async () => {
    boot(
      {
        A: lambda('f', { TimeoutSeconds: 10, Next: 'C', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] }),
        B: end,
        C: end,
      },
      { f: () => clock.sleep(11_000) },
    );
    await executions.start('one', {});
    await clock.drive();
    expect(executions.describe('one')).toMatchObject({ status: 'SUCCEEDED', state: 'B' });
  });
});

describe('the other states', () => {
  it('a choice takes the first that fits, else its default', async () => {
    const states = {
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'B', Output: { from: 'many' } },
          { Condition: '{% $states.input.n > 5 %}', Next: 'B' },
        ],
        Default: 'C',
      },
      B: lambda('g', { End: true }),
      C: { Type: 'Pass', Output: { from: 'default' }, Next: 'B' },
    };
    boot(states);
    for (const n of [11, 6, 1]) await executions.start(`n${n}`, { n });
    await clock.drive();
    expect(calls.map(({ payload }) => payload)).toEqual(
      expect.arrayContaining([{ from: 'many' }, { n: 6 }, { from: 'default' }]),
    );
    expect(counts).toEqual({ transitions: 2 + 2 + 3, lambda: 3 });
  });

  it.each([
    [
      'a choice that nothing fits',
      { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] },
      'States.NoChoiceMatched',
    ],
    ['a fail', { Type: 'Fail', Error: '{% $states.input.why %}', Cause: 'told' }, 'Because'],
  ])('%s ends the execution', async (_, state, error) => {
    boot({ A: state, B: end });
    await executions.start('one', { why: 'Because' });
    await clock.drive();
    expect(failed).toMatchObject([{ detail: { error } }]);
  });

  it.each([
    ['seconds', { Seconds: '{% $states.input.n %}' }],
    ['a moment', { Timestamp: '2026-03-01T00:00:30Z' }],
  ])('a wait lasts for %s and hands its input on', async (_, more) => {
    boot({ A: { Type: 'Wait', Next: 'B', ...more }, B: lambda('g', { End: true }) });
    await executions.start('one', { n: 30 });
    await clock.drive();
    expect(calls).toEqual([{ name: 'g', payload: { n: 30 }, at: plusMillis(START, 30_000) }]);
  });
});

describe('after the process was killed', () => {
  const states = {
    A: lambda('f', { Next: 'B', Retry: [{ ErrorEquals: ['Conflict'], IntervalSeconds: 100 }] }),
    B: pause({ TimeoutSeconds: 3600, Next: 'D', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'C' }] }),
    C: { Type: 'Wait', Seconds: 50, Next: 'D' },
    D: lambda('g', { End: true }),
  };
  const never = () => new Promise(() => {});
  /** Runs until nothing moves any more, with calls that may never return. */
  const dying = async (until: number) => {
    await Promise.race([
      clock.drive({ until: plusMillis(START, until) }),
      new Promise((resolve) => setTimeout(resolve, 30)),
    ]);
  };
  const rise = (at: number, lambdas: Record<string, (payload: never, call: number) => unknown> = {}) => {
    clock = new VirtualClock(plusMillis(START, at));
    boot(states, lambdas);
    expect(executions.resume()).toBe(1);
  };
  const history = () => calls.map(({ name, at }) => [name, (Date.parse(at) - Date.parse(START)) / 1000]);

  it('a task that had been called is called again', async () => {
    boot(states, { f: never });
    await executions.start('one', { a: 1 });
    await dying(0);
    rise(5000);
    await dying(6000);
    expect(calls.map(({ name, payload }) => [name, payload['a']])).toEqual([
      ['f', 1],
      ['f', 1],
      ['pause', undefined],
    ]);
    expect(counts).toEqual({ transitions: 2, lambda: 3 });
  });

  it('an execution that had not begun begins', async () => {
    boot(states);
    await executions.start('one', {});
    db.exec("UPDATE executions SET phase = 'ready', attempt = 0");
    counts = {};
    calls = [];
    rise(0);
    await dying(0);
    expect(history()).toEqual([
      ['f', 0],
      ['pause', 0],
    ]);
    expect(counts['transitions']).toBe(2);
  });

  it('a pause keeps its token and its time-out, and its Lambda is left alone', async () => {
    boot(states);
    await executions.start('one', {});
    await dying(1000);
    rise(5000);
    await dying(5000);
    const answered = await executions.succeed(token(), {});
    await clock.drive();
    expect(answered).toBe('done');
    expect(history()).toEqual([
      ['f', 0],
      ['pause', 0],
      ['g', 5],
    ]);
  });

  it('a pause that was due meanwhile times out at once', async () => {
    boot(states);
    await executions.start('one', {});
    await dying(1000);
    rise(7_200_000);
    await clock.drive();
    expect(history().at(-1)).toEqual(['g', 7250]);
  });

  it('a pause that was cut off in its call has a new token and its old time-out', async () => {
    boot(states, { pause: never });
    await executions.start('one', {});
    await dying(1000);
    rise(1_800_000);
    await dying(1_900_000);
    const [first = ''] = tokens();
    expect(await executions.succeed(first, {})).toBe('timed-out');
    await clock.drive();
    expect(history()).toEqual([
      ['f', 0],
      ['pause', 0],
      ['pause', 1800],
      ['g', 3650],
    ]);
  });

  it('a retry comes at its moment and is counted', async () => {
    boot(states, {
      f: () => {
        throw named('Conflict');
      },
    });
    await executions.start('one', {});
    await dying(1000);
    rise(5000);
    await dying(200_000);
    expect(history()).toEqual([
      ['f', 0],
      ['f', 100],
      ['pause', 100],
    ]);
    expect(counts['transitions']).toBe(3);
  });

  it('a wait ends at its moment', async () => {
    boot(states);
    await executions.start('one', {});
    await dying(3_610_000);
    rise(3_620_000);
    await clock.drive();
    expect(history().at(-1)).toEqual(['g', 3650]);
  });

  it('an answer that had been taken is not lost', async () => {
    boot(states);
    await executions.start('one', {});
    await dying(1000);
    void executions.succeed(token(), {});
    // The rest of it is a promise that a kill cuts off: put the row back to where the answer was taken.
    const row = db.prepare('SELECT attempt FROM executions').get();
    await dying(1000);
    db.prepare(
      `UPDATE executions SET status = 'RUNNING', phase = 'settled', state = 'B', attempt = ?, input = '{}', data = '{}', retries = '[]', outcome = '{"result":{"a":1}}'`,
    ).run(row?.['attempt'] ?? 0);
    calls = [];
    rise(5000);
    await clock.drive();
    expect(calls).toMatchObject([{ name: 'g', payload: { a: 1 } }]);
  });
});
