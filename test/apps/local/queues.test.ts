import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '#apps/local/clock.ts';
import { type Handler, LocalQueues, type QueuesOptions } from '#apps/local/queues.ts';
import type { QueueWiring } from '#functions/wiring.ts';
import { Unprocessable } from '#shared/errors.ts';
import { plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-01T00:00:00.000Z';
const wiring: QueueWiring = {
  name: 'orders',
  consumer: 'enrol',
  batch: 3,
  maxConcurrency: 2,
  visibility: 60,
  receives: 3,
  loss: '',
};

let db: DatabaseSync;
let clock: VirtualClock;
let queues: LocalQueues;
const open = (more: Partial<QueuesOptions> = {}) =>
  new LocalQueues({ db, clock, wirings: { orders: wiring }, ...more });
const send = (...bodies: object[]) => queues.queue('orders').send(bodies);

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  clock = new VirtualClock(START);
  queues = open();
});

/** Remembers what it got, and when. */
function recorder(answer: Handler = async () => []) {
  const got: { at: string; bodies: unknown[]; receives: number[] }[] = [];
  const handler: Handler = async (messages) => {
    got.push({
      at: clock.now(),
      bodies: messages.map(({ body }) => body),
      receives: messages.map(({ receives }) => receives),
    });
    return answer(messages);
  };
  return { got, handler };
}

const failAll: Handler = async (messages) => messages.map(({ id }) => ({ id, reason: 'not-now' }));

