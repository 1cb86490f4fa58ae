import type { ProfileChange } from '#shared/enrolment/turn.ts';
import { CHANNELS, type Channel } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';
import type { Instant } from '#shared/time/instant.ts';
import { coerce, LONGEST_LIST, LONGEST_TEXT } from './coerce.ts';
import type { ConsentState, Profile, TraitValue } from './profile.ts';
import { hasRoomForTag, makeRoom, type Said } from './room.ts';

const items = (value: TraitValue | undefined): (string | number)[] =>
  Array.isArray(value) ? value : typeof value === 'string' || typeof value === 'number' ? [value] : [];

const listed = (value: Json): (string | number)[] => {
  const all: readonly Json[] = Array.isArray(value) ? value : [value];
  return all.filter((item) => typeof item === 'string' || typeof item === 'number');
};

type TraitChange = Extract<ProfileChange, { path: string }>;

/** False when not all of it fits. What stands already stays. */
function changeTrait(said: Said, change: TraitChange, settings: Settings, now: Instant): boolean {
  const { path } = change;
  const { value, whole = true } = valueAfter(ownOf(said.traits, path), change, settings);
  if (value === undefined || !makeRoom(said, path, value)) return false;
  if (value === null) delete said.traits[path];
  else said.traits[path] = value;
  said.traitsAt[path] = now;
  return whole;
}

type Result = { readonly value: TraitValue | null | undefined; readonly whole?: boolean };

/** What a trait is after a change: null when it is gone, undefined when nothing fits; `whole` unless a part was left out. */
function valueAfter(before: TraitValue | undefined, change: TraitChange, settings: Settings): Result {
  if (change.kind === 'set') return { value: coerce(settings, change.path, change.value) };
  if (change.kind === 'unset') return { value: null };
  if (change.kind === 'remove') return { value: items(before).filter((item) => !listed(change.value).includes(item)) };
  if (change.kind === 'add') {
    const sum = Math.round(((typeof before === 'number' ? before : 0) + change.by) * 1e6) / 1e6;
    return { value: holdsNumber(sum) ? sum : undefined };
  }
  const all = [...new Set([...items(before), ...listed(change.value)])];
  const fit = all.filter((item) => typeof item === 'number' || item.length <= LONGEST_TEXT).slice(0, LONGEST_LIST);
  return { value: fit, whole: fit.length === all.length };
}

/** What a passage's update steps make of a profile, in their order, and how many found no room. `rev` is left to the writer. */
export function applied(
  profile: Profile,
  changes: readonly ProfileChange[],
  settings: Settings,
  now: Instant,
): { profile: Profile; keptOut: number } {
  if (changes.length === 0) return { profile, keptOut: 0 };
  const tags = new Set(profile.tags);
  const said: Said = { traits: { ...profile.traits }, traitsAt: { ...profile.traitsAt }, tags };
  let { consents } = profile;
  let keptOut = 0;
  for (const change of changes) {
    if (change.kind === 'untag') tags.delete(change.tag);
    else if (change.kind === 'deny') consents = denied({ ...profile, consents }, change, settings, now);
    else if (change.kind !== 'tag') keptOut += changeTrait(said, change, settings, now) ? 0 : 1;
    else if (tags.has(change.tag) || hasRoomForTag(said, change.tag)) tags.add(change.tag);
    else keptOut += 1;
  }
  const { traits, traitsAt } = said;
  return { profile: { ...profile, traits, traitsAt, tags: [...tags].sort(), consents }, keptOut };
}

/**
 * The profile after what a passage's update steps changed on it. Of a list that grows, as it does during a turn, each
 * change is applied once.
 */
export function changing(
  profile: Profile,
  settings: Settings,
  now: Instant,
): (changes: readonly ProfileChange[]) => Profile {
  let so: { of?: readonly ProfileChange[]; count: number; profile: Profile } = { count: 0, profile };
  return (changes) => {
    const goesOn = so.of === changes && so.count <= changes.length;
    const from = goesOn ? so : { count: 0, profile };
    if (from.count < changes.length || !goesOn) {
      const after = applied(from.profile, changes.slice(from.count), settings, now).profile;
      so = { of: changes, count: changes.length, profile: after };
    }
    return so.profile;
  };
}

type Denial = Extract<ProfileChange, { kind: 'deny' }>;

/** Withdrawn wherever the contact has said anything; else where the shop writes. */
function denied(profile: Profile, { topic, event }: Denial, settings: Settings, at: Instant): Profile['consents'] {
  const said: ConsentState = { state: 'denied', at, source: 'journey', event };
  const consents = { ...profile.consents };
  for (const channel of spokenChannels(profile, settings)) consents[channel] = { ...consents[channel], [topic]: said };
  return consents;
}

/** Channels on which a contact has said anything about consent; else the shop's own. */
export function spokenChannels({ consents }: Profile, settings: Settings): Channel[] {
  const known = CHANNELS.filter((channel) => consents[channel] !== undefined);
  return known.length > 0 ? known : [settings.channels.default];
}
