import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { readMachine } from '#apps/local/asl.ts';
import { VirtualClock } from '#apps/local/clock.ts';
import { LocalExecutions } from '#apps/local/executions.ts';
import { isFast } from '#apps/local/jsonata.ts';
import { STATE_MACHINE_TOKENS } from '#functions/wiring.ts';
import { legInputSchema, turnOutputSchema } from '#shared/enrolment/enrolment.ts';
import * as errors from '#shared/errors.ts';
import { plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-01T00:00:00.000Z';
const DAY = 86_400_000;
const text = readFileSync(new URL('../../statemachines/journey.asl.json', import.meta.url), 'utf8');
const definition = JSON.parse(text);

const expressions = [...text.matchAll(/"\{%(.*?)%\}"/g)].map(([, expression = '']) => expression.trim());
const retriers = (state: string): { ErrorEquals: string[]; [field: string]: unknown }[] =>
  definition.States[state].Retry;

describe('the definition', () => {
  it('is valid Amazon States Language', () => {
    const validate = createRequire(import.meta.url)('asl-validator');
    expect(validate(definition)).toMatchObject({ isValid: true, errors: [] });
  });

  it('names only errors of Lambda, of Step Functions and of errors.ts', () => {
    const own = new Set(
      Object.values(errors).map((exported) =>
        typeof exported === 'string' ? exported : (exported as { name: string }).name,
      ),
    );
    const named = [...text.matchAll(/"ErrorEquals":\s*(\[[^\]]*\])/g)].flatMap(([, list = '']) => JSON.parse(list));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name: string) => !/^(Lambda|States)\./.test(name) && !own.has(name))).toEqual([]);
  });

  it('has exactly the tokens that the wiring declares', () => {
    const tokens = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, token]) => token));
    expect([...tokens].sort()).toEqual(Object.keys(STATE_MACHINE_TOKENS).sort());
  });

  it('calls only functions that Step Functions has, by syntax of JSONata before 2.1', () => {
    // All are of JSONata itself. Step Functions lacks $eval, ?: without a middle and ??.
    const allowed = ['merge', 'min', 'max', 'ceil', 'toMillis'];
    const called = expressions.flatMap((expression) => [...expression.matchAll(/\$(\w+)\(/g)].map(([, name]) => name));
    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((name) => !allowed.includes(name ?? ''))).toEqual([]);
    expect(expressions.filter((expression) => /\?/.test(expression))).toEqual([]);
  });

  it('costs the laptop nothing of the JSONata library', () => {
    expect(expressions.filter((expression) => !isFast(expression))).toEqual([]);
  });

  it.each(['Advance', 'Pause'])('retries %s for an hour, with full jitter', (state) => {
    const retrier = retriers(state).at(-1);
    expect(retrier).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: expect.any(Number) });
    const { IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds } = retrier as unknown as Record<string, number>;
    let bounds = 0;
    for (let i = 0; i < (MaxAttempts ?? 0); i++)
      bounds += Math.min((IntervalSeconds ?? 0) * (BackoffRate ?? 0) ** i, MaxDelaySeconds ?? 0);
    // The mean of full jitter is half of its bound.
    expect(bounds / 2).toBeGreaterThanOrEqual(3600);
    expect(bounds / 2).toBeLessThan(4000);
    expect(retrier?.ErrorEquals).toEqual(
      expect.arrayContaining([
        'Conflict',
        'Lambda.Unknown',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.TooManyRequestsException',
      ]),
    );
  });
});

/** What the two functions do in a test: `advance` gives the next wake, `pause` may answer its token. */
type Script = {
  readonly wakeAt: (turn: number, now: string) => string;
  readonly pause?: (turn: number, token: string, executions: LocalExecutions, attempt: unknown) => unknown;
};

function passage({ wakeAt, pause }: Script) {
  const clock = new VirtualClock(START);
  const counts: Record<string, number> = {};
  const advanced: { at: string; input: Record<string, unknown> }[] = [];
  const paused: { at: string; token: string }[] = [];
  const failed: unknown[] = [];
  const executions: LocalExecutions = new LocalExecutions({
    db: new DatabaseSync(':memory:'),
    clock,
    machine: readMachine(text, { AdvanceFunction: 'advance', PauseFunction: 'pause' }),
    random: () => 0.5,
    count: (name, n) => {
      counts[name] = (counts[name] ?? 0) + n;
    },
    onFailed: (entry) => failed.push(entry),
    invoke: async (name, payload) => {
      if (name === 'advance') {
        const input = legInputSchema.parse(payload);
        advanced.push({ at: clock.now(), input: payload as Record<string, unknown> });
        const { timedOut: _, ...ids } = input;
        return { ...ids, turn: ids.turn + 1, wakeAt: wakeAt(ids.turn + 1, clock.now()) };
      }
      const { token, attempt, ...turn } = payload as { token: string; attempt: unknown };
      paused.push({ at: clock.now(), token });
      return pause?.(turnOutputSchema.parse(turn).turn, token, executions, attempt);
    },
  });
  const leg = { contact: 'c1', journey: 'welcome', key: '', n: 1, leg: 1, turn: 0, later: 'member' };
  return { clock, counts, advanced, paused, failed, executions, leg };
}

