import { plain } from '#shared/plain.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';

/** Things that lie aside for one reason, and since when the oldest of them does. */
export type Pile = {
  readonly reason: string;
  /** Of passages: where they stand; `''` before the first turn. */
  readonly journey?: string;
  readonly step?: string;
  readonly count: number;
  readonly oldest: Instant;
};

/** One thing that lies aside. */
export type Aside = Omit<Pile, 'count' | 'oldest'> & { readonly at: Instant };

/** Characters of a reason that are worth telling one pile from another. */
const LENGTH = 200;

/** A reason as a terminal may show it: others have written it, and at any length. */
const shown = (reason: string): string => {
  const text = plain(reason);
  // Half a character could not be typed.
  return text.length > LENGTH ? `${text.slice(0, LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
};

/** Whether a reason is the one that was asked for, or a part of it, as it was shown. */
export const isMeant = (reason: string, asked: string | undefined): boolean =>
  asked === undefined || plain(reason).includes(asked.replace(/(?<=.)…$/, ''));

/** Counts by reason what comes one after the other. */
export class Piles {
  readonly #piles = new Map<string, Pile>();

  add({ reason, journey, step, at }: Aside): void {
    const place = { reason: shown(reason), ...(journey !== undefined && { journey, step: step ?? '' }) };
    const name = JSON.stringify(place);
    const { count = 0, oldest = at } = this.#piles.get(name) ?? {};
    this.#piles.set(name, { ...place, count: count + 1, oldest: earlierOf(oldest, at) });
  }

  /** The highest first. */
  list(): Pile[] {
    return [...this.#piles].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1)).map(([, pile]) => pile);
  }
}

export const countOf = (piles: readonly Pile[]): number => piles.reduce((sum, { count }) => sum + count, 0);
