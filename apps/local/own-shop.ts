import type { Progress } from '#apps/cli/progress.ts';
import { fromMillis } from '#shared/time/instant.ts';
import { closingOnError, devote, heldIn } from './data-folder.ts';
import { EXAMPLES, shopFolder } from './folder.ts';
import type { Opened, OpenRequest } from './opened.ts';
import { carryOut, SETTLE } from './run.ts';
import { openRuntime } from './runtime.ts';

const EVENT_DAYS = 400;

/**
 * Opens a shop in which nobody is made up: what `data` holds, a replay for example, or one that is empty. Its clock goes
 * on from where it stood, that of a new one from the machine's time.
 */
export async function openOwnShop(
  request: OpenRequest & { readonly journeys: string | undefined },
  progress: Progress,
): Promise<Opened> {
  const { data, publicUrl, published, journeys } = request;
  const runtime = openRuntime({
    dataDir: data,
    // What it takes to publish the first files passes on this clock, and not on others.
    start: fromMillis(Date.now() - SETTLE),
    eventDays: EVENT_DAYS,
    // A file that was replayed may come again at any time.
    receiptsForEver: true,
    mailsPerSecond: 14,
    publicUrl,
    told: { published },
  });
  const held = heldIn(runtime.kept);
  const folder = closingOnError(runtime, () => {
    const chosen = shopFolder(journeys ?? held?.folder ?? EXAMPLES);
    devote(runtime, data, { ...(held ?? { shop: 'own' }), folder: chosen });
    return chosen;
  });
  const run = {
    folder,
    name: 'nothing',
    arrivals: () => [],
    total: 0,
    until: runtime.clock.now(),
    rows: { read: 0, used: 0, rejected: {} },
    task: 'opening',
    again: true,
  };
  const summary = await carryOut(runtime, run, progress);
  if (!held) await runtime.drive(fromMillis(Date.now()));
  return { runtime, folder, known: held !== undefined, summary };
}
