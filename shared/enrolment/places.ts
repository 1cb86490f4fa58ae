import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { longestMillis } from '#shared/time/duration.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { percentile } from './ids.ts';

/**
 * Caps of a journey's entry. The places of a cap lie in shards, so that thousands may enter at once and none waits for the
 * others; entries are counted by stretches of time, so that a cap rolls and no entry has to be remembered by itself.
 */

export const CAP_SHARDS = 16;
/** Stretches that the span of a cap has. A place is free again with the stretch after them: at most this part late. */
const STRETCHES = 24;
/** What a cap without a span is called. */
const EVER = 'ever';

type EntryCap = NonNullable<NonNullable<Journey['entry']>['cap']>[number];

/** What one shard of a cap has counted. `current`: the stretch that is written to; what is before it changes no more. */
export type CountedEntries = { readonly current: number; readonly entries: Readonly<Record<string, number>> };

/** One place of one cap, as an entry takes it: on condition that it is still there. */
export type Place = {
  readonly journey: string;
  readonly cap: string;
  readonly shard: number;
  readonly stretch: number;
  /** The stretch must have counted fewer entries than that. */
  readonly below: number;
  /** The shard as it was read; undefined for one that nobody has written to. */
  readonly before: CountedEntries | undefined;
};

/** Caps of one span count the same entries, so the smaller one stands for both. By span. */
export function capsOf({ entry }: Journey): ReadonlyMap<string, number> {
  const caps = new Map<string, number>();
  for (const { per = EVER, count } of entry?.cap ?? []) caps.set(per, Math.min(count, caps.get(per) ?? count));
  return caps;
}

type Asked = {
  readonly journey: Journey;
  readonly contact: string;
  readonly now: Instant;
  /** The shards of a cap, in their order. */
  readonly counted: (cap: string) => readonly (CountedEntries | undefined)[];
};

/** A place of each cap; undefined when one of them is full. */
export function placesFor({ journey, contact, now, counted }: Asked): readonly Place[] | undefined {
  const places: Place[] = [];
  for (const [cap, count] of capsOf(journey)) {
    const place = placeIn(counted(cap), { journey: journey.id, cap, count, now, contact });
    if (!place) return undefined;
    places.push(place);
  }
  return places;
}

type Wanted = Pick<Place, 'journey' | 'cap'> & { count: EntryCap['count']; now: Instant; contact: string };

function placeIn(
  shards: readonly (CountedEntries | undefined)[],
  { journey, cap, count, now, contact }: Wanted,
): Place | undefined {
  // A clock that is behind goes on where the others are: what is over must not change.
  const stretch = Math.max(stretchAt(cap, now), ...shards.map((shard) => shard?.current ?? 0));
  const used = Array.from({ length: CAP_SHARDS }, (_, i) => spent(shards[i], stretch));
  // A cap that was lowered may find its places unevenly spread.
  if (sum(used) >= count) return undefined;
  const start = Math.floor((percentile(contact, journey, cap) * CAP_SHARDS) / 100);
  for (let i = 0; i < CAP_SHARDS; i += 1) {
    const shard = (start + i) % CAP_SHARDS;
    const room = shareOf(count, shard) - (used[shard] ?? 0);
    const before = shards[shard];
    if (room > 0) return { journey, cap, shard, stretch, below: inStretch(before, stretch) + room, before };
  }
  return undefined;
}

/** The shares of all shards together are the whole. */
const shareOf = (count: number, shard: number): number =>
  Math.floor(count / CAP_SHARDS) + (shard < count % CAP_SHARDS ? 1 : 0);

const stretchAt = (cap: string, now: Instant): number =>
  cap === EVER ? 0 : Math.floor(toMillis(now) / Math.ceil(longestMillis(cap) / STRETCHES));

const inStretch = (shard: CountedEntries | undefined, stretch: number): number =>
  ownOf(shard?.entries ?? {}, String(stretch)) ?? 0;

/** Stretches that are over for so long that their places are free again. */
export const isFree = (counted: string, stretch: number): boolean => Number(counted) < stretch - STRETCHES;

const spent = (shard: CountedEntries | undefined, stretch: number): number =>
  sum(Object.entries(shard?.entries ?? {}).map(([counted, n]) => (isFree(counted, stretch) ? 0 : n)));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
