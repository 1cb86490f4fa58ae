import type { Profile } from '#shared/contact/profile.ts';
import { hint, refOf } from '#shared/enrolment/hints.ts';
import { nameOn, refOfName } from '#shared/enrolment/names.ts';
import { ARCHIVED, REPLACED, RESUMED } from '#shared/journey/compile.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import type { Write } from '#shared/store/table.ts';
import type { Walk } from '#shared/store/walks.ts';
import type { Visit } from './visit.ts';
import type { WalkDeps } from './walk.ts';

/** What becomes of a contact's passages when their journey is edited, paused or archived. */

/** All hear that the journey is archived, unless it has been opened again since. */
export async function letGo({ walk, journey, status, profile }: Visit, deps: WalkDeps): Promise<void> {
  if (status !== 'archived') return;
  for (const ref of insideOf(profile, journey.id)) await tell(ref, ARCHIVED, walk, deps);
}

/** Those of earlier versions hear that a new one lets nobody stay. */
export async function replaceEarlier({ walk, journey, profile }: Visit, deps: WalkDeps): Promise<void> {
  const stays = walk.version ?? journey.version;
  for (const ref of insideOf(profile, journey.id))
    if ((profile.inside[nameOn(profile, ref)] ?? stays) < stays) await tell(ref, REPLACED, walk, deps);
}

export function told(ref: EnrolmentRef, word: string, walk: Walk, { clock }: WalkDeps): Write {
  const now = clock.now();
  return noteHeard(ref, [word], { event: walk.name, type: 'journey.status', at: now }, now);
}

async function tell(ref: EnrolmentRef, word: string, walk: Walk, deps: WalkDeps): Promise<void> {
  await deps.table.write(told(ref, word, walk, deps));
  await hint(ref, deps);
}

/** Those who stand still since their journey was paused hear that it goes on. */
export async function resume({ walk, journey, status, profile }: Visit, deps: WalkDeps): Promise<void> {
  // It may have been paused again since.
  if (status === 'paused') return;
  for (const passage of await loadEnrolments(deps.table, insideOf(profile, journey.id))) {
    if (passage.cursor?.stalled !== undefined) await tell(refOf(passage), RESUMED, walk, deps);
  }
}

export const insideOf = ({ contact, inside }: Profile, journey: string): EnrolmentRef[] =>
  Object.keys(inside)
    .map((name) => refOfName(contact, name))
    .filter((ref) => ref.journey === journey);
