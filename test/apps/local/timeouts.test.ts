import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMachine } from '#apps/local/asl.ts';
import { VirtualClock } from '#apps/local/clock.ts';
import type { Timeout } from '#apps/local/execution-rows.ts';
import { LocalExecutions } from '#apps/local/executions.ts';
import { tokenOf } from '#apps/local/task-tokens.ts';
import { Timeouts } from '#apps/local/timeouts.ts';
import { fromMillis, plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-01T00:00:00.000Z';
const PAUSE = {
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States: {
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: '{% $states.input.seconds %}',
      Arguments: { FunctionName: 'pause', Payload: {} },
      Catch: [{ ErrorEquals: ['States.Timeout'], Output: '{% $states.input %}', Next: 'B' }],
      Next: 'C',
    },
    B: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'woken', Payload: '{% $states.input.n %}' },
      End: true,
    },
    C: { Type: 'Succeed' },
  },
};

/** Starts executions that pause, answers some, and starts anew on the same file; who was woken when. */
async function wakes(pauses: readonly Pause[], restartAt: number, kept?: number) {
  const db = new DatabaseSync(':memory:');
  const woken: [number, number][] = [];
  const open = (clock: VirtualClock) =>
    new LocalExecutions({
      db,
      clock,
      machine: readMachine(JSON.stringify(PAUSE), {}),
      random: () => 0.5,
      invoke: async (name, n) => {
        if (name === 'woken') woken.push([clock.millis() - Date.parse(START), Number(n)]);
      },
      ...(kept !== undefined && { timeouts: kept }),
    });
  const [first, second] = [new VirtualClock(START), new VirtualClock(plusMillis(START, restartAt * 1000))];
  let executions = open(first);
  const answer = (name: string) => void executions.succeed(tokenOf({ name, attempt: 1 }), {});
  for (const [n, { at, seconds, answeredAt }] of pauses.entries()) {
    first.at(plusMillis(START, at * 1000), () => void executions.start(`x${n}`, { n, seconds }));
    if (answeredAt === undefined) continue;
    const clock = answeredAt <= restartAt ? first : second;
    clock.at(plusMillis(START, answeredAt * 1000), () => answer(`x${n}`));
  }
  await first.drive({ until: plusMillis(START, restartAt * 1000) });
  executions = open(second);
  executions.resume();
  await second.drive();
  return woken.sort(([a, n], [b, m]) => a - b || n - m);
}

type Pause = { readonly at: number; readonly seconds: number; readonly answeredAt: number | undefined };
const second = fc.integer({ min: 1, max: 12 });
const pauses = fc.array(
  fc.record({ at: fc.constantFrom(0, 0, 0, 5), seconds: second, answeredAt: fc.option(second, { nil: undefined }) }),
  { maxLength: 12 },
);

it('wakes each at its time, over a restart too, when most lie in the file alone', async () => {
  const few = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(pauses, fc.constantFrom(6, 9), few, async (all, restartAt, kept) => {
      expect(await wakes(all, restartAt, kept)).toEqual(await wakes(all, restartAt));
    }),
    { numRuns: 60 },
  );
});

it('keeps no more timers than twice as many as it is to keep', async () => {
  const clock = new VirtualClock(START);
  const file: Timeout[] = Array.from({ length: 100 }, (_, n) => ({
    name: `x${n}`,
    attempt: 1,
    due: clock.millis() + 50_000 - n,
  }));
  const looks: number[] = [];
  const fired: string[] = [];
  const timeouts = new Timeouts({
    clock,
    kept: 5,
    fire: ({ name }) => fired.push(name),
    readOn: ({ due }, limit) => {
      const found = file.filter((one) => one.due > due).sort((a, b) => a.due - b.due);
      looks.push(due);
      return found.slice(0, limit);
    },
  });
  for (const one of file) timeouts.arm(one);
  await clock.drive();
  expect(fired).toEqual(file.map(({ name }) => name).reverse());
  expect(looks.length).toBeGreaterThan(15);
  expect(clock.now()).toBe(fromMillis(Date.parse(START) + 50_000));
});
