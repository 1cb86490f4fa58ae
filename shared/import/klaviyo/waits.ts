import * as z from 'zod';
import { clockAt, daysAt, unitAt } from '#shared/import/choice.ts';
import { durationOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import type { WaitStep } from '#shared/journey/journey.ts';

/** Klaviyo's delays. */

const text = z.string().min(1);
const SMALLER = { day: 'hour', hour: 'minute', minute: 'second' } as const;

const isSplittable = (unit: string): unit is keyof typeof SMALLER => Object.hasOwn(SMALLER, unit);

/** `2 days` and `6` more hours. */
function delay(data: Source): string | undefined {
  const unit = unitAt(data.at('unit')) ?? 'day';
  const value = data.at('value').take(z.number()) ?? 0;
  const more = data.at('secondary_value').take(z.number()) ?? 0;
  if (more > 0 && isSplittable(unit)) {
    const [whole, part] = [durationOf(value, unit), durationOf(more, SMALLER[unit])];
    if (whole && part) return whole.includes('T') ? `${whole}${part.slice(2)}` : `${whole}${part.slice(1)}`;
    return part;
  }
  return durationOf(value, unit);
}

const zoneOf = (data: Source): string | undefined => {
  const zone = data.at('timezone').take(text) ?? 'profile';
  return zone === 'profile' ? undefined : zone;
};

/** Days and time of day to wait for, if there are any. */
function window(data: Source, time: string, weekdays: string): WaitStep['until'] {
  const at = clockAt(data.at(time));
  const days = daysAt(data.at(weekdays));
  const zone = zoneOf(data);
  if (at === undefined && days === undefined) return undefined;
  return { ...(days && { days }), ...(at && { at }), ...(zone && { zone }) };
}

type WaitParts = Pick<WaitStep, 'for' | 'until' | 'missed'>;

export function timeDelay(data: Source): WaitParts {
  const duration = delay(data);
  const until = window(data, 'delay_until_time', 'delay_until_weekdays');
  return { ...(duration && { for: duration }), ...(until && { until }) };
}

/** A date of the contact that started the flow, as a moment to wait for. */
export type Day = { readonly trait: string; readonly every?: 'P1Y' | 'P1M' | 'P1W' | undefined };

const momentOf = (day: Day | undefined, parts: { before?: string | undefined; at?: string | undefined }) => ({
  ...(day ? { trait: day.trait } : { trigger: 'date' }),
  ...(day?.every && { every: day.every }),
  ...(parts.before && { before: parts.before }),
  ...(parts.at && { at: parts.at }),
});

export function targetDate(data: Source, day: Day | undefined): WaitParts[] {
  const at = clockAt(data.at('target_time'));
  const days = daysAt(data.at('target_days'));
  data.at('timezone').take(z.literal('profile'));
  return [{ until: momentOf(day, { at }), missed: 'continue' }, ...(days ? [{ until: { days } }] : [])];
}

export function countdown(data: Source, day: Day | undefined): WaitParts[] {
  const before = durationOf(data.at('value').take(z.number()) ?? 0, unitAt(data.at('unit')) ?? 'day');
  const at = clockAt(data.at('delay_until_time'));
  const days = daysAt(data.at('delay_until_weekdays'));
  data.at('timezone').take(z.literal('profile'));
  return [{ until: momentOf(day, { before, at }), missed: 'continue' }, ...(days ? [{ until: { days } }] : [])];
}
