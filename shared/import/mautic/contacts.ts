import * as z from 'zod';
import type { Step } from '#shared/journey/journey.ts';
import type { Act } from './act.ts';
import { named } from './act.ts';
import type { Campaign } from './campaign.ts';
import { idAt, idsAt, type MauticEvent, numberAt, textAt } from './events.ts';
import { traitOf, valueSchema } from './filters.ts';

/** What campaigns write to contacts. */

export const points: Act = (properties, event, campaign) => {
  const group = idAt(properties, 'group');
  const change = numberAt(properties, 'points') ?? 0;
  return [{ type: 'update', ...named(event, campaign), add: { [group ? `points.group-${group}` : 'points']: change } }];
};

export const stage: Act = (properties, event, campaign) => [
  { type: 'update', ...named(event, campaign), set: { stage: idAt(properties, 'stage') ?? 'stage' } },
];

const texts = z.array(z.string());

export const tags: Act = (properties, event, campaign) => {
  const [add, remove] = ['add_tags', 'remove_tags'].map(
    (key) => properties.at(key).take(texts) ?? idsAt(properties, key),
  );
  return update(event, campaign, { tag: add, untag: remove });
};

function update(
  event: MauticEvent,
  campaign: Campaign,
  { tag = [], untag = [] }: { tag?: string[] | undefined; untag?: string[] | undefined },
): Step[] {
  if (tag.length + untag.length === 0) return [];
  return [
    { type: 'update', ...named(event, campaign), ...(tag.length > 0 && { tag }), ...(untag.length > 0 && { untag }) },
  ];
}

/** Lists that people are put into by hand are tags. */
export const lists: Act = (properties, event, campaign) => {
  const { draft, names } = campaign;
  const [tag, untag] = ['addToLists', 'removeFromLists'].map((key) =>
    idsAt(properties, key).map((id) => names.segment(event.at, id)),
  );
  draft.notes.changed(event.at, 'Being put into a segment is a tag here.', 'Let the segment ask for the tag.');
  return update(event, campaign, { tag, untag });
};

export const updateContact: Act = (properties, event, campaign) => {
  const { draft } = campaign;
  const set = properties.fields().flatMap(([alias, value]) => {
    if (['actions', 'fields_to_update'].includes(alias)) {
      draft.notes.drop(properties, [alias], 'which fields the editor showed');
      return [];
    }
    const given = value.take(valueSchema);
    return given === undefined || given === '' ? [] : [[traitOf(draft, value, alias), given] as const];
  });
  const values = Object.fromEntries(set.map(([path, value]) => [path, typeof value === 'object' ? [...value] : value]));
  return set.length === 0 ? [] : [{ type: 'update', ...named(event, campaign), set: values }];
};

export const doNotContact: Act = (properties, event, campaign) => {
  const channels = properties.at('channels').take(texts) ?? [];
  const reason = textAt(properties, 'reason');
  if (reason !== undefined) campaign.draft.notes.lost(properties.at('reason'), 'A reason is not kept with it.');
  if (channels.length > 0 && !channels.includes('email'))
    campaign.draft.notes.changed(event.at, 'It is withdrawn for all channels.');
  return [{ type: 'update', ...named(event, campaign), consent: { marketing: 'denied' } }];
};

export const owner: Act = (properties, event, campaign) => [
  { type: 'update', ...named(event, campaign), set: { owner: idAt(properties, 'owner') ?? 'owner' } },
];
