import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#shared/ports.ts';
import { fromMillis } from '#shared/time/instant.ts';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => fromMillis(Date.now()),
  sleep: async (milliseconds) => {
    await setTimeout(Math.max(0, milliseconds));
  },
};
