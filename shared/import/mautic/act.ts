import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { Campaign } from './campaign.ts';
import type { MauticEvent } from './events.ts';

/** What an action is. */

export type Act = (properties: Source, event: MauticEvent, campaign: Campaign) => Step[];

export const named = ({ key, name, type }: MauticEvent, { idOf }: Campaign) => ({
  id: idOf(key),
  ...(name !== type && { name }),
});
