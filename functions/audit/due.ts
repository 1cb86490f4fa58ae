import { AUDIT_KINDS, LOOKS_AGAIN } from '#shared/audit/finding.ts';
import { auditDue, auditRow } from '#shared/audit/row.ts';
import type { Place } from '#shared/store/audit.ts';
import { DUE_SHARDS, dueShard } from '#shared/store/keys.ts';
import { mendAll } from '#shared/store/mending.ts';
import type { IndexEntry } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { Run } from './audit.ts';

const PAGE = 100;
/** Rows that one run looks at, at most. */
const MOST = 20_000;

/**
 * Goes on through what is due, or will be in a moment: whatever review has tried in vain is among it, since it tries again within
 * a quarter of an hour. Returns where it is then.
 */
export async function lookAtDue(place: Place, { now, until, notes, deps }: Run): Promise<Place> {
  const { table, clock } = deps;
  let here = place;
  for (let looked = 0; here.shard < DUE_SHARDS && looked < MOST && clock.now() < until; ) {
    const page: IndexEntry[] = await table.queryIndex({
      index: 'due',
      pk: dueShard(here.shard),
      to: plusMillis(place.at, LOOKS_AGAIN),
      limit: PAGE,
      ...(here.after && { after: here.after }),
    });
    const rows = (await table.batchGet(page)).filter((row) => row !== undefined);
    const findings = rows.flatMap((row) => [...auditDue(row, { now }), ...auditRow(row, { now })]);
    notes.note(
      await mendAll(
        findings.filter(({ kind }) => AUDIT_KINDS[kind].by === 'due'),
        table,
      ),
    );
    notes.look(page.length);
    looked += page.length;
    const last = page.length === PAGE ? page.at(-1) : undefined;
    here = last ? { ...here, after: last } : { at: here.at, shard: here.shard + 1 };
  }
  return here;
}
