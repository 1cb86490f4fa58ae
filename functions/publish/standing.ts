import { type Channel, channelSchema } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { enrolsAtOnce } from '#shared/publish/check-journeys.ts';
import type { CheckContext, JourneyFacts, TemplateFacts } from '#shared/publish/context.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import {
  type Catalogue,
  defaultSettings,
  loadCatalogue,
  loadShelf,
  loadStoredSettings,
  type Shelf,
} from '#shared/store/journeys.ts';
import type { PublishDeps } from './publish.ts';

/** All that is live at one moment, and what a file is held against because of it. */
export type Standing = {
  readonly catalogue: Catalogue;
  readonly shelf: Shelf;
  readonly stored: Awaited<ReturnType<typeof loadStoredSettings>>;
  /** Of every journey that is not archived, the live version. */
  readonly live: readonly Journey[];
  readonly context: CheckContext;
};

/**
 * Reads what is live. The catalogue comes first: everything that is published writes it, so that a write on condition
 * of this catalogue fails if anything that is read after it has changed.
 */
export async function standing({ table, published }: PublishDeps): Promise<Standing> {
  const catalogue = await loadCatalogue(table);
  const [shelf, stored, live] = await Promise.all([
    loadShelf(table),
    loadStoredSettings(table),
    Promise.all(
      unarchived(catalogue).map(async ([id, { version }]) => (await published.version(id, version)).definition),
    ),
  ]);
  const context = {
    settings: stored?.settings ?? defaultSettings(),
    templates: templateFacts(shelf.templates),
    journeys: Object.fromEntries(live.map((journey) => [journey.id, journeyFacts(journey)])),
  };
  return { catalogue, shelf, stored, live, context };
}

export const unarchived = ({ journeys }: Catalogue) =>
  Object.entries(journeys).filter(([, { status }]) => status !== 'archived');

/** What other journeys need to know of one. */
export const journeyFacts = (journey: Journey): JourneyFacts => ({
  trigger: journey.trigger.type,
  enrols: enrolsAtOnce(stepPlaces(journey)),
});

/** What the variants on the shelf offer, by template. */
export function templateFacts(templates: Shelf['templates']): Record<string, TemplateFacts> {
  const facts: Record<string, TemplateFacts> = {};
  for (const [name, live] of Object.entries(templates)) {
    const [id = '', variant = ''] = name.split('/');
    const channel = channelSchema.safeParse(variant.split('.')[0]);
    if (!channel.success) continue;
    const known = facts[id];
    const channels: readonly Channel[] = [...new Set([...(known?.channels ?? []), channel.data])];
    facts[id] = {
      channels,
      hasUnsubscribe: (known?.hasUnsubscribe ?? true) && live.hasUnsubscribe,
      variables: [...new Set([...(known?.variables ?? []), ...live.variables])],
      ...(live.topic !== undefined && { topic: live.topic }),
    };
  }
  return facts;
}
