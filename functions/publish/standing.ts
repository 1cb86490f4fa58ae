import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock } from '#shared/ports.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import type { CheckContext } from '#shared/publish/context.ts';
import { journeyFacts, templateFacts } from '#shared/publish/facts.ts';
import { populationOf } from '#shared/store/code-counts.ts';
import { loadCounts, SHOP } from '#shared/store/counters.ts';
import {
  type Catalogue,
  defaultSettings,
  loadCatalogue,
  loadShelf,
  loadStoredSettings,
  type Shelf,
} from '#shared/store/journeys.ts';
import { loadPools } from '#shared/store/pools.ts';
import { conditionsOf, loadSegments, type StoredSegments } from '#shared/store/segments.ts';
import { waitingUploads } from '#shared/store/waiting.ts';
import type { PublishDeps } from './publish.ts';

/** All that is live at one moment, and what a file is held against because of it. */
export type Standing = {
  readonly catalogue: Catalogue;
  readonly shelf: Shelf;
  readonly stored: Awaited<ReturnType<typeof loadStoredSettings>>;
  readonly segments: StoredSegments;
  readonly context: CheckContext;
  /** How many there are, as the counters know it. */
  readonly contacts: number;
  /** The live journeys. */
  readonly definitions: readonly Journey[];
};

/** Counters of events by their type. */
const SEEN = 'events/';

/**
 * Reads what is live. The catalogue comes first: everything that is published writes it, so that a write on condition
 * of this catalogue fails if anything that is read after it has changed.
 */
export async function standing({
  table,
  published,
  clock,
}: Pick<PublishDeps, 'table' | 'published'> & { readonly clock: Pick<Clock, 'now'> }): Promise<Standing> {
  const catalogue = await loadCatalogue(table);
  const [shelf, stored, segments, pools, counts, waiting, live] = await Promise.all([
    loadShelf(table),
    loadStoredSettings(table),
    loadSegments(table),
    loadPools(table),
    loadCounts(table, SHOP.journey, SHOP.version),
    waitingUploads(table),
    Promise.all(
      unarchived(catalogue).map(async ([id, { version }]) => (await published.version(id, version)).definition),
    ),
  ]);
  const context = {
    settings: stored?.settings ?? defaultSettings(),
    templates: templateFacts(shelf.templates),
    journeys: Object.fromEntries(live.map((journey) => [journey.id, journeyFacts(journey)])),
    coming: waiting.filter(({ key }) => key.startsWith('journeys/')).map(({ key }) => nameOfFile(key)),
    archived: Object.keys(catalogue.journeys).filter((id) => ownOf(catalogue.journeys, id)?.status === 'archived'),
    segments: conditionsOf(segments),
    pools: pools.pools,
    population: populationOf(counts, clock.now()),
    seen: Object.keys(counts).flatMap((name) => (name.startsWith(SEEN) ? name.slice(SEEN.length) : [])),
    now: clock.now(),
  };
  return { catalogue, shelf, stored, segments, context, contacts: counts['contacts'] ?? 0, definitions: live };
}

export const unarchived = ({ journeys }: Catalogue) =>
  Object.entries(journeys).filter(([, { status }]) => status !== 'archived');
