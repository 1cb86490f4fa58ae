import { namedElsewhere, type Person } from '#shared/audit/person.ts';
import { auditRanges } from './keys.ts';
import { loadListed, partsOf } from './profiles.ts';
import type { Table } from './table.ts';

/** What the audit looks at of a person; undefined for who is in no directory: merged into another, or gone. */
export async function loadPerson(table: Table, contact: string): Promise<Person | undefined> {
  const profile = await loadListed(table, contact);
  if (!profile) return undefined;
  const ranges = partsOf(profile).flatMap(auditRanges);
  const rows = (await Promise.all(ranges.map((range) => table.query(range)))).flat();
  const others = namedElsewhere({ profile, rows });
  const found = others.length === 0 ? [] : await table.batchGet(others);
  return { profile, rows: [...rows, ...found.filter((row) => row !== undefined)] };
}
