import * as z from 'zod';
import { canonicalInstantSchema, type Instant, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { toldKey } from './keys.ts';
import { rowOf } from './row.ts';
import type { Table, Write } from './table.ts';

const KEPT = 90 * 86_400_000;

const toldSchema = z.object({
  /** When the mail about this upload was last begun, and how often that was. */
  claimed: canonicalInstantSchema,
  tries: z.int(),
  /** It went, or was refused for good. */
  done: z.boolean(),
});
/** The mail about one upload, from the moment on at which somebody begins to send it. */
export type Told = z.infer<typeof toldSchema>;

type Of = { readonly file: string; readonly sequencer: string };

export async function loadTold(table: Table, { file, sequencer }: Of): Promise<Told | undefined> {
  const row = await table.get(toldKey(file, sequencer));
  return row && toldSchema.parse(row);
}

/** Notes how far the mail is, on condition that nobody has noted anything since `before` was read. */
export const putTold = ({ file, sequencer }: Of, told: Told, before: Told | undefined, now: Instant): Write => ({
  kind: 'put',
  row: rowOf(toldKey(file, sequencer), { v: 1, ...told, expires: toEpochSeconds(plusMillis(now, KEPT)) }),
  if: before ? { equals: { claimed: before.claimed, tries: before.tries, done: before.done } } : { absent: true },
});

/** The mail did not go, and its next attempt is the first again. */
export const dropTold = ({ file, sequencer }: Of, told: Told): Write => ({
  kind: 'delete',
  key: toldKey(file, sequencer),
  if: { equals: { claimed: told.claimed, tries: told.tries } },
});
