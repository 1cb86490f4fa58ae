import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import type { Profile } from './profile.ts';

/** The trait that says until when a contact wants no marketing. */
export const PAUSED_UNTIL = 'pausedUntil';

/** Until when, while it lasts. */
export function pausedUntil({ traits }: Pick<Profile, 'traits'>, now: Instant): Instant | undefined {
  const said = canonicalInstantSchema.safeParse(traits[PAUSED_UNTIL]);
  return said.success && said.data > now ? said.data : undefined;
}
