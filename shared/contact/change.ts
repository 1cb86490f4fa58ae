import type { ProfileChange } from '#shared/enrolment/turn.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { coerce } from './coerce.ts';
import type { Profile, TraitValue } from './profile.ts';

type Traits = Record<string, TraitValue>;

const items = (value: TraitValue | undefined): (string | number)[] =>
  Array.isArray(value) ? value : typeof value === 'string' || typeof value === 'number' ? [value] : [];

const listed = (value: Json): (string | number)[] => {
  const all: readonly Json[] = Array.isArray(value) ? value : [value];
  return all.filter((item) => typeof item === 'string' || typeof item === 'number');
};

function changeTrait(traits: Traits, change: ProfileChange, settings: Settings): void {
  if (change.kind === 'tag' || change.kind === 'untag') return;
  const { path } = change;
  const before = traits[path];
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
  for (const change of changes) {
    if (change.kind === 'tag') tags.add(change.tag);
    else if (change.kind === 'untag') tags.delete(change.tag);
    else {
      changeTrait(traits, change, settings);
      traitsAt[change.path] = now;
    }
  }
  return { ...profile, traits, traitsAt, tags: [...tags].sort() };
}
