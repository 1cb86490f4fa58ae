import { AsyncLocalStorage } from 'node:async_hooks';
import { play } from '#apps/local/play.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { plusMillis, toMillis } from '#shared/time/instant.ts';
import { busyHour, idOf, OPENS } from './busy-hour.ts';
import { momentsOf } from './hour.ts';
import { openLaptop, playPast } from './laptop.ts';
import { limited } from './limited.ts';
import { drained, type Figures, LASTS, PROFILE } from './small.ts';
import { quantile } from './work.ts';

/** The small hour on the laptop, with the limits of AWS imposed. */
export async function playSmall(): Promise<Figures> {
  const moments = momentsOf(PROFILE);
  const { past, hour } = busyHour(moments.length, moments);
  const recorded = new Map<string, number>();
  const enrolling = new AsyncLocalStorage<true>();
  const limits = { on: false, starts: 0 };
  const runtime: Runtime = openLaptop({
    wrap: {
      ports: (ports) =>
        limited(ports, {
          clock: () => runtime.clock,
          isSlow: () => limits.on && enrolling.getStore() === true,
          recorded,
          limits,
        }),
      call: (name, work) => (name === 'enrol' ? enrolling.run(true, work) : enrolling.exit(work)),
      scheduled: (_, work) => enrolling.exit(work),
    },
  });
  try {
    await playPast(runtime, past);
    limits.on = true;
    await play(runtime, hour, { name: 'hour', until: plusMillis(OPENS, LASTS * 1000) });
    const opens = toMillis(OPENS);
    const done = hour.map(({ detail, at }) => ({
      came: (toMillis(at) - opens) / 1000,
      recorded: ((recorded.get(idOf(detail)) ?? Number.NaN) - opens) / 1000,
    }));
    const unrecorded = done.filter((one) => Number.isNaN(one.recorded)).length;
    if (unrecorded > 0) throw new Error(`${unrecorded} events were not recorded on the laptop`);
    return { ...figuresOf(done), starts: limits.starts, dead: runtime.queues.deadLetters('enrol').length };
  } finally {
    runtime.close();
  }
}

function figuresOf(done: readonly { readonly came: number; readonly recorded: number }[]) {
  const waits = done.map(({ came, recorded }) => recorded - came);
  const backlog = Array.from({ length: LASTS }, (_, second) =>
    done.reduce((n, { came, recorded }) => n + Number(came <= second && recorded > second), 0),
  );
  return {
    peak: Math.max(...backlog),
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    drainedAfter: drained(backlog),
  };
}
