import type { OpenTarget } from '#apps/cli/target/open.ts';
import { addPerson, type Bounds, countersOff, cutAt, NO_BOUNDS } from '#shared/audit/counts.ts';
import type { Finding } from '#shared/audit/finding.ts';
import type { Person } from '#shared/audit/person.ts';
import { countGone, readCounters } from '#shared/store/audit.ts';
import { addToCounters } from '#shared/store/counters.ts';

/** Counters as they were at the beginning, and what people's rows say of them. */
export type Counting = {
  readonly add: (person: Person) => void;
  /** Once everybody has been looked at. */
  readonly findings: () => Promise<Finding[]>;
};

/** `goesOn`: whether the shop does, so that its counters are behind and its rows move. */
export async function auditCounters({ table, clock }: OpenTarget, goesOn: boolean): Promise<Counting> {
  const now = clock.now();
  const cut = goesOn ? cutAt(now) : { from: now, to: now };
  const [counted, gone] = [await readCounters(table), await countGone(table)];
  const sums = new Map<string, Bounds>();
  return {
    add: (person) => addPerson(person, cut, sums),
    findings: async () => {
      const since = (await countGone(table)) - gone;
      return [...counted].flatMap(([journey, tables]) =>
        countersOff(tables, sums.get(journey) ?? NO_BOUNDS, since).map(({ version, counter, by }): Finding => {
          const id = `${version} ${counter} ${by > 0 ? 'too low' : 'too high'} by ${Math.abs(by)}`;
          // Of a shop that goes on one look is not enough: who is erased meanwhile is in neither. The function looks twice.
          const mend = goesOn ? {} : { mend: [addToCounters(journey, version, { [counter]: by })] };
          return { kind: 'miscounted', journey, id, seen: String(by), ...mend };
        }),
      );
    },
  };
}
