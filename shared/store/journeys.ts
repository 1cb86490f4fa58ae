import * as z from 'zod';
import { JOURNEY_STATUSES, type Journey, journeySchema } from '#shared/journey/journey.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import { catalogueKey, settingsKey, templatesKey, versionKey } from './keys.ts';
import { knownPart } from './known-part.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import { putShared } from './shared-row.ts';
import type { Json, Table, Write } from './table.ts';
import { type Origin, originOf, originSchema, type Upload } from './waiting.ts';

const liveJourneySchema = z.object({
  version: z.int(),
  status: z.enum(JOURNEY_STATUSES),
  /** Types of its trigger: only they concern who is out. */
  events: z.array(z.string()),
  /** Happenings that it names anywhere (see happenings.ts). Missing: none. */
  happenings: z.array(z.string()).optional(),
  /** Set for a journey that no event starts. */
  starts: z.enum(['date', 'schedule', 'segment']).optional(),
  /**
   * Of a journey that a segment starts: the upload since which it is live, and whether those who were in the segment
   * then enter too.
   */
  watch: z.object({ since: z.string(), existing: z.boolean() }).optional(),
  /** What its goal, its exits and waitFors ask about besides what they listen to, in this and in earlier versions. */
  asks: z.array(z.string()).optional(),
  /** Of the upload that this came from: a later one is greater, whatever the order of the notices. */
  sequencer: z.string(),
  /** Hash of the file, so that the same file again makes no new version. */
  hash: z.string(),
  /** Key of that file: sequencers of different keys say nothing of one another. */
  file: z.string().optional(),
  from: originSchema.optional(),
  /** Earlier versions, each until nobody can be inside it any more. What they use must not go away before. */
  older: z
    .array(z.object({ version: z.int(), until: z.string(), happenings: z.array(z.string()).optional() }))
    .optional(),
  /** Goals of versions that nobody enters any more, each until its last window is over, with the happenings that it names. */
  watching: z.array(z.object({ until: canonicalInstantSchema, happenings: z.array(z.string()) })).optional(),
  /** Since when everybody inside stands still. */
  pausedAt: canonicalInstantSchema.optional(),
});
export type LiveJourney = z.infer<typeof liveJourneySchema>;

/** Earlier versions that somebody may still be inside. As long as a journey is paused, nobody comes to an end. */
export const olderOf = ({ older = [], pausedAt }: LiveJourney, now: Instant): NonNullable<LiveJourney['older']> =>
  older.filter(({ until }) => until > (pausedAt ?? now));

/** Goals of earlier versions, or of an archived journey, that somebody may still reach. */
export const watchingOf = ({ watching = [] }: LiveJourney, now: Instant): NonNullable<LiveJourney['watching']> =>
  watching.filter(({ until }) => until > now);

const catalogueSchema = z.object({ rev: z.int(), journeys: z.record(z.string(), liveJourneySchema) });
/**
 * What is live. `rev` grows with everything that is published, settings and templates too: who publishes reads this row
 * first and writes it last, so that each file is held against what it goes live beside.
 */
export type Catalogue = z.infer<typeof catalogueSchema>;

const liveTemplateSchema = z.object({
  /** Of the compiled template: the name of its object in the bucket. */
  hash: z.string(),
  sequencer: z.string(),
  hasUnsubscribe: z.boolean(),
  topic: z.string().optional(),
  variables: z.array(z.string()),
  /** Those of them that it does without. */
  guarded: z.array(z.string()).optional(),
  /** Names of its links, else their addresses; absent of what was published before they were noted. */
  links: z.array(z.string()).optional(),
  /** What it takes in of the brand, and its file as it was: it is made of that anew when one of these changes. */
  parts: z.array(z.string()).optional(),
  source: z.string().optional(),
  from: originSchema.optional(),
});

