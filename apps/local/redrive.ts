import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { RedriveRequest, RedriveResult } from '#apps/cli/commands/redrive.ts';
import { QUEUES } from '#functions/wiring.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { DATABASE, openRuntime } from './runtime.ts';

/** Kept state brings its own time along. */
const UNUSED = '1970-01-01T00:00:00.000Z';

/** Redrives dead letters of a laptop's state. Throws BadInput where there is none. */
export async function runRedrive({ queue, data, reason, dryRun }: RedriveRequest): Promise<RedriveResult> {
  if (!existsSync(join(data, DATABASE))) throw new BadInput(`There is no state in ${data}.`);
  const runtime = openRuntime({
    dataDir: data,
    start: UNUSED,
    eventDays: 400,
    mailsPerSecond: 14,
    publicUrl: 'http://127.0.0.1:4400',
  });
  try {
    const all = runtime.queues.deadLetters(queue);
    const meant = all.filter((one) => reason === undefined || one.reason.includes(reason));
    const [dead, found] = [byReason(all), byReason(meant)];
    if (dryRun || meant.length === 0) return { dead, found, redriven: 0, diedAgain: 0 };
    const ids = new Set(meant.map(({ id }) => id));
    const others = all.length - meant.length;
    const redriven = runtime.queues.redrive(queue, ({ id }) => ids.has(id));
    // As long as the queue may take to give up on them again.
    const { visibility, receives } = QUEUES[queue];
    const patience = plusMillis(runtime.clock.now(), (visibility * (receives + 1) + 60) * 1000);
    while (runtime.queues.waiting(queue) > 0 && runtime.clock.now() < patience) {
      await runtime.drive(plusMillis(runtime.clock.now(), visibility * 1000));
    }
    return { dead, found, redriven, diedAgain: runtime.queues.deadLetters(queue).length - others };
  } finally {
    runtime.close();
  }
}

const byReason = (dead: readonly { readonly reason: string }[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(dead, ({ reason }) => reason)].map(([why, letters]) => [why, letters.length]));
