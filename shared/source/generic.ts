import * as z from 'zod';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { standardWebhooks } from '#shared/webhook/standard-webhooks.ts';
import type { Delivery, Source, Told } from './source.ts';

const MOST_EVENTS = 500;

const batchSchema = z.union([
  z.strictObject({ events: z.array(z.unknown()).min(1).max(MOST_EVENTS) }),
  z.array(z.unknown()).min(1).max(MOST_EVENTS),
]);

const isBatch = (posted: unknown): boolean =>
  Array.isArray(posted) || (typeof posted === 'object' && posted !== null && 'events' in posted);

function tell({ text }: Delivery): Told {
  const json = postedJson(text);
  if ('error' in json) return json;
  if (!isBatch(json.posted)) return { facts: [json.posted] };
  const batch = batchSchema.safeParse(json.posted);
  if (!batch.success) return { error: `a batch is a list of 1 to ${MOST_EVENTS} events, or {"events": [...]}` };
  return { facts: Array.isArray(batch.data) ? batch.data : batch.data.events };
}

/** Whoever writes events in Tropa's own words: one, or a batch, signed as Standard Webhooks says (docs/events.md). */
export const generic: Source = { scheme: standardWebhooks, reads: [], tell, mends: 'sender' };
