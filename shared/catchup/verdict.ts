import type { Reading } from '#shared/ports.ts';
import { type Instant, instantSchema, toMillis } from '#shared/time/instant.ts';
import type { Answer } from './feed.ts';

const SECOND = 1000;
const LONGEST_BACKOFF = 60 * SECOND;
/** Above this share of its bucket, Shopify is asked more slowly. */
const FULL = 0.75;
/** Requests that leak from the bucket each second, on the smallest plan. */
const LEAK = 2;

/**
 * What to do about an answer. `taken`: read it, and wait so many milliseconds before the next question. `again`: ask again
 * after so many, for a smaller page where the shop found this one too much. `stale`: the shop no longer knows that page.
 * The others are for the operator: the token is `refused`, the shop has `moved`, or the question is `wrong`.
 */
export type Verdict =
  | { readonly type: 'taken'; readonly wait: number }
  | { readonly type: 'again'; readonly wait: number; readonly smaller: boolean }
  | { readonly type: 'stale' | 'refused' | 'moved' | 'wrong' };

type Headers = Answer['headers'];

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec';
const HTTP_DATE = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/;

/** RFC 9110 section 5.6.7, in the one form that is still written. */
function httpDate(text: string): Instant | undefined {
  const [, day, month = '', year, time] = HTTP_DATE.exec(text) ?? [];
  const number = MONTHS.indexOf(month) / 4 + 1;
  return instantSchema.safeParse(`${year}-${String(number).padStart(2, '0')}-${day}T${time}Z`).data;
}

/** Milliseconds that `Retry-After` asks for, as seconds or as a date; undefined where it does not. */
function askedWait(headers: Headers, now: Instant): number | undefined {
  const asked = headers['retry-after']?.trim() ?? '';
  // Shopify writes 2.0.
  if (/^\d{1,6}(\.\d+)?$/.test(asked)) return Math.ceil(Number(asked) * SECOND);
  const until = httpDate(asked);
  return until === undefined ? undefined : Math.max(0, toMillis(until) - toMillis(now));
}

/** Milliseconds until there is room again in a bucket of requests that leaks; 0 where there is none, or room enough. */
function bucketWait(headers: Headers): number {
  const [, used, size] = /^(\d{1,6})\/(\d{1,6})$/.exec(headers['x-shopify-shop-api-call-limit'] ?? '') ?? [];
  return Math.max(0, Math.ceil(((Number(used ?? 0) - Number(size ?? 0) * FULL) / LEAK) * SECOND));
}

const backoff = (attempt: number): number => Math.min(LONGEST_BACKOFF, SECOND * 2 ** attempt);

const isBusy = (status: number): boolean => status === 408 || status === 425 || status >= 500;

/** `attempt` counts from 0. `further`: it was not the first page that was asked for. */
export function verdictOf(got: Reading, attempt: number, further: boolean, now: Instant): Verdict {
  if ('failed' in got) {
    if (got.failed === 'forbidden') return { type: 'wrong' };
    return {
      type: 'again',
      wait: got.failed === 'too-large' ? 0 : backoff(attempt),
      smaller: got.failed !== 'unreachable',
    };
  }
  const { status, headers } = got;
  if (status >= 200 && status < 300) return { type: 'taken', wait: bucketWait(headers) };
  if (status === 429)
    return { type: 'again', wait: Math.max(SECOND, askedWait(headers, now) ?? backoff(attempt)), smaller: false };
  if (isBusy(status)) return { type: 'again', wait: askedWait(headers, now) ?? backoff(attempt), smaller: true };
  if (status === 401 || status === 403) return { type: 'refused' };
  if (status >= 300 && status < 400) return { type: 'moved' };
  return { type: further && (status === 400 || status === 422) ? 'stale' : 'wrong' };
}
