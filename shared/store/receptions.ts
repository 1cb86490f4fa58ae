import * as z from 'zod';
import { ownOf } from '#shared/own-of.ts';
import { NONE, type Reception, type Scope, stretchOf, sumOf } from '#shared/sending/breaker.ts';
import { type Instant, plusMillis, toEpochSeconds, toMillis } from '#shared/time/instant.ts';
import { receptionRange, stretchIn } from './keys.ts';
import type { Change, Row, Table } from './table.ts';

const DAY = 86_400_000;
/** Far longer than anybody counts back, as words of SES may be worked on late. */
const KEPT = 30 * DAY;

const countsSchema = z.record(z.string(), z.tuple([z.int(), z.int(), z.int()]));

/** How the mails of ten minutes were received, by scope. */
export type Received = Readonly<Record<Scope, Reception>>;

export type ReceptionRow = {
  readonly stretch: Instant;
  /** Changes with each count. */
  readonly checkpoint: string;
  readonly received: Received;
};

const receivedIn = (row: Row | undefined): Received =>
  Object.fromEntries(
    Object.entries(countsSchema.parse(row?.['counts'] ?? {})).map(([scope, [mails, bounces, complaints]]) => [
      scope,
      { mails, bounces, complaints },
    ]),
  );

export const readReception = (row: Row): ReceptionRow => ({
  stretch: stretchIn(row),
  checkpoint: z.string().parse(row['checkpoint']),
  received: receivedIn(row),
});

export const addReceived = (a: Received, b: Received): Received => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([scope, more]) => [scope, sumOf(ownOf(a, scope) ?? NONE, more)])),
});

/** What a row of these ten minutes becomes. All scopes are one attribute: an expression of hundreds would be too long. */
export function addingTo(row: Row | undefined, stretch: Instant, more: Received): Change {
  const counts = Object.entries(addReceived(receivedIn(row), more)).map(
    ([scope, { mails, bounces, complaints }]) => [scope, [mails, bounces, complaints]] as const,
  );
  return {
    set: [
      [['counts'], Object.fromEntries(counts)],
      [['expires'], toEpochSeconds(plusMillis(stretch, KEPT))],
    ],
  };
}

/** Keys of the rows, and what they say, of the last days. */
export async function loadReceptions(table: Table, from: Instant, now: Instant): Promise<Map<string, ReceptionRow>> {
  const first = stretchOf(from);
  const days = Math.floor(toMillis(now) / DAY) - Math.floor(toMillis(first) / DAY) + 1;
  const pages = await Promise.all(
    Array.from({ length: days }, (_, n) => table.query(receptionRange(plusMillis(first, n * DAY).slice(0, 10)))),
  );
  const rows = pages.flat().map((row) => [row.sk, readReception(row)] as const);
  return new Map(rows.filter(([, { stretch }]) => stretch >= first));
}

/** Of each scope, all of the time that counts: what went before it was let go again does not. */
export function receivedSince(rows: Iterable<ReceptionRow>, fresh: Readonly<Record<Scope, Instant>>): Received {
  const all = new Map<Scope, Reception>();
  for (const { stretch, received } of rows)
    for (const [scope, more] of Object.entries(received))
      if (stretch >= (ownOf(fresh, scope) ?? '')) all.set(scope, sumOf(all.get(scope) ?? NONE, more));
  return Object.fromEntries(all);
}
