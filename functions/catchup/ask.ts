import type { Feed, Page, Question, Storefront, Window } from '#shared/catchup/feed.ts';
import { type Verdict, verdictOf } from '#shared/catchup/verdict.ts';
import type { Clock, Log, Metrics, Reader, Reading } from '#shared/ports.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

export type AskDeps = {
  readonly web: Reader;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** One shop, while it is asked. */
export type Asking = {
  readonly storefront: Storefront;
  readonly token: string;
  /** No question is asked after it. */
  readonly deadline: Instant;
};

export type Wanted = Window & {
  readonly next: string | undefined;
  /** Which of the feed's sizes a page has. */
  readonly size: number;
};

/** `late`: the time is over, or would be. `stale`: the shop no longer knows the page. `failed`: the log says why. */
export type Asked =
  | { readonly page: Page; readonly size: number; readonly wait: number }
  | { readonly failed: 'late' | 'stale' | 'failed' };

const ATTEMPTS = 6;
const PAUSE = 5000;

/** What the shop's owner is told, with what to do about it. */
const TROUBLES = {
  refused: 'the storefront refuses the token: store one that may read orders and customers',
  moved: 'the storefront sends its visitors to another address: name that one in the settings of the stage',
  wrong: 'the storefront does not answer what it was asked: is its address right, and its interface switched on?',
  again: 'the storefront has not answered, or not in time; the next sweep asks again',
} as const satisfies Partial<Record<Verdict['type'], string>>;

/** Asks for one page until it has it, in the shop's own pace. Never throws. */
export async function ask(feed: Feed, wanted: Wanted, asking: Asking, deps: AskDeps): Promise<Asked> {
  const last = feed.sizes.length - 1;
  let at = Math.min(wanted.size, last);
  if (deps.clock.now() >= asking.deadline) return { failed: 'late' };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const question = { ...wanted, size: feed.sizes[at] ?? 1 };
    const got = await deps.web.get(`${asking.storefront.url}${feed.path(question)}`, headersOf(asking));
    const verdict = verdictOf(got, attempt, wanted.next !== undefined, deps.clock.now());
    const page = verdict.type === 'taken' && 'body' in got ? feed.read(got, question) : undefined;
    if (verdict.type === 'taken' && page && !('error' in page) && isFurther(page, question))
      return { page, size: at, wait: verdict.wait };
    if (verdict.type === 'stale') return { failed: 'stale' };
    if (verdict.type !== 'again' && verdict.type !== 'taken') return complain(verdict.type, feed, got, asking, deps);
    // What came was no page: one of maintenance, perhaps.
    const wait = verdict.type === 'again' ? verdict.wait : PAUSE;
    if (plusMillis(deps.clock.now(), wait) >= asking.deadline) {
      complain('again', feed, got, asking, deps);
      return { failed: 'late' };
    }
    if (verdict.type === 'again' && verdict.smaller) at = Math.min(at + 1, last);
    await deps.clock.sleep(wait);
  }
  return complain('again', feed, undefined, asking, deps);
}

/** A page that names itself as the next would be asked for without end. */
const isFurther = (page: Page, { next }: Question): boolean => page.next === undefined || page.next !== next;

const headersOf = ({ storefront, token }: Asking): Record<string, string> => ({
  accept: 'application/json',
  ...(storefront.shows === 'basic'
    ? { authorization: `Basic ${Buffer.from(token).toString('base64')}` }
    : { [storefront.shows]: token }),
});

function complain(
  why: keyof typeof TROUBLES,
  feed: Feed,
  got: Reading | undefined,
  { storefront }: Asking,
  { log, metrics }: AskDeps,
): Asked {
  const { source } = storefront;
  if (why === 'refused') metrics.count('SweepRefused', 1, { source });
  const answer = got === undefined ? 'no answer' : 'failed' in got ? got.failed : got.status;
  log.error(TROUBLES[why], { source, list: feed.name, answer });
  return { failed: 'failed' };
}
