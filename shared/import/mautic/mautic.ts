import * as z from 'zod';
import { type Draft, type Imported, runImport } from '#shared/import/draft.ts';
import { openIds } from '#shared/import/ids.ts';
import { nestedSteps } from '#shared/import/nested-journey.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { Campaign, MauticNames } from './campaign.ts';
import { either, eventOf, idAt, type MauticEvent, textAt } from './events.ts';
import { mauticNames } from './names.ts';
import { partsOf, sourcesOf } from './sources.ts';
import { Tree } from './tree.ts';

/**
 * Mautic: the JSON of a campaign's export (Mautic 7 and later), or what `GET /api/campaigns/{id}` answers.
 * https://devdocs.mautic.org/en/latest/rest_api/campaigns.html
 */
export function importMautic(json: unknown): Imported {
  return runImport(json, (draft) => {
    const documents = Array.isArray(json) ? draft.source.items() : [draft.source];
    const ids = openIds();
    for (const document of documents) {
      const listed = document.at('campaign').items();
      const campaigns = listed.length > 0 ? listed : [document.at('campaign')];
      const names = mauticNames(draft, document, campaigns, ids);
      for (const campaign of campaigns) if (campaign.value) journey(draft, document, campaign, names);
    }
  });
}

const ADMIN = [
  ...['uuid', 'dateAdded', 'dateModified', 'createdBy', 'createdByUser', 'modifiedBy', 'modifiedByUser', 'version'],
  ...['publishUp', 'publishDown', 'publish_up', 'publish_down', 'category', 'projects'],
];

const VERSIONS = 'versions here carry their own time and author';

export function journey(draft: Draft, document: Source, at: Source, names: MauticNames): void {
  const { notes } = draft;
  notes.drop(at, ADMIN, VERSIONS);
  const key = idAt(at, 'id') ?? at.place;
  const name = textAt(at, 'name') ?? 'Campaign';
  const note = textAt(at, 'description')
    ?.replace(/<[^>]+>/g, '')
    .trim();
  if (either(at, z.boolean(), 'is_published', 'isPublished'))
    notes.changed(at, 'It was published; here it is a draft.');
  const restart = either(at, z.union([z.boolean(), z.number()]), 'allow_restart', 'allowRestart');
  const own = document
    .at('campaign_event')
    .items()
    .filter((event) => [key, 'undefined'].includes(String(event.at('campaign_id').value)));
  const events = [...own, ...partsOf(at.at('events'))].map((event) => eventOf(event));
  canvas(draft, at, events);
  const sources = sourcesOf(draft, document, at, key, names);
  const steps = stepsOf(draft, at, events, names);
  draft.journey(at, {
    ...{ id: names.journey(key), name, ...(note && { note }), status: 'draft' },
    trigger: sources,
    ...(restart ? { entry: { again: {} } } : {}),
    steps,
  });
}

/** Where the boxes lay, and lines that the events tell themselves. */
function canvas({ notes }: Draft, at: Source, events: readonly MauticEvent[]): void {
  notes.drop(at, ['id'], 'ids of the other tool');
  for (const key of ['canvas_settings', 'canvasSettings']) {
    const settings = at.at(key);
    notes.drop(
      settings,
      ['nodes', 'connections'],
      'where the boxes lay on the canvas; the events say how they hang together',
    );
  }
  for (const event of events) {
    notes.drop(event.at, ['id'], 'ids of the other tool');
    notes.drop(
      event.at,
      [
        'campaign_id',
        'campaignId',
        'uuid',
        'channel',
        'channel_id',
        'channelId',
        'children',
        'triggerWindow',
        'trigger_window',
        'contactLog',
        'tempId',
        'changes',
        'deleted',
        'failedCount',
      ],
      "the editor's own data",
    );
  }
}

const EDITOR = [
  ...['canvasSettings', 'name', 'description', 'anchor', 'anchorEventType', 'properties', 'type', 'eventType', 'order'],
  ...['campaignId', '_token', 'buttons', 'triggerDate', 'triggerInterval', 'triggerIntervalUnit', 'triggerHour', 'id'],
  ...['triggerRestrictedStartHour', 'triggerRestrictedStopHour', 'triggerRestrictedDaysOfWeek', 'triggerWindow'],
  ...[
    'triggerMode',
    'decisionPath',
    'tempId',
    'contactLog',
    'channel',
    'channelId',
    'changes',
    'deleted',
    'failedCount',
  ],
  ...['uuid', 'label', 'settings', 'parent', 'children'],
];

function stepsOf(draft: Draft, at: Source, events: readonly MauticEvent[], names: MauticNames): Step[] {
  const ids = openIds();
  const byKey = new Map(events.map((event) => [event.key, event]));
  const given = new Map(events.map((event) => [event.key, ids.claim(event.name, 'step')] as const));
  const idOf = (key: string) => given.get(key) ?? ids.claim(key, 'step');
  const sends = ({ type }: MauticEvent) => /^(email\.send$|message\.send|sms\.send)/.test(type);
  const campaign: Campaign = {
    ...{ draft, ids, names, idOf },
    sentBefore(event) {
      for (let above = byKey.get(event.parent ?? ''); above; above = byKey.get(above.parent ?? '')) {
        if (sends(above)) return idOf(above.key);
      }
      return undefined;
    },
    propertiesOf(event) {
      const properties = event.at.at('properties');
      draft.notes.drop(
        properties,
        EDITOR.filter((key) => !(event.type === 'lead.updatelead' && key === 'description')),
        "the editor's own data",
      );
      return properties;
    },
  };
  const tree = new Tree(campaign, events);
  const entry = tree.link(undefined, undefined, undefined);
  return nestedSteps(draft, { entry, blocks: tree.blocks }, ids, (key) => byKey.get(key)?.at ?? at);
}
