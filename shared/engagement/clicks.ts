import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';

/**
 * Gateways that do not name themselves follow all links of a mail when it arrives. One click does not tell; those of the
 * first minutes together do. So they wait, and are believed or not a minute later (ADR 0084).
 */

export type Click = {
  readonly at: Instant;
  /** What was clicked: a name or an address. */
  readonly link: string;
};

/** When a mail arrived; where that is not known (yet), when it was handed over. */
export type Arrival = { readonly delivered: Instant | undefined; readonly mailed: Instant };

/** So long after its arrival a mail may be looked through by machines. Later clicks are believed at once. */
export const SCANNED_FOR = 120_000;
/** So long a click waits for others that would give it away. */
export const WAITS_FOR = 60_000;

/** Nobody has read anything by then. */
const TOO_SOON = 2000;
/** So many different links within so long. */
const BURSTS = [
  { links: 2, within: 1000 },
  { links: 3, within: 10_000 },
] as const;

/**
 * Whether a click has to wait before it is believed. One on a mail of whose arrival nothing is known has, whenever it
 * comes: the word of the arrival may be on its way.
 */
export const isEarly = (at: Instant, delivered: Instant | undefined): boolean =>
  delivered === undefined || at < plusMillis(delivered, SCANNED_FOR);

/** Whether a click, seen with all others on the same mail, is a machine's. The order of the others does not matter. */
export function isScan(click: Click, all: readonly Click[], { delivered, mailed }: Arrival): boolean {
  if (click.at < plusMillis(delivered ?? mailed, TOO_SOON)) return true;
  if (!isEarly(click.at, delivered ?? mailed)) return false;
  return BURSTS.some(({ links, within }) => mostLinksAround(click, all, within) >= links);
}

/** The most links that were clicked within so long, of all the spans that the click lies in. */
function mostLinksAround(click: Click, all: readonly Click[], within: number): number {
  const at = toMillis(click.at);
  const near = all
    .map(({ at: other, link }) => ({ at: toMillis(other), link }))
    .filter((one) => Math.abs(one.at - at) <= within);
  // A span that begins after the click has no more of them than the one that begins with it.
  const counts = near.map(
    ({ at: start }) =>
      new Set(near.filter((one) => one.at >= start && one.at <= start + within).map(({ link }) => link)).size,
  );
  return Math.max(1, ...counts);
}
