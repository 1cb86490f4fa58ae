import type { Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Metrics } from '#shared/ports.ts';
import { loadDoors, putDoor } from '#shared/store/enrolments.ts';
import { entryWrites, loadCurrent } from '#shared/store/entering.ts';
import type { ContactFacts } from '#shared/store/facts.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { type Contact, entryScope, triggeredScope } from '#shared/store/scope.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { earlierOf, laterOf } from '#shared/time/instant.ts';
import { countRefusal } from './count-refusal.ts';
import { arm, type Candidate, type EntryInput, judge } from './decide.ts';
import type { LoadedDoor, TriggerRef } from './enrolment.ts';
import { capsOf } from './places.ts';

/** A journey that something starts for a contact: what that was, and its data where it is at hand. */
export type Started = Candidate & { readonly trigger: TriggerRef; readonly data?: Scope['trigger'] };

export type Begun = {
  readonly profile: Profile;
  readonly writes: readonly Write[];
  readonly hints: readonly EnrolmentRef[];
};

/** A contact at a moment, with facts that are read when they are asked for. */
export type Present = Contact & { readonly facts: ContactFacts };

type EnterDeps = { readonly table: Table; readonly metrics: Metrics };

/** Rows that one entry writes at most: the passage, its doors, the passage that it replaces, and a place of each cap. */
const rowsOf = ({ definition }: CompiledJourney, door: LoadedDoor | undefined): number =>
  3 + (door?.elsewhere?.length ?? 0) + capsOf(definition).size;

/**
 * Judges the entries of one contact: passages that begin now, and doors whose quiet time begins anew. `room` is how many
 * writes the transaction still takes; the journeys that it has none for are `more`.
 */
export async function enterAll(
  started: readonly Started[],
  contact: Present,
  room: number,
  deps: EnterDeps,
): Promise<Begun & { readonly more: readonly string[] }> {
  const doors = await loadDoors(
    deps.table,
    partsOf(contact.profile),
    started.map(({ journey, key }) => ({ journey: journey.id, key })),
  );
  let all: Begun = { profile: contact.profile, writes: [], hints: [] };
  const more: string[] = [];
  for (const [i, one] of started.entries()) {
    if (all.writes.length + rowsOf(one.journey, doors[i]) > room) {
      more.push(one.journey.id);
      continue;
    }
    // One after the other: each sees the passages that the ones before it began.
    const begun = await enterOne({ ...contact, profile: all.profile }, one, doors[i], deps);
    all = { profile: begun.profile, writes: [...all.writes, ...begun.writes], hints: [...all.hints, ...begun.hints] };
  }
  return { ...all, more };
}

async function enterOne(
  contact: Present,
  started: Started,
  door: LoadedDoor | undefined,
  deps: EnterDeps,
): Promise<Begun> {
  const { profile, now, settings, facts } = contact;
  const { journey, key, trigger, data } = started;
  const input: EntryInput = {
    ...started,
    door,
    profile,
    now,
    zone: zoneOf(profile, settings),
    settings,
    scope: data ? entryScope(contact, journey.id, data) : triggeredScope(contact, journey.id, trigger),
  };
  const { trigger: definition } = journey.definition;
  if (definition.type === 'event' && definition.quietFor !== undefined)
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

/**
 * One due row a door: a later match moves the quiet time, and review arms the row anew when it is due too early. Never too
 * late. What was told when its quiet time was over is due now, not in the past, where an audit would take it for forgotten.
 */
function armed(input: EntryInput, profile: Profile) {
  const door = arm(input);
  const until = door.quiet && laterOf(door.quiet.until, input.now);
  const known = input.door?.quiet ? input.door.due : undefined;
  const due = known !== undefined && until !== undefined ? earlierOf(known, until) : until;
  return putDoor(profile.contact, input.journey.id, input.key, door, due);
}
