import type { RedriveRequest, RedriveResult, Watch } from '#apps/cli/redrive/request.ts';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { standsStill } from '#shared/enrolment/still.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { everyPassage } from '#shared/report/every-passage.ts';
import { auditFrom, loadEnrolment } from '#shared/store/enrolments.ts';
import type { Table } from '#shared/store/table.ts';
import { Tallied } from './tallied.ts';

type Opened = Pick<OpenTarget, 'table' | 'clock' | 'pass'>;

/** Times that the laptop's own half minute passes at most, so that review has looked and a leg may have taken its turn. */
const HALF_MINUTES = 4;
const ATTEMPTS = 5;

/**
 * Has review look at once at passages that stand still: it begins the next leg of each whose execution is gone, those included
 * that it has given up. `waits`: until it has, as on a laptop, where time passes only while somebody drives it.
 */
export async function redrivePassages(
  request: Omit<RedriveRequest, 'target'>,
  { table, clock, pass }: Opened,
  { seen, signal }: Watch,
  waits: boolean,
): Promise<RedriveResult> {
  const tallied = new Tallied(request);
  const asked: Enrolment[] = [];
  for await (const passage of everyPassage(table, { journey: request.journey, seen })) {
    if (signal.aborted) tallied.stop('interrupted');
    if (tallied.isOver) break;
    const still = standsStill(passage, clock.now());
    if (!still) continue;
    const { journey, cursor } = passage;
    const isTaken = tallied.take({ reason: still.reason, journey, step: cursor?.step ?? '', at: still.since });
    if (!isTaken || request.dryRun) continue;
    if (await ask(passage, { table, clock, pass })) asked.push(passage);
    else tallied.count('moved');
  }
  let moved = 0;
  for (let i = 0; waits && moved < asked.length && i < HALF_MINUTES; i += 1) {
    await pass();
    moved = await movedOf(asked, table);
  }
  tallied.count('moved', moved);
  tallied.count('asked', asked.length - moved);
  return tallied.result();
}

/** Whether it stood as it was read; one that has moved meanwhile needs nothing. */
async function ask(passage: Enrolment, { table, clock, pass }: Opened): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await table.write(auditFrom(passage, clock.now()));
      return true;
    } catch (error) {
      if (error instanceof ConditionFailed) return false;
      if (!(error instanceof Conflict) || attempt === ATTEMPTS) throw error;
      await pass();
    }
  }
}

async function movedOf(asked: readonly Enrolment[], table: Table): Promise<number> {
  let moved = 0;
  for (const before of asked) {
    const passage = await loadEnrolment(table, refOf(before));
    if (passage?.turn !== before.turn || passage.state !== before.state) moved += 1;
  }
  return moved;
}
