import type { Event } from '#shared/event/event.ts';
import type { PrivacyRequest } from '#shared/event/privacy.ts';

/** One thing that happens from outside, `at` milliseconds after the story begins. */
export type Deed = { readonly at: number } & (Told | Edited | Forgotten);

/** The shop tells of something that a contact did. */
type Told = { readonly event: Event };
/** Somebody uploads another text of a file: an edit, or what was live before. */
type Edited = { readonly edit: { readonly file: string; readonly text: number } };
/** A contact asks to be forgotten. */
type Forgotten = { readonly forget: Pick<PrivacyRequest, 'id' | 'identities'> };

/** Whose deed it is, for who takes all of one away. */
export function doerOf(deed: Deed): string {
  if ('edit' in deed) return 'the shop';
  const { email, externalId } = ('event' in deed ? deed.event : deed.forget).identities;
  return email ?? externalId ?? 'nobody';
}

export const eventsOf = (deeds: readonly Deed[]): Event[] =>
  deeds.flatMap((deed) => ('event' in deed ? [deed.event] : []));
