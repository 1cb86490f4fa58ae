import type { RedriveRequest, RedriveResult, RunRedrive } from '#apps/cli/commands/redrive.ts';
import { redriveStage } from '#apps/cli/target/redrive-stage.ts';
import { withState } from '#apps/local/with-state.ts';
import { QUEUES } from '#functions/wiring.ts';
import { plusMillis } from '#shared/time/instant.ts';

/** Sends dead letters of a target through their queue once more. Throws BadInput where there is no such target. */
export const runRedrive: RunRedrive = async ({ target, ...request }) =>
  'stage' in target ? redriveStage(target.stage, request) : redriveLaptop(target.data, request);

async function redriveLaptop(
  data: string,
  { queue, reason, dryRun }: Omit<RedriveRequest, 'target'>,
): Promise<RedriveResult> {
  return withState(data, async (runtime) => {
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
  });
}

const byReason = (dead: readonly { readonly reason: string }[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(dead, ({ reason }) => reason)].map(([why, letters]) => [why, letters.length]));
