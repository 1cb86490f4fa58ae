import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { hint, refOf, startLeg } from '#shared/enrolment/hints.ts';
import { carriedOver, destinationOf, heardAnew, moveTo, OUT } from '#shared/enrolment/move.ts';
import { nameOn } from '#shared/enrolment/names.ts';
import { type CompiledJourney, REPLACED } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import { loadEnrolment, putTurn } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { insist } from '#shared/store/insist.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Walk } from '#shared/store/walks.ts';
import { insideOf, told } from './inside.ts';
import type { Visit } from './visit.ts';
import type { WalkDeps } from './walk.ts';

/** An edit that takes along who is inside. */

const MOVED = 'a passage that is to be moved';

/** So many edits back may have walks that are still under way. */
const LOOKED_BACK = 20;

/**
 * Those inside earlier versions go on in the one that this walk is about, each at the step of the same name or where the
 * edit says. The walk of an edit before it may come later, or be under way: so everybody is led through each edit that
 * moves or lets go, in their order. Who is let go hears of it; who stands where an edit leads nowhere stays on their
 * version, unless the next edit knows better.
 */
export async function moveInside({ walk, journey, profile }: Visit, deps: WalkDeps): Promise<void> {
  const last = walk.version ?? journey.version;
  for (const ref of insideOf(profile, journey.id)) {
    const since = profile.inside[nameOn(profile, ref)] ?? last;
    for (let version = Math.max(since + 1, last - LOOKED_BACK); version < last; version += 1) {
      const edit = await deps.published.version(journey.id, version);
      const { inside = 'finish' } = edit.definition.publish ?? {};
      if (inside !== 'finish') await insist(MOVED, () => moveOne(ref, edit, walk, deps), deps.clock);
    }
    const to = await deps.published.version(journey.id, last);
    const came = await insist(MOVED, () => moveOne(ref, to, walk, deps), deps.clock);
    if (came === 'stays') deps.metrics.count('PassageNotMoved', 1, { journey: journey.id });
  }
}

/** `stays`: the edit leads nowhere from where it stands. */
async function moveOne(ref: EnrolmentRef, to: CompiledJourney, walk: Walk, deps: WalkDeps): Promise<'stays' | 'done'> {
  const { table } = deps;
  const [passage, profile] = await Promise.all([loadEnrolment(table, ref), loadProfile(table, ref.contact)]);
  if (passage?.state !== 'inside' || !profile) return 'done';
  // Cut off last time before its new leg was started, or its old one ended; or it is about to leave.
  if (passage.version >= to.version || ownOf(passage.heard, REPLACED)) await hint(ref, deps);
  else if (to.definition.publish?.inside === 'leave') await letOut(passage, walk, deps);
  else return lead(passage, profile, { to, walk }, deps);
  return 'done';
}

async function lead(
  passage: Enrolment,
  profile: Profile,
  { to, walk }: { readonly to: CompiledJourney; readonly walk: Walk },
  deps: WalkDeps,
): Promise<'stays' | 'done'> {
  const step = passage.cursor?.step;
  const goesOnAt = step === undefined ? step : destinationOf(step, to, to.definition.publish?.moved);
  if (goesOnAt === OUT) await letOut(passage, walk, deps);
  else if (step !== undefined && goesOnAt === undefined) return 'stays';
  else await move(passage, profile, to, deps);
  return 'done';
}

async function move(passage: Enrolment, profile: Profile, to: CompiledJourney, deps: WalkDeps): Promise<void> {
  const { table, published, clock } = deps;
  const now = clock.now();
  const from = await published.version(passage.journey, passage.version);
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  const facts = new ContactFacts(table, partsOf(profile));
  const scope = passageScope({ profile, settings, segments, facts, now }, passage);
  const heard = await facts.settle(() => ({
    ...carriedOver(passage, { from, to }),
    ...heardAnew(passage, { from, to }, scope),
  }));
  // The token of the old leg stays until that leg has been told.
  const moved = { ...moveTo(passage, { from, to }, heard, now), ...(passage.token && { token: passage.token }) };
  const inside = { ...profile.inside, [nameOn(profile, passage)]: to.version };
  await table.transact([
    putTurn(moved, passage, now),
    putProfile({ ...profile, inside, rev: profile.rev + 1 }, profile),
  ]);
  await startLeg(deps.executions, moved);
}

/** Only from where it stands: a turn in between may have brought it to a step that is still there. */
async function letOut(passage: Enrolment, walk: Walk, deps: WalkDeps): Promise<void> {
  const { turn, leg } = passage;
  await deps.table.write({ ...told(refOf(passage), REPLACED, walk, deps), if: { equals: { turn, leg } } });
  await hint(refOf(passage), deps);
}
