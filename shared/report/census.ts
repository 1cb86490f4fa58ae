import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Table } from '#shared/store/table.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';
import { everyPassage } from './every-passage.ts';

/** Who stands at a step of a version now. */
export type Standing = {
  readonly journey: string;
  readonly version: number;
  /** `''` before the first turn. */
  readonly step: string;
  readonly contacts: number;
  /** Since when the one who has stood here longest does. */
  readonly since: Instant;
};

/**
 * Where everybody is: counted by looking at each contact, so it is exact and takes one read a contact. `seen` is told how
 * many contacts have been looked at.
 */
export async function census(table: Table, seen: (contacts: number) => void = () => {}): Promise<Standing[]> {
  const standings = new Map<string, Standing>();
  for await (const passage of everyPassage(table, { seen })) count(standings, passage);
  return [...standings.values()].sort(inOrder);
}

function count(standings: Map<string, Standing>, { journey, version, cursor, entered }: Enrolment): void {
  const step = cursor?.step ?? '';
  const began = cursor?.began ?? entered;
  const name = JSON.stringify([journey, version, step]);
  const { contacts = 0, since = began } = standings.get(name) ?? {};
  standings.set(name, { journey, version, step, contacts: contacts + 1, since: earlierOf(since, began) });
}

const inOrder = (a: Standing, b: Standing): number =>
  a.journey === b.journey ? b.version - a.version || (a.step < b.step ? -1 : 1) : a.journey < b.journey ? -1 : 1;
