import { earlierOf, type Instant, plusMillis } from '#shared/time/instant.ts';
import type { Window } from './feed.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Each window begins so long before the last one's end: shops commit late, and their clocks are not ours. */
const OVERLAP = 10 * MINUTE;
/** What is younger is left to the next sweep, since its webhook may still be on its way. */
const SETTLE = 2 * MINUTE;
/** After an outage of many days, the cursor moves on day by day. */
const LONGEST = DAY;

/** How far one list of a shop has been swept. */
export type Place = {
  /** All that changed before has been told. */
  readonly since: Instant;
  /** The end of the window that is being walked, and the page that is next there. */
  readonly until?: Instant | undefined;
  readonly next?: string | undefined;
  /** When the list was first swept: what changed before need not have had a webhook. */
  readonly began: Instant;
};

export const beginAt = (now: Instant, since = plusMillis(now, -DAY)): Place => ({ since, began: now });

/** The window to walk; undefined when all that has settled by this moment is told. */
export function windowOf({ since, until }: Place, now: Instant): Window | undefined {
  const end = until ?? earlierOf(plusMillis(now, -SETTLE), plusMillis(since, LONGEST));
  return end > since ? { from: plusMillis(since, -OVERLAP), until: end } : undefined;
}

/** Where the sweep stands once a page is told: at the next page, or without one at the window's end. */
export const stepped = ({ since, began }: Place, { until }: Window, next: string | undefined): Place =>
  next === undefined ? { since: until, began } : { since, began, until, next };

/** The same window from its first page: the shop no longer knows the next one. */
export const rewound = ({ since, began, until }: Place): Place => ({ since, began, until });
