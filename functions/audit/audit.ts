import { ConditionFailed } from '#shared/errors.ts';
import type { Clock, Log, Metrics } from '#shared/ports.ts';
import { type AuditState, loadAudit, putAudit } from '#shared/store/audit.ts';
import { DIRECTORY_SHARDS } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { lookAtDue } from './due.ts';
import { Notes, tellHour } from './notes.ts';
import { goRound } from './round.ts';

export type AuditDeps = {
  readonly table: Table;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly metrics: Metrics;
};

const hourOf = (now: Instant): Instant => `${now.slice(0, 13)}:00:00.000Z`;

/** Nobody has looked at anybody: the first round is due, and the hour is young. */
const beginning = (now: Instant): AuditState => ({
  ...{ rev: 0, hour: hourOf(now), found: {}, mended: {}, looked: 0 },
  sweep: { at: now, shard: 0 },
  round: { at: '1970-01-01T00:00:00.000Z', shard: DIRECTORY_SHARDS },
  ...{ gone: 0, doubts: {} },
});

/**
 * A stretch of the audit, until a moment at most: once an hour through all that is due, and day by day through all contacts.
 * What it has seen it writes at its end, at once: a run that breaks off is done again by the next. The first run of an hour
 * tells what the hour before has brought.
 */
export async function audit(until: Instant, deps: AuditDeps): Promise<AuditState> {
  const now = deps.clock.now();
  const before = (await loadAudit(deps.table)) ?? beginning(now);
  const isOver = hourOf(now) > before.hour;
  const notes = new Notes(deps.log, isOver ? undefined : before);
  const run = { now, until, notes, deps };
  const sweep = await lookAtDue(isOver ? { at: now, shard: 0 } : before.sweep, run);
  const { writes, ...gone } = await goRound(before, run);
  const state = { ...before, ...gone, ...notes.hour, sweep, hour: hourOf(now) };
  try {
    await deps.table.transact([putAudit(state), ...writes]);
  } catch (error) {
    // Another run has seen the same.
    if (error instanceof ConditionFailed) return before;
    throw error;
  }
  if (isOver) tellHour(before, deps);
  return state;
}

/** One run: its moment, when it ends at the latest, and what it finds. */
export type Run = {
  readonly now: Instant;
  readonly until: Instant;
  readonly notes: Notes;
  readonly deps: AuditDeps;
};
