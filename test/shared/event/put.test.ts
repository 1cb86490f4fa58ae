import { describe, expect, it } from 'vitest';
import { keepEvents } from '#shared/event/keep.ts';
import { entryOf, putEvents, tryPutEvents } from '#shared/event/put.ts';
import type { BusEntry } from '#shared/ports.ts';
import { event } from '#test/build/event.ts';
import { CollectingQueue, CountingMetrics, quiet } from '#test/build/ports.ts';

const EVENTS = ['a', 'b', 'c'].map((id) => event('purchase', { id }));
const idOf = ({ detail }: BusEntry) => (detail as { id: string }).id;

/** A bus that refuses these positions of what it is given, one list a call. */
const refusing = (...refusals: number[][]) => {
  const calls: string[][] = [];
  const put = async (entries: readonly BusEntry[]) => {
    calls.push(entries.map(idOf));
    return refusals[calls.length - 1] ?? [];
  };
  return { calls, put };
};

describe('events on the bus', () => {
  it('say who sends them, and their type', () => {
    const [one] = EVENTS;
    expect(one && entryOf(one)).toEqual({ source: 'tropa', detailType: 'purchase', detail: one });
  });

  it('are put once, and those that it refused again', async () => {
    const bus = refusing([0, 2], [1]);
    await putEvents(bus, EVENTS);
    expect(bus.calls).toEqual([['a', 'b', 'c'], ['a', 'c'], ['c']]);
  });

  it('that are refused three times are an error, which counts them', async () => {
    const bus = refusing([0, 2], [0, 1], [1]);
    await expect(putEvents(bus, EVENTS)).rejects.toThrow('the bus refused 1 events');
    expect(bus.calls).toHaveLength(3);
  });

  it('that were taken stay taken when the bus is away in the next attempt', async () => {
    const bus = refusing([1]);
    const put = async (entries: readonly BusEntry[]) => {
      if (bus.calls.length > 0) throw new Error('no route');
      return bus.put(entries);
    };
    expect(await tryPutEvents({ put }, EVENTS)).toEqual({ positions: [1], error: new Error('no route') });
    await expect(putEvents({ put }, EVENTS)).rejects.toThrow('no route');
  });

  it('are none where there is nothing to put', async () => {
    const bus = refusing();
    await putEvents(bus, []);
    expect(bus.calls).toEqual([]);
  });
});

describe('what the bus refuses', () => {
  const always = { put: async (entries: readonly BusEntry[]) => entries.map((_, i) => i) };

  it('goes to the overflow queue as a whole, and is counted', async () => {
    const [overflow, metrics] = [new CollectingQueue(), new CountingMetrics()];
    await keepEvents(EVENTS, { bus: always, overflow, log: quiet, metrics });
    expect(overflow.bodies).toEqual(EVENTS);
    expect(metrics.counts).toEqual({ BusRefused: 3 });
  });

  it('is an error for who sent it when the queue does not take it either', async () => {
    const overflow = { send: () => Promise.reject(new Error('no queue')) };
    const deps = { bus: always, overflow, log: quiet, metrics: new CountingMetrics() };
    await expect(keepEvents(EVENTS, deps)).rejects.toThrow('no queue');
  });

  it('is nothing where it takes all', async () => {
    const [overflow, metrics] = [new CollectingQueue(), new CountingMetrics()];
    await keepEvents(EVENTS, { bus: refusing(), overflow, log: quiet, metrics });
    expect([overflow.bodies, metrics.counts]).toEqual([[], {}]);
  });
});
