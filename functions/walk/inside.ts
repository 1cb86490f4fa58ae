import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { hint, refOf, startLeg } from '#shared/enrolment/hints.ts';
import { carriedOver, destinationOf, heardAnew, moveTo, OUT } from '#shared/enrolment/move.ts';
import { nameOf, refOfName } from '#shared/enrolment/names.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { ARCHIVED, type CompiledJourney, REPLACED, RESUMED } from '#shared/journey/compile.ts';
import { loadEnrolment, loadEnrolments, putTurn } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { loadProfile, putProfile } from '#shared/store/profiles.ts';
import { passageScope } from '#shared/store/scope.ts';
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
    if ((profile.inside[nameOf(ref)] ?? stays) < stays) await tell(ref, REPLACED, walk, deps);
}

const told = (ref: EnrolmentRef, word: string, walk: Walk, { clock }: WalkDeps): Write =>
  noteHeard(ref, [word], { event: walk.name, type: 'journey.status', at: clock.now() });

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

/** How often a passage is moved anew when somebody wrote in between. */
const ATTEMPTS = 8;

/**
 * Those inside earlier versions go on in the one that this walk is about, each at the step of the same name or where the
 * edit says. Who is let go hears of it; who stands where the edit leads nowhere stays on their version.
 */
export async function moveInside({ walk, journey, profile }: Visit, deps: WalkDeps): Promise<void> {
  const to = walk.version === undefined ? journey : await deps.published.version(journey.id, walk.version);
  for (const ref of insideOf(profile, journey.id)) {
    await insist(() => moveOne(ref, to, walk, deps), deps);
  }
}

async function moveOne(ref: EnrolmentRef, to: CompiledJourney, walk: Walk, deps: WalkDeps): Promise<void> {
  const { table, published, clock } = deps;
  const [passage, profile] = await Promise.all([loadEnrolment(table, ref), loadProfile(table, ref.contact)]);
  if (passage?.state !== 'inside' || !profile) return;
  // Cut off last time before its new leg was started, or its old one ended.
  if (passage.version >= to.version) return void (await hint(ref, deps));
  const now = clock.now();
  const step = passage.cursor?.step;
  const goesOnAt = step === undefined ? step : destinationOf(step, to, to.definition.publish?.moved);
  if (goesOnAt === OUT) return letOut(passage, walk, deps);
  if (step !== undefined && goesOnAt === undefined) {
    deps.metrics.count('PassageNotMoved', 1, { journey: to.id });
    return;
  }
  const from = await published.version(ref.journey, passage.version);
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  const facts = new ContactFacts(table, ref.contact);
  const scope = passageScope({ profile, settings, segments, facts, now }, passage);
  const heard = await facts.settle(() => ({
    ...carriedOver(passage, { from, to }),
    ...heardAnew(passage, { from, to }, scope),
  }));
  const moved = moveTo(passage, { from, to }, heard, now);
  const inside = { ...profile.inside, [nameOf(passage)]: to.version };
  await table.transact([
    putTurn(moved, passage, now),
    putProfile({ ...profile, inside, rev: profile.rev + 1 }, profile),
  ]);
  await startLeg(deps.executions, moved);
  // The old leg learns in its pause that it is over.
  if (passage.token !== undefined) await deps.executions.succeed(passage.token, {});
}

/** Only from where it stands: a turn in between may have brought it to a step that is still there. */
async function letOut(passage: Enrolment, walk: Walk, deps: WalkDeps): Promise<void> {
  const { turn, leg } = passage;
  await deps.table.write({ ...told(refOf(passage), REPLACED, walk, deps), if: { equals: { turn, leg } } });
  await hint(refOf(passage), deps);
}

async function insist(work: () => Promise<void>, { clock }: WalkDeps): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`a passage that is to be moved met other writers ${ATTEMPTS} times`);
}

const insideOf = ({ contact, inside }: Profile, journey: string): EnrolmentRef[] =>
  Object.keys(inside)
    .map((name) => refOfName(contact, name))
    .filter((ref) => ref.journey === journey);
