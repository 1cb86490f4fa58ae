import { type Finding, standing } from '#shared/audit/finding.ts';
import { auditPerson, namedElsewhere, type Person } from '#shared/audit/person.ts';
import { readable } from '#shared/audit/readable.ts';
import { type AuditContext, ofRow } from '#shared/audit/row.ts';
import type { Clock } from '#shared/ports.ts';
import { loadFlow } from './flow.ts';
import { auditRanges, kindOf } from './keys.ts';
import { readProfile } from './profiles.ts';
import type { Row, Table } from './table.ts';

const rowsOf = async (contacts: readonly string[], table: Table): Promise<Row[]> =>
  (await Promise.all(contacts.flatMap(auditRanges).map((range) => table.query(range)))).flat();

/** Of whom not even the profile can be read. */
type Unread = { readonly findings: readonly Finding[] };

/** What the audit looks at of a person; undefined for who is in no directory: merged into another, or gone. */
async function loadPerson(table: Table, contact: string): Promise<Person | Unread | undefined> {
  const own = await rowsOf([contact], table);
  const row = own.find((one) => kindOf(one) === 'profile');
  if (!row) return undefined;
  const profile = readable(() => readProfile(row));
  if (!profile) return { findings: [ofRow('unreadable', row)] };
  if (profile.mergedInto !== undefined) return undefined;
  const rows = [...own, ...(await rowsOf(profile.aka, table))];
  const others = namedElsewhere({ profile, rows });
  const found = others.length === 0 ? [] : await table.batchGet(others);
  return { profile, rows: [...rows, ...found.filter((row) => row !== undefined)] };
}

/**
 * A person as read now, and what is wrong with them: only what two readings show, one after the other, since rows are read one
 * by one and somebody may be in the midst of writing them. The context may be older than the rows: the second reading is held
 * against how it is then.
 */
export async function auditContact(
  contact: string,
  context: Omit<AuditContext, 'profile'>,
  { table, clock }: { readonly table: Table; readonly clock: Pick<Clock, 'now'> },
): Promise<{ readonly person?: Person; readonly findings: readonly Finding[] } | undefined> {
  const person = await loadPerson(table, contact);
  if (!person || 'findings' in person) return person;
  const first = auditPerson(person, context);
  if (first.length === 0) return { person, findings: first };
  const again = await loadPerson(table, contact);
  if (!again || 'findings' in again) return again;
  const then = { now: clock.now(), flow: context.flow && (await loadFlow(table)) };
  return { person: again, findings: standing(first, auditPerson(again, then)) };
}
