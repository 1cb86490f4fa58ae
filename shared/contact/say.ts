import { ownOf } from '#shared/own-of.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { TraitValue } from './profile.ts';
import { makeRoom, type Said } from './room.ts';
import { weight } from './weight.ts';

/** Writes a trait unless a newer word stands; null removes. False when the value does not fit or there is no room. */
export function say(said: Said, path: string, value: TraitValue | null | undefined, at: Instant): boolean {
  const { traits, traitsAt } = said;
  if (value === undefined) return false;
  const known = ownOf(traitsAt, path);
  if (known !== undefined && (known > at || (known === at && weight(ownOf(traits, path)) > weight(value)))) return true;
  if (!makeRoom(said, path, value)) return false;
  traitsAt[path] = at;
  if (value === null) delete traits[path];
  else traits[path] = value;
  return true;
}
