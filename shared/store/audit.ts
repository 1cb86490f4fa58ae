import * as z from 'zod';
import type { Tables } from '#shared/audit/counts.ts';
import { AUDIT_KINDS, type AuditKind } from '#shared/audit/finding.ts';
import type { Counts } from '#shared/report/counts.ts';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import { GONE, loadCounts, SHOP } from './counters.ts';
import { loadCatalogue } from './journeys.ts';
import { auditCountsKey, auditCountsRange, auditKey } from './keys.ts';
import { rowOf } from './row.ts';
import { putShared } from './shared-row.ts';
import type { Table, Write } from './table.ts';

/** How far the audit is. What one run has done it writes at once: whoever breaks off goes on where the last run ended. */

const placeSchema = z.object({
  /** When it began. */
  at: canonicalInstantSchema,
  /** The shard of the index that is next, or that it is in the midst of. */
  shard: z.int(),
  after: z.object({ pk: z.string(), sk: z.string(), sort: z.string() }).optional(),
});
/** Where a walk through an index is. */
export type Place = z.infer<typeof placeSchema>;

/** Of kinds that only a later version knows nothing is told by this one. */
const numbersSchema = z
  .record(z.string(), z.int())
  .transform(
    (numbers): Partial<Record<AuditKind, number>> =>
      Object.fromEntries(Object.entries(numbers).filter(([name]) => Object.hasOwn(AUDIT_KINDS, name))),
  );

const stateSchema = z.object({
  rev: z.int(),
  /** The hour that is under way, and what was found and mended in it. */
  hour: canonicalInstantSchema,
  found: numbersSchema,
  mended: numbersSchema,
  /** Rows and contacts looked at in it. */
  looked: z.int(),
  /** Through what is due, once an hour. */
  sweep: placeSchema,
  /** Through all contacts, once a round. */
  round: placeSchema,
  /** Contacts that had been merged or erased when the round began. */
  gone: z.int(),
  /** By how much the last round has found counters to be too low, or, below zero, too high, as `cart#3 inside`: what it did not mend. */
  doubts: z.record(z.string(), z.int()),
});
export type AuditState = z.infer<typeof stateSchema>;

export async function loadAudit(table: Table): Promise<AuditState | undefined> {
  const row = await table.get(auditKey);
  return row && stateSchema.parse(row);
}

/** Fails when another run was faster. */
export const putAudit = (state: AuditState): Write => putShared(auditKey, state);

const tablesSchema = z.record(z.string(), z.record(z.string(), z.number()));
const countsSchema = z.object({
  journey: z.string(),
  /** When it began. */
  round: canonicalInstantSchema,
  counted: tablesSchema,
  least: tablesSchema,
  most: tablesSchema,
  moving: z.int(),
  unread: z.int(),
});
/** A journey's counters when the round began, and what the rows have said of them so far. */
export type AuditCounts = z.infer<typeof countsSchema>;

export const loadAuditCounts = async (table: Table, round: Instant): Promise<AuditCounts[]> =>
  (await table.query(auditCountsRange)).map((row) => countsSchema.parse(row)).filter((one) => one.round === round);

export const putAuditCounts = (counts: AuditCounts): Extract<Write, { kind: 'put' }> => ({
  kind: 'put',
  row: rowOf(auditCountsKey(counts.journey), counts, { v: 1 }),
});

/** So many journeys are counted, and so many versions of each, the newest: what one transaction holds, and one row. */
const MOST_JOURNEYS = 90;
const MOST_VERSIONS = 8;
const AT_ONCE = 10;

/** The counters of all journeys as they are now, by version. */
export async function readCounters(table: Table): Promise<Map<string, Tables>> {
  const { journeys } = await loadCatalogue(table);
  const versions = Object.entries(journeys)
    .slice(0, MOST_JOURNEYS)
    .flatMap(([journey, { version }]) =>
      Array.from({ length: Math.min(version, MOST_VERSIONS) }, (_, i) => ({ journey, version: version - i })),
    );
  const counted = new Map<string, Record<string, Counts>>(versions.map(({ journey }) => [journey, {}]));
  for (let i = 0; i < versions.length; i += AT_ONCE)
    await Promise.all(
      versions.slice(i, i + AT_ONCE).map(async ({ journey, version }) => {
        const counts = await loadCounts(table, journey, version);
        counted.set(journey, { ...counted.get(journey), [version]: counts });
      }),
    );
  return counted;
}

/** Contacts that have been merged or erased so far. */
export const countGone = async (table: Table): Promise<number> =>
  (await loadCounts(table, SHOP.journey, SHOP.version))[GONE] ?? 0;
