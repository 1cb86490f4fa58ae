import { Temporal } from 'temporal-polyfill';
import { fromMillis, type Instant } from '#shared/time/instant.ts';

/** How a column writes its times. `iso`: 2010-12-01 08:26:00, with or without seconds, offset and clock time. */
export const TIME_FORMATS = ['iso', 'day/month/year', 'month/day/year', 'seconds', 'milliseconds'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

const DATE = {
  iso: /^(?<year>\d{4})-?(?<month>\d\d)-?(?<day>\d\d)/,
  'day/month/year': /^(?<day>\d{1,2})[/.](?<month>\d{1,2})[/.](?<year>\d{4})/,
  'month/day/year': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})/,
} as const;
const CLOCK =
  /^[T ](?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?: ?(?<offset>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;
/** Where in its day one without a clock time is taken to be. At noon no zone skips it, and it is the same day nearly everywhere. */
const PARTS = {
  begins: { hour: 0 },
  noon: { hour: 12 },
  ends: { hour: 23, minute: 59, second: 59, millisecond: 999 },
} as const;
type PartOfDay = keyof typeof PARTS;

/**
 * Makes a reader of times in one format. A time without an offset is a local one of `zone`: one that a clock change
 * skips moves forward, one that comes twice is the first. The reader gives undefined for what is no such time.
 */
export function timeReader(
  zone: string,
  format: TimeFormat,
  day: PartOfDay = 'noon',
): (text: string) => Instant | undefined {
  // Rows of one order or one second stand together, so the last answer is often the next one too.
  let last: { text: string; instant: Instant | undefined } = { text: '', instant: undefined };
  return (text) => {
    if (text !== last.text) last = { text, instant: readTime(text, zone, format, day) };
    return last.instant;
  };
}

function readTime(text: string, zone: string, format: TimeFormat, day: PartOfDay): Instant | undefined {
  if (format === 'seconds' || format === 'milliseconds') return fromEpoch(text, format === 'seconds' ? 1000 : 1);
  const date = DATE[format].exec(text);
  if (!date) return undefined;
  const clock = text.slice(date[0].length);
  const time = clock === '' ? PARTS[day] : clockFrom(clock);
  if (!time) return undefined;
  return atTime({ ...numbers(date.groups), ...time }, offsetFrom(clock) ?? zone);
}

type Local = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute?: number;
  second?: number;
  millisecond?: number;
};

function atTime(local: Local, zone: string): Instant | undefined {
  if (zone === 'UTC') return utc(local);
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toZonedDateTime(zone);
    return fromMillis(epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Most click streams are in UTC, and this is twenty times as fast. Date rolls 30 February over, which the text shows. */
function utc({ year, month, day, hour, minute = 0, second = 0, millisecond = 0 }: Local): Instant | undefined {
  const instant = fromMillis(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  const written = [year, month, day, hour, minute, second]
    .map((n, i) => String(n).padStart(i === 0 ? 4 : 2, '0'))
    .join('');
  return instant.slice(0, 19).replaceAll(/[-T:]/g, '') === written ? instant : undefined;
}

function fromEpoch(text: string, factor: number): Instant | undefined {
  if (!/^\d{1,15}(\.\d+)?$/.test(text)) return undefined;
  const millis = Number(text) * factor;
  return millis < Date.UTC(10_000, 0) ? fromMillis(millis) : undefined;
}

function clockFrom(text: string): { hour: number; minute: number; second: number; millisecond: number } | undefined {
  const groups = CLOCK.exec(text)?.groups;
  if (!groups) return undefined;
  const { hour, minute, second } = numbers(groups);
  return { hour, minute, second, millisecond: Number((groups['fraction'] ?? '').padEnd(3, '0').slice(0, 3)) };
}

/** The offset as Temporal wants it, where one stands behind the clock time. */
function offsetFrom(clock: string): string | undefined {
  const offset = CLOCK.exec(clock)?.groups?.['offset']?.toUpperCase();
  if (offset === undefined) return undefined;
  if (/^[ZUG]/.test(offset)) return 'UTC';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function numbers(groups: Record<string, string> | undefined) {
  const of = (name: string) => Number(groups?.[name] ?? 0);
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  };
}

/** Whether the runtime knows a zone of that name. */
export function isZone(zone: string): boolean {
  try {
    Temporal.PlainDate.from('2020-01-01').toZonedDateTime(zone);
    return true;
  } catch {
    return false;
  }
}
