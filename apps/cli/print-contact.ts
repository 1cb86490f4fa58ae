import { styleText } from 'node:util';
import { sayTime } from '#apps/cli/say-time.ts';
import { pendingOn } from '#shared/contact/opt-in.ts';
import type { Profile, TraitValue } from '#shared/contact/profile.ts';
import { plain } from '#shared/plain.ts';
import type { Suppression } from '#shared/store/suppressions.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

/** A person, as `tropa contact show` tells of them. */
export type Shown = {
  readonly zone: string;
  readonly bestHour: string;
  readonly profile: Profile;
  /** The newest events first, some of them. */
  readonly events: readonly { readonly type: string; readonly at: string }[];
  readonly messages: number;
  readonly now: Instant;
  /** Why their address gets no mail at all. */
  readonly suppressed?: Suppression | undefined;
};

const WIDTH = 14;
/** A yes that was said in the future is as old as can be (see enrol). */
const LONG_AGO = '1970-01-01T00:00:00.000Z';

/** A trait that is a moment is told as all other moments are. */
function traitText(value: TraitValue, at: (instant: string) => string): string {
  if (Array.isArray(value)) return value.join(', ');
  const moment = typeof value === 'string' ? instantSchema.safeParse(value).data : undefined;
  return moment === undefined ? String(value) : at(moment);
}

const whySuppressed = ({ reason, at: since, note }: Suppression, at: (instant: string) => string): string =>
  `gets no mail at all: ${reason} ${at(since)}${note === undefined ? '' : `, ${note}`}`;

/** Who it is, what is known, what they agreed to, and what they did last. */
export function printContact({ zone, bestHour, profile, events, messages, now, suppressed }: Shown): string {
  const at = (instant: string): string => sayTime(instant, zone);
  const { contact, aka, identities, traits, tags, consents, inside } = profile;
  const width = Math.max(WIDTH, ...Object.keys(traits).map((path) => path.length + 2));
  const line = (name: string, value: string): string => `  ${plain(name).padEnd(width)}${plain(value)}`;
  const lines = (name: string, values: readonly string[]): string[] =>
    values.map((value, i) => line(i === 0 ? name : '', value));
  const agreed = Object.entries(consents).flatMap(([channel, topics]) =>
    Object.entries(topics).map(([topic, { state, at: since, confirmed, source }]) => {
      const twice = confirmed === undefined ? '' : `, confirmed ${at(confirmed)}`;
      return `${channel}/${topic} ${state} ${since === LONG_AGO ? 'at an unknown time' : at(since)}${twice} (${source})`;
    }),
  );
  const waiting = Object.keys(profile.pending ?? {}).flatMap((channel) =>
    pendingOn(profile, channel, now).map(
      ({ topic, at: since, source }) => `${channel}/${topic}, said ${at(since)} (${source})`,
    ),
  );
  return [
    styleText('bold', `Contact ${contact}`),
    line('known since', `${at(profile.createdAt)}; times are those of ${zone}`),
    line('best hour', bestHour),
    ...(aka.length > 0 ? [line('was also', aka.join(', '))] : []),
    ...Object.entries(identities).map(([kind, value]) => line(kind, value ?? '')),
    ...Object.entries(traits)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, value]) => line(path, traitText(value, at))),
    ...(tags.length > 0 ? [line('tags', tags.join(', '))] : []),
    ...lines('consent', agreed.length > 0 ? agreed : ['for nothing']),
    ...lines('not confirmed', waiting),
    ...lines('suppressed', suppressed ? [whySuppressed(suppressed, at)] : []),
    line('inside', Object.keys(inside).length > 0 ? Object.keys(inside).join(', ') : 'no journey'),
    line('messages', String(messages)),
    ...(events.length > 0 ? ['', styleText('bold', 'Last events')] : []),
    ...events.map(({ type, at: when }) => `  ${at(when)}  ${type}`),
    '',
  ].join('\n');
}
