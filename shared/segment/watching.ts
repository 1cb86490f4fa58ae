import { type Names, needsOf } from '#shared/condition/needs.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Candidate } from '#shared/enrolment/decide.ts';
import type { TriggerRef } from '#shared/enrolment/enrolment.ts';
import { keyOf } from '#shared/enrolment/entry.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { isConcerned } from '#shared/enrolment/state.ts';
import { watchingOf } from '#shared/store/journeys.ts';
import { lookSoon } from '#shared/store/looks.ts';
import type { Published } from '#shared/store/published.ts';
import type { Write } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { canMove, definitionOf, type Watched } from './watched.ts';

/** The segments that start a live journey. */
export async function watchedSegments(published: Published): Promise<Watched[]> {
  const { journeys } = await published.catalogue();
  const started = Object.entries(journeys).filter(
    ([, { starts, status }]) => starts === 'segment' && status === 'live',
  );
  if (started.length === 0) return [];
  const [segments, settings] = await Promise.all([published.segments(), published.settings()]);
  const all = started.map(async ([id, { version, watch }]): Promise<Watched[]> => {
    const { trigger } = (await published.version(id, version)).definition;
    if (trigger.type !== 'segment') return [];
    const { segment, when } = trigger;
    const of = `${definitionOf(segment, segments, settings).slice(0, 12)}-${watch?.since ?? ''}`;
    return [{ journey: id, segment, when, of, existing: watch?.existing ?? false }];
  });
  return (await Promise.all(all)).flat();
}

/** A journey that a segment has started for a contact, and by which trigger. `cause` is the event that moved the contact. */
export async function startedBy(
  { journey: id, segment }: Watched,
  trigger: Omit<TriggerRef, 'type' | 'data'>,
  published: Published,
): Promise<(Candidate & { readonly trigger: TriggerRef }) | undefined> {
  const live = (await published.catalogue()).journeys[id];
  if (!live) return undefined;
  const journey = await published.version(id, live.version);
  return startOf({ journey, status: live.status }, segment, trigger);
}

/** The same of a journey that is at hand; undefined where its key is missing. */
export function startOf(
  { journey, status }: Omit<Candidate, 'key'>,
  segment: string,
  trigger: Omit<TriggerRef, 'type' | 'data'>,
): (Candidate & { readonly trigger: TriggerRef }) | undefined {
  const whole: TriggerRef = { ...trigger, type: 'segment', data: { segment } };
  const key = keyOf(journey, { segment, at: trigger.at, type: whole.type, id: trigger.event });
  return key === undefined ? undefined : { journey, status, key, trigger: whole };
}

/** What has been touched where a passage has begun, ended or been counted; by the name of the passage. */
export const journeyTouched = (name: string): string => `journey:${name.slice(0, name.indexOf('#'))}`;

/** Passages that a contact is inside of, or watching, and was not before. */
export const enteredSince = (before: Profile, after: Profile): string[] =>
  [...Object.keys(after.inside), ...Object.keys(after.watching)].filter(
    (name) => !Object.hasOwn(before.inside, name) && !Object.hasOwn(before.watching, name),
  );

/**
 * A look at the contact within a minute, where somebody cares for what has been touched: a segment that starts a journey,
 * or a passage, inside or watching for its goal. `but`: passages that see it by themselves. `hops`: how many journeys stand
 * between it and the first cause.
 */
export async function looksFor(
  profile: Profile,
  touched: Names,
  {
    published,
    now,
    but = [],
    hops = 0,
  }: { published: Published; now: Instant; but?: readonly string[]; hops?: number | undefined },
): Promise<Write[]> {
  if (touched.size === 0) return [];
  const segments = await published.segments();
  const soon = [lookSoon(profile.contact, now, hops)];
  if ((await watchedSegments(published)).some((one) => canMove(one, touched, segments))) return soon;
  const watching = Object.entries(profile.watching).map(([name, { version }]): [string, number] => [name, version]);
  for (const [name, version] of [...Object.entries(profile.inside), ...watching]) {
    if (but.includes(name)) continue;
    const journey = await published.version(refOfName(profile.contact, name).journey, version);
    if (isConcerned(journey, touched, segments)) return soon;
  }
  return [];
}

/** The same for a new fact of a mail, of whose contact nothing is read: whether anybody at all asks about mails of others. */
export async function looksForMail(contact: string, published: Published, now: Instant): Promise<Write[]> {
  const { journeys } = await published.catalogue();
  const all = Object.values(journeys).filter((live) => live.status !== 'archived' || watchingOf(live, now).length > 0);
  const direct = all.some(({ asks }) => asks?.includes('message'));
  const bySegment = all.some(({ asks, starts }) => starts === 'segment' || asks?.includes('segment'));
  if (!direct && !(bySegment && (await someSegmentAsks(published)))) return [];
  return [lookSoon(contact, now)];
}

async function someSegmentAsks(published: Published): Promise<boolean> {
  const segments = await published.segments();
  return Object.values(segments).some((condition) => needsOf(condition, segments).has('message'));
}
