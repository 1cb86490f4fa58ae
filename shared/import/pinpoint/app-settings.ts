import * as z from 'zod';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import { ADMIN, isSegment, VERSIONS } from './documents.ts';

import { capsOf } from './times.ts';

const text = z.string().min(1);

/** Rules for all journeys of a Pinpoint application. */

/** `get-application-settings`, if it was given too: rules for all journeys. */
export function appSettings({ notes, shop }: Draft, at: Source): void {
  if (at.at('Activities').value || isSegment(at)) return;
  const known = ['CampaignHook', 'JourneyLimits', 'Limits', 'QuietTime'];
  if (!known.some((key) => at.at(key).value)) return;
  notes.drop(at, ADMIN, VERSIONS);
  const quiet = at.at('QuietTime');
  const [from, to] = ['Start', 'End'].map((key) => quiet.at(key).take(text));
  if (from && to) shop.quiet.push({ from, to });
  shop.caps.push(...capsOf(at.at('JourneyLimits')));
  const hook = at.at('CampaignHook');
  if (hook.value) notes.lost(hook, 'No code of the shop runs while sending.');
  const campaigns = at.at('Limits');
  const daily = campaigns.at('Daily').take(z.int().min(1));
  const total = campaigns.at('Total').take(z.int().min(1));
  if (daily !== undefined) shop.caps.push({ count: daily, per: 'P1D' });
  if (total !== undefined) shop.caps.push({ count: total });
  for (const key of ['MessagesPerSecond', 'MaximumDuration', 'Session']) {
    const part = campaigns.at(key);
    if (part.value) notes.lost(part, `${key} of campaigns has no counterpart: there are no campaigns.`);
  }
}
