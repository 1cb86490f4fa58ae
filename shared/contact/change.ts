import type { ProfileChange } from '#shared/enrolment/turn.ts';
import { CHANNELS, type Channel } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { coerce } from './coerce.ts';
import type { ConsentState, Profile, TraitValue } from './profile.ts';

type Traits = Record<string, TraitValue>;

const items = (value: TraitValue | undefined): (string | number)[] =>
  Array.isArray(value) ? value : typeof value === 'string' || typeof value === 'number' ? [value] : [];

const listed = (value: Json): (string | number)[] => {
  const all: readonly Json[] = Array.isArray(value) ? value : [value];
  return all.filter((item) => typeof item === 'string' || typeof item === 'number');
};

type TraitChange = Extract<ProfileChange, { path: string }>;

function changeTrait(traits: Traits, change: TraitChange, settings: Settings): void {
  const { path } = change;
  if (path === '__proto__') return;
  const before = ownOf(traits, path);
  if (change.kind === 'set') {
    const value = coerce(settings, path, change.value);
    if (value !== undefined) traits[path] = value;
  } else if (change.kind === 'unset') delete traits[path];
  else if (change.kind === 'add')
    traits[path] = Math.round(((typeof before === 'number' ? before : 0) + change.by) * 1e6) / 1e6;
  else if (change.kind === 'append') traits[path] = [...new Set([...items(before), ...listed(change.value)])];
  else traits[path] = items(before).filter((item) => !listed(change.value).includes(item));
}

/** The profile after what a passage's update steps changed on it, in their order. `rev` is left to the writer. */
export function applyChanges(
  profile: Profile,
  changes: readonly ProfileChange[],
  settings: Settings,
  now: Instant,
): Profile {
  if (changes.length === 0) return profile;
  const traits = { ...profile.traits };
  const traitsAt = { ...profile.traitsAt };
  const tags = new Set(profile.tags);
  let { consents } = profile;
  for (const change of changes) {
    if (change.kind === 'tag') tags.add(change.tag);
    else if (change.kind === 'untag') tags.delete(change.tag);
    else if (change.kind === 'deny') consents = denied({ ...profile, consents }, change, settings, now);
    else {
      changeTrait(traits, change, settings);
      traitsAt[change.path] = now;
    }
  }
  return { ...profile, traits, traitsAt, tags: [...tags].sort(), consents };
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
