import { codesUsed } from '#shared/coupon/coupon.ts';
import { useCodes } from '#shared/store/codes.ts';
import type { Write } from '#shared/store/table.ts';
import type { Deciding } from './decide.ts';

/** Rows that the codes of one event change at most: the transaction has room for them, whoever hears the event. */
const ROOM = 20;

/** What the event says of coupon codes: those that it names were used, whoever they had been given to. */
export async function redeem({ event, settings, now, deps }: Deciding): Promise<Write[]> {
  const codes = codesUsed(event, settings);
  if (codes.length === 0) return [];
  const pools = await deps.published.pools();
  const writes = await useCodes(deps.table, pools, codes, { event: event.id, at: now });
  return writes.slice(0, ROOM);
}
