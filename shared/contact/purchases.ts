import type { Event } from '#shared/event/event.ts';
import { holdsNumber } from '#shared/store/units.ts';
import { earlierOf, type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import type { TraitValue } from './profile.ts';

/** Purchases whose times are kept, for the gaps between them. */
const KEPT = 12;
const DAY = 86_400_000;

export const newestTimes = (times: readonly Instant[]): Instant[] => times.toSorted().slice(-KEPT);

type Traits = Readonly<Record<string, TraitValue>>;

/** `purchases.*` after one more. `times`: of the newest ones, this one included. */
export const foldPurchase = (
  traits: Record<string, TraitValue>,
  { at, data }: Event,
  times: readonly Instant[],
): void => addPurchases(traits, { count: 1, total: numberOr(data['total'], 0), first: at }, times);

/** `purchases.*` of two who are one. */
export function joinPurchases(traits: Record<string, TraitValue>, other: Traits, times: readonly Instant[]): void {
  const count = numberOr(other['purchases.count'], 0);
  const first = other['purchases.first'];
  if (count === 0 || typeof first !== 'string') return;
  addPurchases(traits, { count, total: numberOr(other['purchases.total'], 0), first }, times);
}

type Some = { readonly count: number; readonly total: number; readonly first: Instant };

/** How many, for how much, when, and at which rhythm (days between two, the median; from three on). */
function addPurchases(traits: Record<string, TraitValue>, more: Some, times: readonly Instant[]): void {
  const count = numberOr(traits['purchases.count'], 0) + more.count;
  const known = numberOr(traits['purchases.total'], 0);
  const total = holdsNumber(known + more.total) ? round(known + more.total) : known;
  const first = traits['purchases.first'];
  traits['purchases.count'] = count;
  traits['purchases.total'] = total;
  traits['purchases.average'] = round(total / count);
  traits['purchases.first'] = typeof first === 'string' ? earlierOf(first, more.first) : more.first;
  const last = times.at(-1) ?? more.first;
  traits['purchases.last'] = last;
  if (times.length < 3) return;
  const cycle = Math.max(
    1,
    Math.round(median(times.slice(1).map((t, i) => toMillis(t) - toMillis(times[i] ?? t))) / DAY),
  );
  traits['purchases.cycle'] = `P${cycle}D`;
  traits['purchases.next'] = plusMillis(last, cycle * DAY);
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;
const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
