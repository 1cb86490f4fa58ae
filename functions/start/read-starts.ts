import * as z from 'zod';
import { derivedId } from '#shared/enrolment/ids.ts';
import { type Event, eventIdSchema, IDENTITY_KINDS, postedIdentitiesSchema } from '#shared/event/event.ts';
import { faultsOf } from '#shared/event/faults.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import { faultOf } from '#shared/event/storable.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { dataFaults } from '#shared/journey/manual-data.ts';
import { jsonSchema } from '#shared/store/json.ts';
import type { Instant } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';

const MOST_STARTS = 100;

const startShape = z.strictObject({
  /** Once more, since the signature covers the body and not the address. */
  journey: z.string(),
  id: eventIdSchema.optional(),
  identities: postedIdentitiesSchema.optional(),
  /** A contact's own id, as Tropa gives it. */
  contact: z.string().min(1).max(100).optional(),
  data: z.record(z.string(), jsonSchema).default({}),
});
const FIELDS = Object.keys(startShape.shape);

const startSchema = startShape.superRefine(({ identities = {}, contact, data }, found) => {
  const isNamed = IDENTITY_KINDS.some((kind) => identities[kind] !== undefined);
  if (isNamed === (contact !== undefined))
    found.addIssue({ code: 'custom', path: [], message: 'say who: either "identities", at least one, or "contact"' });
  const fault = faultOf({ data });
  if (fault) found.addIssue({ code: 'custom', ...fault });
});

const batchSchema = z.array(z.unknown()).min(1).max(MOST_STARTS);

export type Rejected = { readonly index: number; readonly error: string };
/** One contact who is to start, by its position in the request. */
export type Start = { readonly index: number; readonly event: Event };

/** What stands in the body, one or a list, each still to be judged. */
export function readBody(text: string): { readonly items: readonly unknown[] } | { readonly error: string } {
  const json = postedJson(text);
  if ('error' in json) return json;
  if (!Array.isArray(json.posted)) return { items: [json.posted] };
  const batch = batchSchema.safeParse(json.posted);
  return batch.success ? { items: batch.data } : { error: `a list has 1 to ${MOST_STARTS} contacts` };
}

export type Asked = {
  readonly journey: CompiledJourney;
  /** The request's own id: the same one again asks for nothing new. */
  readonly request: string;
  readonly now: Instant;
};

/** The event that asks for entry of this contact, as a step `enrol` asks for it, or what is wrong with it. */
export function readStart(item: unknown, index: number, { journey, request, now }: Asked): Start | Rejected {
  const rejected = (faults: readonly string[]): Rejected => ({ index, error: faults.join('; ').slice(0, 500) });
  const parsed = startSchema.safeParse(item);
  if (!parsed.success) return rejected(faultsOf(parsed.error, item, 'contact to start', FIELDS));
  const { id, identities = {}, contact, data } = parsed.data;
  const { trigger } = journey.definition;
  const faults = [
    ...elsewhere(parsed.data.journey, journey.id),
    ...(holdsProto(item) ? ['data: "__proto__" cannot be a name. Call the field something else'] : []),
    ...dataFaults(data, trigger.type === 'manual' ? trigger.data : undefined),
  ];
  if (faults.length > 0) return rejected(faults);
  // By what it says and not by its position: who sends again only what was wrong means no other contact by it.
  const key = id === undefined ? ['request', request, JSON.stringify([identities, contact, data])] : ['id', id];
  const event: Event = {
    id: derivedId('start', journey.id, ...key),
    type: JOURNEY_REQUESTED,
    at: now,
    source: 'api',
    identities,
    ...(contact !== undefined && { contact }),
    journey: journey.id,
    data,
  };
  return { index, event };
}

/** Whoever has caught a request may send it to another address, and cannot make it say so. */
const elsewhere = (said: string, asked: string): string[] =>
  said === asked ? [] : [`journey: is "${said}", and the address asks for "${asked}". Let both name the same journey`];

/** A field that an object cannot hold would be gone without a word. */
function holdsProto(item: unknown): boolean {
  const left = [item];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one !== 'object' || one === null) continue;
    if (Object.hasOwn(one, '__proto__')) return true;
    for (const member of Object.values(one)) left.push(member);
  }
  return false;
}
