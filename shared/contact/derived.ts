import { readPath } from '#shared/condition/lookup.ts';
import type { Event } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import type { FoldedTrait, Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import { holdsNumber } from '#shared/store/units.ts';
import type { TraitValue } from './profile.ts';
import { makeRoom, type Said } from './room.ts';
import { weight } from './weight.ts';

/** Names that Tropa writes itself, from what happened. */
export const isReckoned = (path: string): boolean =>
  path.startsWith('purchases.') || path === 'visits.last' || path === 'bestHour';

/** The same, and those that the settings derive: an event that says one would be counted on top of. */
export const isDerived = (settings: Settings, path: string): boolean =>
  isReckoned(path) || typeof ownOf(settings.traits, path) === 'object';

const numbers = (value: Json | undefined): number[] => {
  const items: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'number');
};

const flat = (value: Json | undefined): TraitValue | undefined => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const last: Json | undefined = Array.isArray(value) ? value.at(-1) : undefined;
  return typeof last === 'string' || typeof last === 'number' ? last : undefined;
};

/** Folds the traits that settings derive from events of this type. A first and a last go by the events' times. */
export function foldSettings(settings: Settings, event: Event, said: Said): void {
  for (const [path, declared] of Object.entries(settings.traits)) {
    if (typeof declared === 'string') continue;
    const types = typeof declared.event === 'string' ? [declared.event] : declared.event;
    if (types.includes(event.type)) foldOne(path, declared, event, said);
  }
}

function foldOne(path: string, declared: FoldedTrait, event: Event, said: Said): void {
  const { traits } = said;
  const before = ownOf(traits, path);
  const known = typeof before === 'number' ? before : undefined;
  if (declared.sum !== undefined) {
    const sum = numbers(readPath(event.data, declared.sum)).reduce((a, b) => a + b, known ?? 0);
    if (holdsNumber(sum)) traits[path] = Math.round(sum * 1e6) / 1e6;
  } else if (declared.min !== undefined || declared.max !== undefined) {
    const values = numbers(readPath(event.data, declared.min ?? declared.max ?? ''));
    const all = known === undefined ? values : [...values, known];
    if (all.length > 0) traits[path] = declared.min === undefined ? Math.max(...all) : Math.min(...all);
  } else if (declared.first !== undefined || declared.last !== undefined) {
    foldEdge(path, declared, event, said);
  } else {
    traits[path] = (known ?? 0) + 1;
  }
}

function foldEdge(path: string, declared: FoldedTrait, event: Event, said: Said): void {
  const { traits, traitsAt } = said;
  const value = flat(readPath(event.data, declared.first ?? declared.last ?? ''));
  const at = ownOf(traitsAt, path);
  const better = at === undefined || (declared.first === undefined ? event.at > at : event.at < at);
  if (value === undefined || !(better || (event.at === at && weight(value) > weight(ownOf(traits, path))))) return;
  if (!makeRoom(said, path, value)) return;
  traits[path] = value;
  traitsAt[path] = event.at;
}
