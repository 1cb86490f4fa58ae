import type { Finding } from '#shared/audit/finding.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Table, Write } from './table.ts';

/** What became of findings. Those that somebody has just written to are in neither: there is nothing to find any more. */
export type Mended = { readonly mended: readonly Finding[]; readonly left: readonly Finding[] };

/** Puts right what can be, each mend once, on condition that the rows are as they were seen. */
export async function mendAll(findings: readonly Finding[], table: Table): Promise<Mended> {
  const done = new Map<readonly Write[], boolean>();
  for (const { mend } of findings) if (mend && !done.has(mend)) done.set(mend, await isWritten(mend, table));
  return {
    mended: findings.filter(({ mend }) => mend && done.get(mend)),
    left: findings.filter(({ mend }) => !mend),
  };
}

async function isWritten(writes: readonly Write[], table: Table): Promise<boolean> {
  try {
    await table.transact(writes);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed || error instanceof Conflict) return false;
    throw error;
  }
}
