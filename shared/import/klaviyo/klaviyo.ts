import * as z from 'zod';
import { type Draft, type Imported, runImport } from '#shared/import/draft.ts';
import type { Block } from '#shared/import/graph.ts';
import { type Ids, openIds } from '#shared/import/ids.ts';
import { nestedSteps } from '#shared/import/nested-journey.ts';
import type { Source } from '#shared/import/source.ts';
import { blockOf, wordsOf } from './actions.ts';
import type { KlaviyoAsking } from './conditions.ts';
import { filters } from './entry.ts';
import { type KlaviyoFlow, keyOf } from './flow.ts';
import { namesIn, resourcesOf } from './names.ts';
import { triggerOf } from './triggers.ts';
import type { Day } from './waits.ts';

/**
 * Klaviyo: what `GET /api/flows/{id}?additional-fields[flow]=definition` answers; with the answers for lists, segments
 * and metrics beside it in a list, their names are known. https://developers.klaviyo.com/en/reference/get_flow
 */
export function importKlaviyo(json: unknown): Imported {
  return runImport(json, (draft) => {
    const documents = Array.isArray(json) ? draft.source.items() : [draft.source];
    const asking: KlaviyoAsking = { ...draft, names: namesIn(draft, documents) };
    const ids = openIds();
    for (const document of documents) {
      draft.notes.drop(document, ['links', 'included'], 'addresses of the API');
      for (const flow of resourcesOf(document))
        if (attributesOf(flow).at('definition').value) journey(asking, flow, ids);
      if (document.at('definition').value) journey(asking, document, ids);
    }
  });
}

const attributesOf = (flow: Source): Source => (flow.at('attributes').value ? flow.at('attributes') : flow);

const text = z.string().min(1);

function journey(asking: KlaviyoAsking, flow: Source, journeyIds: Ids): void {
  const { notes } = asking;
  const attributes = attributesOf(flow);
  notes.drop(flow, ['id', 'type', 'links', 'relationships'], 'addresses of the API');
  notes.drop(
    attributes,
    ['created', 'updated', 'trigger_type', 'archived'],
    'versions here carry their own time and author',
  );
  const status = attributes.at('status').take(text);
  if (status !== undefined && status !== 'draft')
    notes.changed(attributes.at('status'), `It was ${status}; here it is a draft.`);
  const name = attributes.at('name').take(text) ?? 'Flow';
  const definition = attributes.at('definition');
  const id = journeyIds.claim(name, 'journey');
  const start = triggerOf(definition.at('triggers').at(0), asking);
  definition
    .at('triggers')
    .items()
    .slice(1)
    .forEach((more) => {
      notes.lost(more, 'A journey has one trigger.', 'A manual journey and "enrol".');
    });
  const { entry, exits } = filters(definition, asking, start);
  const steps = stepsOf(definition, asking, status, start.day);
  asking.journey(attributes, {
    ...{ id, name, status: 'draft', ...(start.topic && { topic: start.topic }), trigger: start.trigger },
    ...(entry && { entry }),
    ...(exits.length > 0 && { exits }),
    steps: [...start.steps, ...steps],
  });
}

function stepsOf(definition: Source, asking: KlaviyoAsking & Draft, status: string | undefined, day: Day | undefined) {
  const ids = openIds();
  ids.claim('right-weekday', 'wait');
  const entry = definition.at('entry_action_id').take(text);
  const actions = new Map(
    definition
      .at('actions')
      .items()
      .map((at) => [keyOf(at) ?? at.place, at]),
  );
  const order = reading(actions, entry);
  for (const [key, at] of actions) if (!order.includes(key)) asking.notes.lost(at, 'Nothing leads to this action.');
  const given = new Map(
    order.map((key) => {
      const at = actions.get(key);
      return [key, ids.claim(at ? wordsOf(at) : key, 'step')] as const;
    }),
  );
  const flow: KlaviyoFlow = {
    ...{ asking, ids, status, day },
    idOf: (key) => given.get(key) ?? ids.claim(key, 'step'),
    before: (key) =>
      onlyOne([...actions.values()].filter((at) => JSON.stringify(at.at('links').value ?? {}).includes(`"${key}"`))),
  };
  const blocks = new Map(
    order.flatMap((key): [string, Block][] => {
      const at = actions.get(key);
      return at ? [[key, blockOf(at, key, flow)]] : [];
    }),
  );
  return nestedSteps(asking, { entry, blocks }, ids, (key) => actions.get(key) ?? definition);
}

const onlyOne = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

/** Actions as they follow one another. */
function reading(actions: ReadonlyMap<string, Source>, entry: string | undefined): string[] {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const at = actions.get(key);
    if (!at || seen.has(key)) return;
    seen.add(key);
    const links = JSON.stringify([at.at('links').value, at.at('data').at('branches').value]);
    for (const [, to = ''] of links.matchAll(/"next\w*":"([^"]+)"/g)) visit(to);
  };
  if (entry !== undefined) visit(entry);
  return [...seen];
}
