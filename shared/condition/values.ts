import type { Json } from '#shared/store/table.ts';
import { localDate, readTime } from '#shared/time/local.ts';

/** How single values compare. Between types the type of what the file says decides, and what does not fit is not equal. */

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** A number, or a text that is one. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : undefined;
}

/** A text without case and outer spaces. Numbers and flags are read as they are written. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value.trim().toLowerCase();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const isValue = (item: Json | undefined): item is Json =>
  item !== undefined && item !== null && item !== '' && !(Array.isArray(item) && item.length === 0);

/** Null, the empty text and nothing at all are no values; `false` and 0 are. Of a list its elements count. */
export function elementsOf(value: Json | undefined): readonly Json[] {
  const items: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return items.filter(isValue);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMED = /^\d{4}-\d\d-\d\dT/;

/** Whether a value is what the file says: a date by the day, a time by the moment, a text without case. */
export function isSame(value: Json, said: Json, zone: string): boolean {
  if (typeof said === 'number') return asNumber(value) === said;
  if (typeof said === 'string' && typeof value === 'string') {
    if (DATE.test(said) || (TIMED.test(said) && TIMED.test(value))) return isSameTime(value, said, zone);
  }
  const text = asText(value);
  return text !== undefined && text === asText(said);
}

function isSameTime(value: string, said: string, zone: string): boolean {
  const [time, meant] = [readTime(value, zone), readTime(said, zone)];
  if (!time || !meant) return asText(value) === asText(said);
  return meant.day ? localDate(time.at, zone) === localDate(meant.at, zone) : time.at === meant.at;
}
