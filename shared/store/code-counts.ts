import type { Population } from '#shared/publish/population.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/** Counters of coupon codes, among those that belong to no journey. */
const PREFIX = 'codes';

const name = (...parts: readonly string[]): string => [PREFIX, ...parts].join('/');
const monthOf = (at: Instant): string => at.slice(0, 7);

/** A row of a pool, as counting sees it: free, or given by a journey, or used. */
export type CountedCode = {
  readonly pool: string;
  readonly free: boolean;
  readonly there: boolean;
  readonly wasThere: boolean;
  readonly journey?: string | undefined;
  readonly at?: Instant | undefined;
  readonly used: boolean;
  readonly wasUsed: boolean;
};

/** What changed in the counters with one row of a pool. */
export function countCode(code: CountedCode): Record<string, number> {
  const { pool, journey, at } = code;
  if (code.free) {
    const change = Number(code.there) - Number(code.wasThere);
    return change === 0 ? {} : { [name(pool, 'left')]: change };
  }
  const given = code.there && !code.wasThere && journey !== undefined && at !== undefined;
  return {
    ...(given && { [name(pool, 'given', journey, monthOf(at))]: 1 }),
    ...(code.used && !code.wasUsed && { [name(pool, 'used')]: 1 }),
  };
}

/** Codes left in each pool; codes given and used, ever. */
export type PoolCounts = { left: number; given: number; used: number };

export function poolCounts(counts: Readonly<Record<string, number>>): Record<string, PoolCounts> {
  const pools = new Map<string, PoolCounts>();
  for (const [counter, n] of Object.entries(counts)) {
    const [prefix, pool = '', what] = counter.split('/');
    if (prefix !== PREFIX || (what !== 'left' && what !== 'given' && what !== 'used')) continue;
    const sums = pools.get(pool) ?? { left: 0, given: 0, used: 0 };
    sums[what] += n;
    pools.set(pool, sums);
  }
  return Object.fromEntries([...pools].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const DAY = 86_400_000;

/** What a journey uses in a month: the present one so far, or the one before, whichever was more. */
export function populationOf(counts: Readonly<Record<string, number>>, now: Instant): Population {
  const months = [monthOf(now), monthOf(plusMillis(`${monthOf(now)}-01T00:00:00.000Z`, -DAY))];
  const used: Record<string, number> = {};
  for (const [counter, n] of Object.entries(counts)) {
    const [prefix, pool = '', what, journey = '', month = ''] = counter.split('/');
    if (prefix !== PREFIX || what !== 'given' || !months.includes(month)) continue;
    used[`${journey}/${pool}`] = Math.max(used[`${journey}/${pool}`] ?? 0, n);
  }
  const codes = Object.fromEntries(Object.entries(poolCounts(counts)).map(([pool, { left }]) => [pool, left]));
  return { codes, used };
}
