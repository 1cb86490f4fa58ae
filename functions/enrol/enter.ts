import { fieldsOf } from '#shared/condition/lookup.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { countRefusal } from '#shared/enrolment/count-refusal.ts';
import { arm, type Candidate, candidates, type EntryInput, judge } from '#shared/enrolment/decide.ts';
import type { Door } from '#shared/enrolment/enrolment.ts';
import { capsOf } from '#shared/enrolment/places.ts';
import { triggerOf } from '#shared/enrolment/trigger.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import { loadDoors, putDoor } from '#shared/store/enrolments.ts';
import { entryWrites, loadCurrent } from '#shared/store/entering.ts';
import { entryScope } from '#shared/store/scope.ts';
import type { Deciding } from './decide.ts';
import type { Signalled } from './signal.ts';

export type Live = { readonly journey: CompiledJourney; readonly status: JourneyStatus };

/** Rows that one entry writes at most: the passage, its door, the passage that it replaces, and a place of each cap. */
const rowsOf = ({ definition }: CompiledJourney): number => 3 + capsOf(definition).size;

/**
 * What the event starts: passages that begin now, and doors whose quiet time begins anew. `room` is how many writes the
 * transaction still takes; the journeys that it has none for are `more`.
 */
export async function enter(
  deciding: Deciding,
  live: readonly Live[],
  room: number,
): Promise<Signalled & { readonly more: readonly string[] }> {
  const { event, facts, deps } = deciding;
  const data = fieldsOf(event);
  const matching = await facts.settle(() =>
    candidates(live, event, (journey) => entryScope(deciding, journey.id, data)),
  );
  const doors = await loadDoors(
    deps.table,
    deciding.profile.contact,
    matching.map(({ journey, key }) => ({ journey: journey.id, key })),
  );
  let all: Signalled = { profile: deciding.profile, writes: [], hints: [] };
  const more: string[] = [];
  for (const [i, candidate] of matching.entries()) {
    if (all.writes.length + rowsOf(candidate.journey) > room) {
      more.push(candidate.journey.id);
      continue;
    }
    // One after the other: each sees the passages that the ones before it began.
    const one = await enterOne({ ...deciding, profile: all.profile }, candidate, doors[i]);
    all = { profile: one.profile, writes: [...all.writes, ...one.writes], hints: [...all.hints, ...one.hints] };
  }
  return { ...all, more };
}

async function enterOne(deciding: Deciding, candidate: Candidate, door: Door | undefined): Promise<Signalled> {
  const { event, profile, now, zone, settings, facts, deps } = deciding;
  const { journey, key } = candidate;
  const data = fieldsOf(event);
  const input: EntryInput = {
    ...candidate,
    door,
    profile,
    trigger: triggerOf(event, now),
    now,
    zone,
    settings,
    scope: entryScope(deciding, journey.id, data),
  };
  const { trigger } = journey.definition;
  if (trigger.type === 'event' && trigger.quietFor !== undefined)
    return { profile, writes: armed(input, profile), hints: [] };
  const current = await loadCurrent(deps.table, journey, profile, key);
  const decision = await facts.settle(() => judge({ ...input, current }));
  if (decision.kind === 'refused') {
    countRefusal(deps.metrics, journey.id, decision.reason);
    return { profile, writes: [], hints: [] };
  }
  return {
    profile: decision.kind === 'entered' ? decision.profile : profile,
    ...entryWrites(decision, current, now),
  };
}

/** One due row a door: a later match moves the quiet time, and review arms the row anew when it is due too early. */
function armed(input: EntryInput, profile: Profile) {
  const door = arm(input);
  const due = input.door?.quiet && input.door.due !== undefined ? input.door.due : door.quiet?.until;
  return [putDoor(profile.contact, input.journey.id, input.key, door, due)];
}
