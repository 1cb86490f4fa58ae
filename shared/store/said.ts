import { fold } from '#shared/contact/fold.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { type Event, eventSchema } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { type Instant, laterOf, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { saidKey, saidRange } from './keys.ts';
import { partsOf, putProfile } from './profiles.ts';
import { rowOf } from './row.ts';
import type { Table, Write } from './table.ts';

/** As long as a queue keeps a word: after that nobody can record it any more, and it is in the dead letters. */
const KEPT_FOR = 14 * 86_400_000;
/** The newest only: whoever presses a button a thousand times has said it once. */
const MOST = 20;

/**
 * What a contact has just said on a page. It goes the way of all events, and until it is recorded it is read from here:
 * by the page itself, and by send, so that no mail leaves against it. The profile moves with it, so that a mail which was
 * asked about before is asked about again when it is claimed.
 */
export const putSaid = (event: Event, profile: Profile): Write[] => [
  putSaidRow(event, profile.contact),
  putProfile({ ...profile, rev: profile.rev + 1, spoken: laterOf(profile.spoken ?? event.at, event.at) }, profile),
];

const putSaidRow = (event: Event, contact: string): Write => ({
  kind: 'put',
  row: rowOf(saidKey(contact, event.at, event.id), {
    v: 1,
    event,
    expires: toEpochSeconds(plusMillis(event.at, KEPT_FOR)),
  }),
});

/**
 * The contact as they have made themselves. What has been recorded is folded once more, which changes nothing. `rev` is
 * that of the row.
 */
export async function asSaid(table: Table, profile: Profile, settings: Settings, now: Instant): Promise<Profile> {
  if (profile.spoken === undefined || plusMillis(profile.spoken, KEPT_FOR) < now) return profile;
  return { ...withSaid(profile, await loadSaid(table, partsOf(profile)), settings), rev: profile.rev };
}

export const withSaid = (profile: Profile, events: readonly Event[], settings: Settings): Profile =>
  events.reduce((so, event) => fold(so, event, so.contact, settings).profile, profile);

/** Oldest first. What has been recorded meanwhile is among it. */
async function loadSaid(table: Table, parts: readonly string[]): Promise<Event[]> {
  const rows = await Promise.all(
    parts.map((contact) => table.query({ ...saidRange(contact), reverse: true, limit: MOST })),
  );
  return rows
    .flat()
    .map((row) => eventSchema.parse(row['event']))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
