import type { Settings } from '#shared/settings/settings.ts';
import { isZone } from '#shared/time/local.ts';
import type { Profile } from './profile.ts';

/** The zone of a contact's calendar: the trait `timeZone` when it names one, else the shop's. */
export function zoneOf(profile: Pick<Profile, 'traits'>, settings: Settings): string {
  const own = profile.traits['timeZone'];
  return typeof own === 'string' && isZone(own) ? own : settings.shop.timeZone;
}
