import type { Channel } from '#shared/event/event.ts';
import { channelSchema } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { enrolsAtOnce } from '#shared/publish/check-journeys.ts';
import type { CheckContext, JourneyFacts, TemplateFacts } from '#shared/publish/context.ts';
import { MISFIT, type Remark, remark } from '#shared/publish/remarks.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import {
  defaultSettings,
  loadCatalogue,
  loadDefinition,
  loadShelf,
  loadStoredSettings,
  type Shelf,
} from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';

/** What the variants on the shelf offer, by template. */
export function templateFacts(templates: Shelf['templates']): Record<string, TemplateFacts> {
  const facts: Record<string, TemplateFacts> = {};
  for (const [name, live] of Object.entries(templates)) {
    const [id = '', variant = ''] = name.split('/');
    const channel = channelSchema.safeParse(variant.split('.')[0]);
    if (!channel.success) continue;
    const known = ownOf(facts, id);
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

/** What a file is held against: the settings, templates and journeys that are live now. */
export async function checkContext(table: Table): Promise<CheckContext> {
  const [shelf, stored, journeys] = await Promise.all([
    loadShelf(table),
    loadStoredSettings(table),
    liveDefinitions(table),
  ]);
  return {
    settings: stored?.settings ?? defaultSettings(),
    templates: templateFacts(shelf.templates),
    journeys: Object.fromEntries(journeys.map((journey) => [journey.id, journeyFacts(journey)])),
  };
}

const journeyFacts = (journey: Journey): JourneyFacts => ({
  trigger: journey.trigger.type,
  enrols: enrolsAtOnce(stepPlaces(journey)),
});

async function liveDefinitions(table: Table): Promise<Journey[]> {
  const live = Object.entries((await loadCatalogue(table)).journeys).filter(([, { status }]) => status !== 'archived');
  return Promise.all(live.map(([id, { version }]) => loadDefinition(table, id, version)));
}

/**
 * What an edit of a template or of the settings would break: the errors that the live journeys would have with it, each
 * naming its journey. The edit is refused if there is any.
 */
export async function broken(table: Table, now: CheckContext, then: CheckContext): Promise<Remark[]> {
  return (await liveDefinitions(table)).flatMap((definition) => {
    const before = new Set(errorsOf(definition, now));
    const news = errorsOf(definition, then).filter((message) => !before.has(message));
    return news.map((message) =>
      remark(MISFIT, { line: 1, column: 1 }, `The live journey "${definition.id}" would break: ${message}`),
    );
  });
}

const errorsOf = (definition: Journey, context: CheckContext): string[] =>
  checkJourney(`journeys/${definition.id}.json`, JSON.stringify(definition), context)
    .remarks.filter((r) => r.severity === 'error')
    .map((r) => r.message);
