import * as z from 'zod';
import type { Place } from '#shared/catchup/place.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';
import { sweepKey } from './keys.ts';
import { putShared } from './shared-row.ts';
import type { Table } from './table.ts';

const placeSchema = z.object({
  rev: z.int(),
  since: canonicalInstantSchema,
  until: canonicalInstantSchema.optional(),
  next: z.string().optional(),
  began: canonicalInstantSchema,
});

/** A place as it was read: whoever moves it on does so on condition that nobody has since. */
export type KeptPlace = Place & { readonly rev: number };

/** Which list of which shop. */
export type SweepName = { readonly source: string; readonly url: string; readonly feed: string };

export async function loadPlace(table: Table, { source, url, feed }: SweepName): Promise<KeptPlace | undefined> {
  const row = await table.get(sweepKey(source, url, feed));
  return row && placeSchema.parse(row);
}

/** Throws ConditionFailed when another sweep has moved it since it was read. */
export async function movePlace(
  table: Table,
  { source, url, feed }: SweepName,
  from: { readonly rev: number },
  to: Place,
): Promise<KeptPlace> {
  await table.write(putShared(sweepKey(source, url, feed), { ...to, rev: from.rev }));
  return { ...to, rev: from.rev + 1 };
}
