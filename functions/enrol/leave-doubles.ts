import { endedFromOutside, leaveDoor, leaveProfile } from '#shared/enrolment/closing.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { refOf } from '#shared/enrolment/hints.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { loadDoors, loadEnrolments, putDoor, putTurn } from '#shared/store/enrolments.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { partsOf } from '#shared/store/profiles.ts';
import type { Write } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Merging, Part } from './merge.ts';

/** Where both are inside by one door, one passage goes on and the other leaves as `merged`. */
export async function leaveDoubles({ profile, now, deps }: Merging): Promise<Part> {
  const doors = Map.groupBy(
    Object.keys(profile.inside).map((name) => refOfName(profile.contact, name)),
    ({ journey, key }) => JSON.stringify([journey, key]),
  );
  let all: Part = { profile, writes: [], hints: [] };
  for (const refs of doors.values()) {
    if (refs.length < 2) continue;
    const [, ...others] = (await loadEnrolments(deps.table, refs)).toSorted(byClaim);
    for (const passage of others) all = await leave(passage, all, now, deps);
  }
  return all;
}

/** Whoever has said something stays, then whoever came first. */
function byClaim(a: Enrolment, b: Enrolment): number {
  const hasSaid = ({ messages }: Enrolment): number => Number(Object.keys(messages).length > 0);
  const rank = ({ entered, id }: Enrolment): string => `${entered} ${id}`;
  return hasSaid(b) - hasSaid(a) || (rank(a) < rank(b) ? -1 : 1);
}

async function leave(passage: Enrolment, before: Part, now: Instant, { table }: Merging['deps']): Promise<Part> {
  const ended = endedFromOutside(passage, 'merged', now);
  const profile = leaveProfile(before.profile, ended, undefined);
  const [known] = await loadDoors(table, partsOf(profile), [passage]);
  const door = leaveDoor(known, ended);
  const writes: Write[] = [
    putTurn(ended, passage, now),
    ...putDoor(profile.contact, passage.journey, passage.key, door, door.due ?? door.quiet?.until),
  ];
  const hints: EnrolmentRef[] = [...before.hints, refOf(ended)];
  return { profile, writes: [...before.writes, ...writes], hints };
}
