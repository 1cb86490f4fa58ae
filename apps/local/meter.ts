import * as z from 'zod';
import type { Use } from '#shared/adapters/sqlite/table.ts';
import type { Counted } from './metering.ts';

const count = z.number().default(0);
const countsSchema = z.object({
  transitions: count,
  lambda: count,
  tableRead: count,
  tableWrite: count,
  busEvents: count,
  queueRequests: count,
  mails: count,
});
/** What AWS would bill, counted from what really happened. */
export type Counts = Record<Counted | 'tableRead' | 'tableWrite' | 'mails', number>;

/** Counts that were kept as JSON; none of what never was. */
export const readCounts = (kept: string | undefined): Counts => countsSchema.parse(JSON.parse(kept ?? '{}'));

/** List prices in USD, us-east-1, as of November 2026. */
const PRICES = {
  transitions: 25 / 1e6,
  /** A request, and 60 ms of an arm64 function with 512 MB. */
  lambda: 0.2 / 1e6 + 0.06 * 0.5 * 0.000_013_333_4,
  tableRead: 0.125 / 1e6,
  tableWrite: 0.625 / 1e6,
  busEvents: 1 / 1e6,
  queueRequests: 0.4 / 1e6,
  mails: 0.16 / 1000,
} as const satisfies Record<keyof Counts, number>;
export const PRICES_OF = '2026-11';

export class Meter {
  readonly counts: Counts;

  /** `kept`: the counts that an earlier process left, as JSON. */
  constructor(kept?: string) {
    this.counts = readCounts(kept);
  }

  readonly count = (name: keyof Counts, n: number): void => {
    this.counts[name] += n;
  };

  readonly use = ({ read = 0, write = 0 }: Use): void => {
    this.counts.tableRead += read;
    this.counts.tableWrite += write;
  };
}

const NAMES: readonly (keyof Counts)[] = [
  'transitions',
  'lambda',
  'tableRead',
  'tableWrite',
  'busEvents',
  'queueRequests',
  'mails',
];

/** What was counted since. */
export function since(before: Counts, now: Counts): Counts {
  const counts = { ...now };
  for (const name of NAMES) counts[name] -= before[name];
  return counts;
}

/** What the counts cost in USD; without what is named. */
export const usd = (counts: Counts, without: readonly (keyof Counts)[] = []): number =>
  NAMES.filter((name) => !without.includes(name)).reduce((sum, name) => sum + counts[name] * PRICES[name], 0);
