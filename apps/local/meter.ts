import type { Use } from '#shared/adapters/sqlite/table.ts';
import type { Counted } from './metering.ts';

/** What AWS would bill, counted from what really happened. */
export type Counts = Record<Counted | 'tableRead' | 'tableWrite' | 'mails', number>;

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
  readonly counts: Counts = {
    transitions: 0,
    lambda: 0,
    tableRead: 0,
    tableWrite: 0,
    busEvents: 0,
    queueRequests: 0,
    mails: 0,
  };

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

/** What the counts cost in USD; without what is named. */
export const usd = (counts: Counts, without: readonly (keyof Counts)[] = []): number =>
  NAMES.filter((name) => !without.includes(name)).reduce((sum, name) => sum + counts[name] * PRICES[name], 0);
