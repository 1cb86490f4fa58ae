import * as z from 'zod';
import { clockAt, daysAt, unitAt } from '#shared/import/choice.ts';
import { durationOf, ofSeconds, roughSeconds } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import type { WaitStep } from '#shared/journey/journey.ts';

/** An event of a Mautic campaign: an action, a decision or a condition, and where it hangs in the tree. */
export type MauticEvent = {
  readonly key: string;
  readonly at: Source;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly parent: string | undefined;
  readonly path: string | undefined;
  readonly delay: Delay;
  readonly order: number;
};

/** When it happens, reckoned from its parent. */
export type Delay = {
  readonly for?: string | undefined;
  readonly until?: WaitStep['until'];
};

const text = z.string().min(1);
const idSchema = z.union([z.string().min(1), z.number()]).transform(String);
const ids = z.array(idSchema);
const MODES = z.enum(['immediate', 'interval', 'date']);
const KINDS = z.enum(['action', 'decision', 'condition']);
const PATHS = z.enum(['yes', 'no']);
const numeric = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number);

/** The export writes `trigger_mode`, the API `triggerMode`; of two spellings of one field the first that says anything. */
export function either<T>(at: Source, schema: z.ZodType<T>, ...keys: string[]): T | undefined {
  const found = keys.map((key) => at.at(key).take(schema));
  return found.find((value) => value !== undefined);
}
export const idAt = (at: Source, ...keys: string[]): string | undefined => either(at, idSchema, ...keys);
export const textAt = (at: Source, ...keys: string[]): string | undefined => either(at, text, ...keys);
export const numberAt = (at: Source, ...keys: string[]): number | undefined => either(at, numeric, ...keys);
/** Ids in a list, as numbers or texts. */
export const idsAt = (at: Source, ...keys: string[]): string[] => either(at, ids, ...keys) ?? [];

function delayOf(at: Source): Delay {
  const mode = either(at, MODES, 'trigger_mode', 'triggerMode') ?? 'immediate';
  const interval = numberAt(at, 'trigger_interval', 'triggerInterval') ?? 0;
  const unit = unitAt(at.at('trigger_interval_unit')) ?? unitAt(at.at('triggerIntervalUnit')) ?? 'day';
  const date = textAt(at, 'trigger_date', 'triggerDate');
  const hour = clockAt(at.at('trigger_hour')) ?? clockAt(at.at('triggerHour'));
  const from = clockAt(at.at('triggerRestrictedStartHour')) ?? clockAt(at.at('trigger_restricted_start_hour'));
  const to = clockAt(at.at('triggerRestrictedStopHour')) ?? clockAt(at.at('trigger_restricted_stop_hour'));
  const days = daysAt(at.at('triggerRestrictedDaysOfWeek')) ?? daysAt(at.at('trigger_restricted_dow'));
  if (mode === 'date' && date) return { until: date.replace(' ', 'T').replace(/\.\d+/, '') };
  const window = { ...(days && { days }), ...(from && to ? { from, to } : hour ? { at: hour } : {}) };
  const isWindow = Object.keys(window).length > 0;
  const span = mode === 'interval' ? durationOf(interval, unit) : undefined;
  return { ...(span && { for: span }), ...(isWindow && { until: window }) };
}

export const NO_DELAY: Delay = {};

/** What of a delay is left when so long has passed already. */
export function after(delay: Delay, passed: Delay): Delay {
  if (!delay.for || !passed.for) return delay;
  const rest = roughSeconds(delay.for) - roughSeconds(passed.for);
  const span = rest > 0 ? ofSeconds(rest) : undefined;
  return { ...(span && { for: span }), ...(delay.until && { until: delay.until }) };
}

export const seconds = ({ for: span }: Delay): number => (span ? roughSeconds(span) : 0);

export function eventOf(at: Source): MauticEvent {
  const parent = at.at('parent');
  const key = idAt(at, 'id') ?? at.place;
  const type = textAt(at, 'type') ?? 'unknown';
  return {
    key,
    at,
    type,
    name: textAt(at, 'name') ?? type,
    kind: either(at, KINDS, 'event_type', 'eventType') ?? 'action',
    parent: idAt(at, 'parent_id', 'parentId', 'parent') ?? idAt(parent, 'id'),
    path: either(at, PATHS, 'decisionPath', 'decision_path'),
    delay: delayOf(at),
    order: numberAt(at, 'event_order', 'order') ?? 0,
  };
}
