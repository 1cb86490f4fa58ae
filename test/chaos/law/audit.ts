import { auditPerson, namedElsewhere, type Person } from '#shared/audit/person.ts';
import { auditDue } from '#shared/audit/row.ts';
import { readFlow } from '#shared/store/flow.ts';
import { auditRanges, flowKey, kindOf } from '#shared/store/keys.ts';
import { partsOf, readProfile } from '#shared/store/profiles.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

/** The audit that runs on AWS finds nothing where nothing is wrong: what it tells an operator is so. */
export function checkAudit({ table, scheduler }: World, ledger: Ledger): void {
  const context = { now: scheduler.now(), flow: readFlow(table.read(flowKey)) };
  for (const row of table.all()) {
    if (table.read(row) === undefined) continue;
    const findings = auditDue(row, context);
    if (kindOf(row) === 'profile' && row['mergedInto'] === undefined)
      findings.push(...auditPerson(personOf(readProfile(row), table), context));
    for (const { kind, journey = '', id, since = '', seen } of findings)
      ledger.broken('the audit finds nothing', `${kind} ${journey} ${id} since ${since}: ${seen}`);
  }
}

function personOf(profile: Person['profile'], table: World['table']): Person {
  const rows = partsOf(profile)
    .flatMap(auditRanges)
    .flatMap((range) => table.range(range));
  const others = table.readAll(namedElsewhere({ profile, rows })).filter((row) => row !== undefined);
  return { profile, rows: [...rows, ...others] };
}
