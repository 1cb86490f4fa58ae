import { ownOf } from '#shared/own-of.ts';
import { utf8Length } from '#shared/store/units.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { TraitValue } from './profile.ts';

/** Bytes that names and values of traits and tags take together at most, as JSON: the row is written with every event. */
export const ROOM = 4096;
/** Names of traits that are known, removed ones included. */
const TRAITS_AT_MOST = 80;
const LONGEST_NAME = 100;

/** What a contact's traits and tags are, while they are being changed. */
export type Said = {
  readonly traits: Record<string, TraitValue>;
  readonly traitsAt: Record<string, Instant>;
  readonly tags: Iterable<string>;
};

const jsonSize = (value: unknown): number => utf8Length(JSON.stringify(value));
const entrySize = (path: string, value: TraitValue): number => jsonSize(path) + jsonSize(value) + ':,'.length;
const sizeOf = ({ traits, tags }: Said): number => jsonSize(traits) + jsonSize([...tags]);

/** `@email` and the like stand in `traitsAt` for addresses; `__proto__` is no name that an object keeps. */
const isName = (path: string): boolean =>
  path !== '__proto__' && !path.startsWith('@') && utf8Length(path) <= LONGEST_NAME;

/**
 * Whether a profile has room for a trait; null removes it. Where too many names are known, the one that was removed
 * longest ago is forgotten. What stands already may stay, and shrink, also in a profile that is too large.
 */
export function makeRoom(said: Said, path: string, value: TraitValue | null): boolean {
  if (!isName(path)) return false;
  const known = ownOf(said.traits, path);
  const more = (value === null ? 0 : entrySize(path, value)) - (known === undefined ? 0 : entrySize(path, known));
  if (more > 0 && sizeOf(said) + more > ROOM) return false;
  return Object.hasOwn(said.traitsAt, path) || makePlace(said);
}

function makePlace({ traits, traitsAt }: Said): boolean {
  const names = Object.keys(traitsAt).filter(isName);
  if (names.length < TRAITS_AT_MOST) return true;
  const removed = names.filter((name) => !Object.hasOwn(traits, name));
  const rank = (name: string): string => `${traitsAt[name]} ${name}`;
  const [oldest] = removed.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  if (oldest === undefined) return false;
  delete traitsAt[oldest];
  return true;
}

export const hasRoomForTag = (said: Said, tag: string): boolean => sizeOf(said) + jsonSize(tag) + ','.length <= ROOM;
