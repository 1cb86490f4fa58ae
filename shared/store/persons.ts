import { type Finding, standing } from '#shared/audit/finding.ts';
import { auditPerson, namedElsewhere, type Person } from '#shared/audit/person.ts';
import type { AuditContext } from '#shared/audit/row.ts';
import { auditRanges } from './keys.ts';
import { loadListed, partsOf } from './profiles.ts';
import type { Table } from './table.ts';

/** What the audit looks at of a person; undefined for who is in no directory: merged into another, or gone. */
async function loadPerson(table: Table, contact: string): Promise<Person | undefined> {
  const profile = await loadListed(table, contact);
  if (!profile) return undefined;
  const ranges = partsOf(profile).flatMap(auditRanges);
  const rows = (await Promise.all(ranges.map((range) => table.query(range)))).flat();
  const others = namedElsewhere({ profile, rows });
  const found = others.length === 0 ? [] : await table.batchGet(others);
  return { profile, rows: [...rows, ...found.filter((row) => row !== undefined)] };
}

/**
 * A person as read now, and what is wrong with them: only what two readings show, one after the other, since rows are read one
 * by one and somebody may be in the midst of writing them.
 */
export async function auditContact(
  contact: string,
  context: Omit<AuditContext, 'profile'>,
  table: Table,
): Promise<{ readonly person: Person; readonly findings: readonly Finding[] } | undefined> {
  const person = await loadPerson(table, contact);
  if (!person) return undefined;
  const first = auditPerson(person, context);
  if (first.length === 0) return { person, findings: first };
  const again = await loadPerson(table, contact);
  return again && { person: again, findings: standing(first, auditPerson(again, context)) };
}
