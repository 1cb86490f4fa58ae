import type { Feed, Storefront } from '#shared/catchup/feed.ts';
import { beginAt, rewound, stepped, windowOf } from '#shared/catchup/place.ts';
import { ConditionFailed } from '#shared/errors.ts';
import type { Source } from '#shared/source/source.ts';
import { sourceNamed } from '#shared/source/sources.ts';
import { type KeptPlace, loadPlace, movePlace } from '#shared/store/sweeps.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { type AskDeps, type Asking, ask } from './ask.ts';
import { type CaughtDeps, keepMissed } from './keep.ts';
import { type TokenDeps, tokenFor } from './token.ts';

export type CatchUpDeps = AskDeps & CaughtDeps & TokenDeps;

/** Of one page of a storefront: how long it may take, and how large it may be. */
export const PAGE = { milliseconds: 25_000, bytes: 24_000_000 };

/** Times that one sweep begins its window anew. */
const MOST_REWINDS = 2;

/** `later`: the time was over, and the next sweep goes on there. */
export type Swept = 'done' | 'later' | 'failed';

/**
 * Asks each storefront for what has changed, and tells of what its webhooks have missed. Ends soon after the deadline; the
 * next sweep goes on where this one stopped, whatever stopped it. Returns what came of each list.
 */
export async function catchUp(
  storefronts: readonly Storefront[],
  deadline: Instant,
  deps: CatchUpDeps,
): Promise<Record<string, Swept>> {
  const all: Record<string, Swept> = {};
  let left = storefronts.flatMap(({ feeds }) => feeds).length;
  for (const storefront of storefronts) {
    const swept: Swept[] = [];
    const token = await tokenFor(storefront, deps);
    for (const feed of storefront.feeds) {
      const share = shareOf(left, deadline, deps.clock.now());
      const one = token === undefined ? 'failed' : await attempt(feed, { storefront, token, deadline: share }, deps);
      all[`${storefront.source} ${feed.name}`] = one;
      swept.push(one);
      left -= 1;
    }
    if (!swept.includes('failed')) deps.metrics.count('SweepDone', 1, { source: storefront.source });
  }
  return all;
}

/** Where the share of the first of so many lists ends. */
const shareOf = (lists: number, deadline: Instant, now: Instant): Instant =>
  plusMillis(now, Math.max(0, toMillis(deadline) - toMillis(now)) / lists);

/** One list's trouble keeps no other from its turn. */
async function attempt(feed: Feed, asking: Asking, deps: CatchUpDeps): Promise<Swept> {
  const { source: name } = asking.storefront;
  try {
    const source = sourceNamed(name);
    return source ? await sweep(feed, source, asking, deps) : 'failed';
  } catch (error) {
    // Another sweep is at it, and has come further.
    if (error instanceof ConditionFailed) return 'later';
    deps.log.error('a sweep broke off; the next one goes on there', { source: name, list: feed.name }, error);
    return 'failed';
  }
}

/** Page by page. The place moves on only once all that a page tells is kept. */
async function sweep(feed: Feed, source: Source, asking: Asking, deps: CatchUpDeps): Promise<Swept> {
  const { source: name, url, since } = asking.storefront;
  const list = { source: name, url, feed: feed.name };
  const now = deps.clock.now();
  let place: KeptPlace = (await loadPlace(deps.table, list)) ?? { ...beginAt(now, since), rev: 0 };
  let size = 0;
  let rewinds = 0;
  for (let pages = 0; ; pages += 1) {
    const window = windowOf(place, now);
    if (!window) return 'done';
    const asked = await ask(feed, { ...window, next: place.next, size }, asking, deps);
    if ('page' in asked) {
      const missed = await keepMissed(name, source, asked.page.deliveries, deps);
      if (missed > 0 && window.until > place.began) deps.metrics.count('CaughtUp', missed, { source: name });
      place = await movePlace(deps.table, list, place, stepped(place, window, asked.page.next));
      ({ size } = asked);
      if (asked.wait > 0) await deps.clock.sleep(asked.wait);
    } else if (asked.failed === 'stale' && rewinds < MOST_REWINDS) {
      rewinds += 1;
      place = await movePlace(deps.table, list, place, rewound(place));
    } else return asked.failed === 'late' && pages > 0 ? 'later' : 'failed';
  }
}