const shelfSchema = z.object({
  rev: z.int(),
  /** By `<template>/<channel>[.<locale>]`. */
  templates: z.record(z.string(), liveTemplateSchema),
  /** Files of the brand, by what they go by: `footer.pl`, `brand.json`. `hash` is that of the file. */
  brand: z
    .record(z.string(), z.object({ hash: z.string(), sequencer: z.string(), from: originSchema.optional() }))
    .optional(),
});
/** Live templates. */
export type Shelf = z.infer<typeof shelfSchema>;

/**
 * Documents lie in their rows as JSON text: a journey may be nested deeper than the 32 levels of a row. Rows of before
 * hold them as they are.
 */
const documentIn = (stored: Json | undefined): unknown => (typeof stored === 'string' ? JSON.parse(stored) : stored);

const storedSettingsSchema = z.object({
  settings: settingsSchema,
  sequencer: z.string(),
  from: originSchema.optional(),
});

const readCatalogue = readOnce((row): Catalogue => catalogueSchema.parse(row));
const readShelf = readOnce((row): Shelf => shelfSchema.parse(row));
const readStoredSettings = readOnce((row) =>
  knownPart(storedSettingsSchema, { ...row, settings: documentIn(row['settings']) }),
);

const emptyCatalogue: Catalogue = { rev: 0, journeys: {} };
const emptyShelf: Shelf = { rev: 0, templates: {} };

export const loadCatalogue = async (table: Table, options?: { stale: boolean }): Promise<Catalogue> => {
  const row = await table.get(catalogueKey, options);
  return row ? readCatalogue(row) : emptyCatalogue;
};

export const loadShelf = async (table: Table, options?: { stale: boolean }): Promise<Shelf> => {
  const row = await table.get(templatesKey, options);
  return row ? readShelf(row) : emptyShelf;
};

export const putCatalogue = (catalogue: Catalogue): Write => putShared(catalogueKey, catalogue);
export const putShelf = (shelf: Shelf): Write => putShared(templatesKey, shelf);

export const putSettings = (settings: Settings, upload: Upload, before: string | undefined): Write => ({
  kind: 'put',
  row: rowOf(settingsKey, {
    v: 2,
    settings: JSON.stringify(settings),
    sequencer: upload.sequencer,
    from: originOf(upload),
  }),
  if: before === undefined ? { absent: true } : { equals: { sequencer: before } },
});

/** A version as it will always be. */
export const putVersion = (
  definition: Journey,
  version: number,
  more: { hash: string; sequencer: string; at: string; from?: Origin },
): Write => ({
  kind: 'put',
  row: rowOf(versionKey(definition.id, version), { v: 2, definition: JSON.stringify(definition), ...more }),
  if: { absent: true },
});

/** A version's journey as it was published. Throws when there is none: passages never outlive their version. */
export async function loadDefinition(table: Table, journey: string, version: number): Promise<Journey> {
  const row = await table.get(versionKey(journey, version));
  if (!row) throw new Error(`version ${version} of journey ${journey} is not in the table`);
  return journeySchema.parse(documentIn(row['definition']));
}

const versionRowSchema = z.object({ at: z.string(), sequencer: z.string(), from: originSchema.optional() });

/** A version and the upload that it came from: versions of before do not say which file. Undefined when there is none. */
export async function loadVersion(table: Table, journey: string, version: number) {
  const row = await table.get(versionKey(journey, version));
  return row && { ...versionRowSchema.parse(row), definition: journeySchema.parse(documentIn(row['definition'])) };
}

export const loadStoredSettings = async (table: Table, options?: { stale: boolean }) => {
  const row = await table.get(settingsKey, options);
  return row && readStoredSettings(row);
};

/**
 * What a shop has before its first settings.json: enough to record events, and to send nothing. Made when asked for: a
 * first parse costs milliseconds of every cold start, and hardly any shop has no settings.
 */
export const defaultSettings = (): Settings =>
  settingsSchema.parse({ shop: { name: 'Shop', timeZone: 'UTC', locale: 'en', currency: 'USD' } });