describe('a passage', () => {
  it.each([0, 1, 3])('with %i pauses costs 2k + 3 transitions, and ends', async (pauses) => {
    const { clock, counts, executions, leg } = passage({
      wakeAt: (_, now) => plusMillis(now, DAY),
      pause: (turn, token, executions) => (turn > pauses ? executions.fail(token, errors.FINISHED, '') : undefined),
    });
    await executions.start('one', leg);
    await clock.drive();
    expect(executions.describe('one')).toMatchObject({ status: 'SUCCEEDED', state: 'Finished' });
    expect(counts).toEqual({ transitions: 2 * pauses + 3, lambda: 2 * pauses + 2 });
    expect(clock.now()).toBe(plusMillis(START, pauses * DAY));
  });

  it('tells advance of a time-out once, and gives it the ids of the pause whatever an answer says', async () => {
    const { clock, advanced, executions, leg } = passage({
      wakeAt: (_, now) => plusMillis(now, DAY),
      pause: (turn, token, executions) => {
        if (turn === 2) return executions.succeed(token, { answer: 'ignored', contact: 'other' });
        return turn > 2 ? executions.fail(token, errors.FINISHED, '') : undefined;
      },
    });
    await executions.start('one', leg);
    await clock.drive();
    expect(advanced.map(({ at }) => at)).toEqual([START, plusMillis(START, DAY), plusMillis(START, DAY)]);
    expect(advanced.map(({ input }) => input)).toEqual([
      leg,
      expect.objectContaining({ contact: 'c1', journey: 'welcome', key: '', n: 1, leg: 1, turn: 1, timedOut: true }),
      {
        contact: 'c1',
        journey: 'welcome',
        key: '',
        n: 1,
        leg: 1,
        turn: 2,
        wakeAt: plusMillis(START, 2 * DAY),
      },
    ]);
  });

  it.each([
    ['rounded up to seconds', plusMillis(START, 1001), 2],
    ['whole seconds as they are', plusMillis(START, 2000), 2],
    ['one that is a moment away', plusMillis(START, 1), 1],
    ['a minute for the function when it has come', plusMillis(START, 0), 60],
    ['or has long come', plusMillis(START, -DAY), 60],
    ['a year at most', plusMillis(START, 800 * DAY), 31_536_000],
  ])('pauses until its wake, %s', async (_, wakeAt, seconds) => {
    const { clock, advanced, executions, leg } = passage({ wakeAt: () => wakeAt });
    await executions.start('one', leg);
    await clock.drive({ until: plusMillis(START, seconds * 1000 - 1) });
    expect(advanced).toHaveLength(1);
    await clock.drive({ until: plusMillis(START, seconds * 1000) });
    expect(advanced).toHaveLength(2);
  });

  it('ends although its last pause takes seconds to answer', async () => {
    const { clock, advanced, executions, leg } = passage({
      wakeAt: (_, now) => now,
      pause: async (_, token, executions) => {
        await clock.sleep(9_000);
        await executions.fail(token, errors.FINISHED, '');
      },
    });
    await executions.start('one', leg);
    await clock.drive({ until: plusMillis(START, DAY) });
    expect(advanced).toHaveLength(1);
    expect(executions.describe('one')?.status).toBe('SUCCEEDED');
  });

  it('tells pause which attempt it is', async () => {
    const attempts: unknown[] = [];
    const { clock, executions, leg } = passage({
      wakeAt: (_, now) => plusMillis(now, DAY),
      pause: (turn, token, executions, attempt) => {
        attempts.push([turn, attempt]);
        if (attempts.length < 3) throw Object.assign(new Error('no'), { name: 'Lambda.Unknown' });
        return turn > 1 ? executions.fail(token, errors.FINISHED, '') : executions.succeed(token, {});
      },
    });
    await executions.start('one', leg);
    await clock.drive();
    expect(attempts).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
    ]);
  });

  it('does not drift: a pause counts from the moment that it was entered, not from its turn', async () => {
    const { clock, advanced, executions, leg } = passage({ wakeAt: (turn) => plusMillis(START, turn * 10_000) });
    await executions.start('one', leg);
    await clock.drive({ until: plusMillis(START, 45_000) });
    expect(advanced.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4].map((n) => plusMillis(START, n * 10_000)));
  });

  it.each(['Conflict', 'Lambda.Unknown', 'Runtime.ImportModuleError'])(
    'outlives half an hour of %s in advance and in pause',
    async (name) => {
      let broken = true;
      const fault = () => {
        if (broken) throw Object.assign(new Error('no'), { name });
      };
      const { clock, failed, executions, leg } = passage({
        wakeAt: (_, now) => {
          fault();
          return now;
        },
        pause: (_, token, executions) => {
          fault();
          return executions.fail(token, errors.FINISHED, '');
        },
      });
      await executions.start('one', leg);
      await clock.drive({ until: plusMillis(START, 1_800_000) });
      expect(failed).toEqual([]);
      broken = false;
      await clock.drive();
      expect(executions.describe('one')?.status).toBe('SUCCEEDED');
    },
  );

  it('ends as failed, and says so, when advance cannot process it', async () => {
    const { clock, failed, counts, executions, leg } = passage({
      wakeAt: () => {
        throw new errors.Unprocessable('unknown-version', 'version 7 of welcome');
      },
    });
    await executions.start('one', leg);
    await clock.drive();
    expect(failed).toMatchObject([{ detail: { status: 'FAILED', name: 'one', error: 'Unprocessable' } }]);
    expect(counts).toEqual({ transitions: 1, lambda: 1 });
  });
});