describe('a queue', () => {
  it('hands over what was sent, in batches, once', async () => {
    const { got, handler } = recorder();
    queues.consume(wiring, handler);
    await send({ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 });
    await clock.drive();
    expect(got.map(({ bodies }) => bodies)).toEqual([[{ n: 1 }, { n: 2 }, { n: 3 }], [{ n: 4 }]]);
    expect(clock.now()).toBe(START);
  });

  it('hands over what was sent before it had a consumer', async () => {
    await send({ n: 1 });
    const { got, handler } = recorder();
    queues.consume(wiring, handler);
    await clock.drive();
    expect(got).toHaveLength(1);
  });

  it('keeps a delayed message hidden', async () => {
    const { got, handler } = recorder();
    queues.consume(wiring, handler);
    await queues.queue('orders').send([{ n: 1 }], { delaySeconds: 900 });
    await clock.drive();
    expect(got.map(({ at }) => at)).toEqual([plusMillis(START, 900_000)]);
  });

  it('runs no more than maxConcurrency batches at a time', async () => {
    let running = 0;
    let most = 0;
    queues.consume(wiring, async () => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(1000);
      running -= 1;
      return [];
    });
    await send(...Array.from({ length: 12 }, (_, n) => ({ n })));
    await clock.drive();
    expect(most).toBe(2);
    expect(clock.now()).toBe(plusMillis(START, 2000));
  });

  it('brings back only what failed, at the end of its visibility timeout', async () => {
    const { got, handler } = recorder(async (messages) =>
      messages
        .filter(({ body, receives }) => (body as { n: number }).n === 2 && receives === 1)
        .map(({ id }) => ({ id, reason: 'x' })),
    );
    queues.consume(wiring, handler);
    await send({ n: 1 }, { n: 2 }, { n: 3 });
    await clock.drive();
    expect(got.map(({ at, bodies, receives }) => ({ at, bodies, receives }))).toEqual([
      { at: START, bodies: [{ n: 1 }, { n: 2 }, { n: 3 }], receives: [1, 1, 1] },
      { at: plusMillis(START, 60_000), bodies: [{ n: 2 }], receives: [2] },
    ]);
  });

  it('takes a throw as the failure of the whole batch', async () => {
    const { got, handler } = recorder(async ([first]) => {
      if (first?.receives === 1) throw new Error('broken');
      return [];
    });
    queues.consume(wiring, handler);
    await send({ n: 1 }, { n: 2 });
    await clock.drive();
    expect(got.map(({ receives }) => receives)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('receives a message again while the first receiver sleeps past its visibility timeout', async () => {
    const { got, handler } = recorder(async ([first]) => {
      if (first?.receives === 1) await clock.sleep(90_000);
      return [];
    });
    queues.consume(wiring, handler);
    await send({ n: 1 });
    await clock.drive();
    expect(got.map(({ at }) => at)).toEqual([START, plusMillis(START, 60_000)]);
    expect(queues.deadLetters('orders')).toEqual([]);
  });

  it('comes back sooner where the laptop asks for it', async () => {
    queues = open({ retryDelay: (receives) => receives * 1000 });
    const { got, handler } = recorder(failAll);
    queues.consume(wiring, handler);
    await send({ n: 1 });
    await clock.drive();
    expect(got.map(({ at }) => at)).toEqual([0, 1000, 3000].map((after) => plusMillis(START, after)));
  });

  it('refuses what SQS refuses', async () => {
    const queue = queues.queue('orders');
    await expect(queue.send([{}], { delaySeconds: 901 })).rejects.toThrow(RangeError);
    await expect(queue.send([{ text: 'é'.repeat(600_000) }])).rejects.toThrow(RangeError);
    expect(() => queues.queue('unheard-of')).toThrow(RangeError);
  });

  it('counts requests and calls as they would be billed', async () => {
    const counts: Record<string, number> = {};
    queues = open({
      count: (name, n) => {
        counts[name] = (counts[name] ?? 0) + n;
      },
    });
    queues.consume(wiring, async () => []);
    await send(...Array.from({ length: 12 }, (_, n) => ({ n })));
    await clock.drive();
    // Two sends of up to ten, and for each of four batches a receive and a delete.
    expect(counts).toEqual({ queueRequests: 2 + 4 + 4, lambda: 4 });
  });
});

describe('dead letters', () => {
  it('hold a message that failed as often as it may, with its last reason', async () => {
    const failures: unknown[] = [];
    queues = open({ onFailure: (queue, { reason }) => failures.push([queue, reason]) });
    const { got, handler } = recorder(async () => {
      throw new Unprocessable('bad-event', 'no type');
    });
    queues.consume(wiring, handler);
    await send({ n: 1 });
    await clock.drive();
    expect(got).toHaveLength(3);
    expect(failures).toEqual(Array(3).fill(['orders', 'bad-event: no type']));
    expect(queues.deadLetters('orders')).toEqual([
      {
        id: '1',
        body: { n: 1 },
        reason: 'bad-event: no type',
        receives: 3,
        sent: START,
        died: plusMillis(START, 180_000),
      },
    ]);
  });

  it('go back to their queue when they are redriven, those that are chosen', async () => {
    let broken = true;
    const { got, handler } = recorder(async (messages) => (broken ? failAll(messages) : []));
    queues.consume(wiring, handler);
    await send({ n: 1 }, { n: 2 });
    await clock.drive();
    broken = false;
    got.length = 0;
    expect(queues.redrive('orders', ({ body }) => (body as { n: number }).n === 2)).toBe(1);
    await clock.drive();
    expect(got).toMatchObject([{ bodies: [{ n: 2 }], receives: [1] }]);
    expect(queues.deadLetters('orders').map(({ body }) => body)).toEqual([{ n: 1 }]);
  });
});

describe('after the process was killed', () => {
  it('what was being worked on comes back when its visibility timeout ends, or at once when resumed', async () => {
    queues.consume(wiring, () => new Promise(() => {}));
    await send({ n: 1 });
    await Promise.race([clock.drive(), new Promise((resolve) => setTimeout(resolve, 20))]);

    for (const resumed of [false, true]) {
      clock = new VirtualClock(START);
      queues = open();
      const { got, handler } = recorder(failAll);
      if (resumed) queues.resume();
      queues.consume(wiring, handler);
      await clock.drive({ until: plusMillis(START, 60_000) });
      expect(got[0]?.at).toBe(resumed ? START : plusMillis(START, 60_000));
    }
  });

  it('a delayed message keeps its delay when resumed', async () => {
    await queues.queue('orders').send([{ n: 1 }], { delaySeconds: 100 });
    clock = new VirtualClock(START);
    queues = open();
    queues.resume();
    const { got, handler } = recorder();
    queues.consume(wiring, handler);
    await clock.drive();
    expect(got.map(({ at }) => at)).toEqual([plusMillis(START, 100_000)]);
  });
});
