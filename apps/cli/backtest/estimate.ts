import { type Counts, usd } from '#apps/local/meter.ts';
import type { Backtest } from '#shared/backtest/tally.ts';

/** What AWS would bill for it, mails apart, in USD at list prices. */
export type Cost = { readonly infrastructure: number; readonly mails: number };

const NOTHING: Counts = {
  ...{ transitions: 0, lambda: 0, tableRead: 0, tableWrite: 0, busEvents: 0, queueRequests: 0, mails: 0 },
};

/**
 * What the laptop's meter counts for an event and for a turn of a passage with its mails: fitted to plays of the win-back
 * and the after-purchase journey over the year of "Online Retail".
 */
const EVENT: Counts = { ...NOTHING, lambda: 1.9, tableRead: 19.9, tableWrite: 18.8, busEvents: 1, queueRequests: 2.1 };
const TURN: Counts = {
  ...{ ...NOTHING, transitions: 2.25, lambda: 3.65 },
  ...{ tableRead: 4.2, tableWrite: 17, queueRequests: 4.4 },
};

export const costOf = ({ events, turns, mails: { sent } }: Backtest): Cost => ({
  infrastructure: events * usd(EVENT) + turns * usd(TURN),
  mails: usd({ ...NOTHING, mails: sent }),
});
