import { styleText } from 'node:util';
import { plain } from '#apps/cli/plain.ts';
import { sayTime } from '#apps/cli/say-time.ts';
import type { Profile, TraitValue } from '#shared/contact/profile.ts';
import { instantSchema } from '#shared/time/instant.ts';

/** A person, as `tropa contact show` tells of them. */
export type Shown = {
  readonly zone: string;
  readonly bestHour: string;
  readonly profile: Profile;
  /** The newest events first, some of them. */
  readonly events: readonly { readonly type: string; readonly at: string }[];
  readonly messages: number;
};

const WIDTH = 14;

/** A trait that is a moment is told as all other moments are. */
function traitText(value: TraitValue, at: (instant: string) => string): string {
  if (Array.isArray(value)) return value.join(', ');
  const moment = typeof value === 'string' ? instantSchema.safeParse(value).data : undefined;
  return moment === undefined ? String(value) : at(moment);
}

/** Who it is, what is known, what they agreed to, and what they did last. */
export function printContact({ zone, bestHour, profile, events, messages }: Shown): string {
  const at = (instant: string): string => sayTime(instant, zone);
  const { contact, aka, identities, traits, tags, consents, inside } = profile;
  const width = Math.max(WIDTH, ...Object.keys(traits).map((path) => path.length + 2));
  const line = (name: string, value: string): string => `  ${plain(name).padEnd(width)}${plain(value)}`;
  const agreed = Object.entries(consents).flatMap(([channel, topics]) =>
    Object.entries(topics).map(([topic, { state, at: since }]) => `${channel}/${topic} ${state} ${at(since)}`),
  );
  const waiting = Object.entries(profile.pending ?? {}).flatMap(([channel, topics]) =>
    Object.entries(topics).map(([topic, { at: since }]) => `${channel}/${topic}, said ${at(since)}`),
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
    line('consent', agreed.join('; ') || 'for nothing'),
    ...(waiting.length > 0 ? [line('not confirmed', waiting.join('; '))] : []),
    line('inside', Object.keys(inside).length > 0 ? Object.keys(inside).join(', ') : 'no journey'),
    line('messages', String(messages)),
    ...(events.length > 0 ? ['', styleText('bold', 'Last events')] : []),
    ...events.map(({ type, at: when }) => `  ${at(when)}  ${type}`),
    '',
  ].join('\n');
}
