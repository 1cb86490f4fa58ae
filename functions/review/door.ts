import * as z from 'zod';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { countRefusal } from '#shared/enrolment/count-refusal.ts';
import { type EntryDecision, judge } from '#shared/enrolment/decide.ts';
import type { Door, Enrolment, LoadedDoor } from '#shared/enrolment/enrolment.ts';
import { hint } from '#shared/enrolment/hints.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { ownOf } from '#shared/own-of.ts';
import { enteredSince, journeyTouched, looksFor } from '#shared/segment/watching.ts';
import { loadDoors, putDoor, readDoor } from '#shared/store/enrolments.ts';
import { entryWrites, loadCurrent } from '#shared/store/entering.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { contactOf } from '#shared/store/keys.ts';
import { checkProfile, loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import { triggeredScope } from '#shared/store/scope.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

const ATTEMPTS = 5;

/** Whose door a row is, and of which journey. */
const placeSchema = z.object({ contact: z.string(), journey: z.string(), key: z.string() });

/**
 * A quiet time that has ended: entry is judged now, with the profile of this moment and the newest match as trigger.
 * One that a later match has moved is armed anew.
 */
export async function reviewDoor(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await judgeDoor(key, now, deps);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await deps.clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`a door met other writers ${ATTEMPTS} times`);
}

async function judgeDoor(of: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  // The profile first: who moves a door moves the profile's `rev` too, so that its check covers what is read after it.
  const owner = contactOf(of);
  const profile = owner === undefined ? undefined : await loadProfile(deps.table, owner);
  const row = await deps.table.get(of);
  const door = row && readDoor(row);
  if (!door?.quiet) return;
  const { contact, journey, key } = placeSchema.parse(row);
  if (!profile) {
    // Nobody is left to enter; a door that stays due would be looked at for ever.
    await deps.table.transact(putDoor(contact, journey, key, { ...door, quiet: undefined }));
    return;
  }
  const whole = profile.aka.length > 0 ? await wholeDoor(door, { journey, key, profile }, deps) : door;
  // Who was merged enters as who they are now: the quiet time runs on, or is over, at the door of that contact.
  if (!whole.quiet || whole.quiet.until > now || contact !== profile.contact) {
    const writes = putDoor(profile.contact, journey, key, whole, whole.quiet && laterOf(whole.quiet.until, now));
    await deps.table.transact([checkProfile(profile), ...writes]);
    return;
  }
  const { quiet, ...rest } = whole;
  const { decision, current } = await decideEntry(rest, quiet.trigger, { journey, key, profile, now }, deps);
  if (decision.kind === 'refused') {
    countRefusal(deps.metrics, journey, decision.reason);
    await deps.table.transact([checkProfile(profile), ...putDoor(contact, journey, key, rest)]);
    return;
  }
  const { writes, hints } = entryWrites(decision, current, now);
  const after = decision.kind === 'entered' ? decision.profile : profile;
  const touched = new Set(enteredSince(profile, after).map(journeyTouched));
  await deps.table.transact([
    ...(await looksFor(after, touched, { published: deps.published, now })),
    putProfile({ ...after, rev: profile.rev + 1 }, profile),
    ...writes,
    ...(decision.kind === 'retold' ? putDoor(contact, journey, key, rest) : []),
  ]);
  for (const ref of hints) await hint(ref, deps);
}

/** With what the doors of the contacts say that were merged into this one. */
async function wholeDoor(
  own: LoadedDoor,
  { journey, key, profile }: Omit<Asked, 'now'>,
  { table }: ReviewDeps,
): Promise<LoadedDoor> {
  const [door] = await loadDoors(table, partsOf(profile), [{ journey, key }]);
  return door ?? own;
}

type Asked = { readonly journey: string; readonly key: string; readonly profile: Profile; readonly now: Instant };

async function decideEntry(
  door: LoadedDoor,
  trigger: NonNullable<Door['quiet']>['trigger'],
  { journey: id, key, profile, now }: Asked,
  { table, published }: ReviewDeps,
): Promise<{ decision: EntryDecision; current?: Enrolment | undefined }> {
  const live = ownOf((await published.catalogue()).journeys, id);
  if (!live) return { decision: { kind: 'refused', reason: 'not-live' } };
  const [journey, settings, segments] = await Promise.all([
    published.version(id, live.version),
    published.settings(),
    published.segments(),
  ]);
  const facts = new ContactFacts(table, partsOf(profile));
  const scope = triggeredScope({ profile, settings, segments, facts, now }, id, trigger);
  const input = {
    journey,
    status: live.status,
    key,
    door,
    profile,
    trigger,
    now,
    zone: zoneOf(profile, settings),
    settings,
    scope,
  };
  const current = await loadCurrent(table, journey, profile, key);
  return { decision: await facts.settle(() => judge({ ...input, current })), current };
}
