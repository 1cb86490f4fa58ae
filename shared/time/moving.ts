import { addDuration, parseDuration, subtractDuration } from './duration.ts';
import { resolveInstant, type Standpoint } from './expression.ts';
import { fromMillis, type Instant, plusMillis, toMillis } from './instant.ts';

/** A moment that moves with now and never backwards, such as the beginning of the last 30 days. */
export type Moving = {
  readonly at: (now: Instant) => Instant;
  /** About when it gets somewhere, and how far off that may be. */
  readonly guess: (there: Instant) => Instant;
  readonly slack: number;
};

const DAY = 86_400_000;
/** Shortened months and clock changes, there and back. */
const SLACK = 5 * DAY;

export const NOW: Moving = { at: (now) => now, guess: (there) => there, slack: 0 };

function slackOf(iso: string): number {
  const { years, months, weeks, days } = parseDuration(iso);
  return years + months + weeks + days > 0 ? SLACK : 0;
}

export const ago = (iso: string, zone: string): Moving => ({
  at: (now) => subtractDuration(now, iso, zone),
  guess: (there) => addDuration(there, iso, zone),
  slack: slackOf(iso),
});

export const ahead = (iso: string, zone: string): Moving => ({
  at: (now) => addDuration(now, iso, zone),
  guess: (there) => subtractDuration(there, iso, zone),
  slack: slackOf(iso),
});

const RELATIVE = /^(now|today)(?:([+-])(P\w+))?$/;

export const isMoving = (expression: unknown): expression is string =>
  typeof expression === 'string' && RELATIVE.test(expression);

/** `now-P30D`, `today`. Undefined for what stands still. */
export function movingOf(expression: unknown, from: Standpoint): Moving | undefined {
  if (!isMoving(expression) || resolveInstant(expression, from) === undefined) return undefined;
  const [, word, sign, iso] = RELATIVE.exec(expression) ?? [];
  const plain = iso === undefined ? NOW : sign === '-' ? ago(iso, from.zone) : ahead(iso, from.zone);
  if (word === 'now') return plain;
  const at = (now: Instant): Instant => resolveInstant(expression, { ...from, now }) ?? now;
  return { at, guess: plain.guess, slack: SLACK };
}

/** The first now at which it has got there. */
export function arrival({ at, guess, slack }: Moving, there: Instant): Instant {
  const about = guess(there);
  if (at(about) >= there && at(plusMillis(about, -1)) < there) return about;
  let [before, after] = [toMillis(about) - slack, toMillis(about) + slack];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (at(fromMillis(middle)) >= there) after = middle;
    else before = middle;
  }
  return fromMillis(after);
}
