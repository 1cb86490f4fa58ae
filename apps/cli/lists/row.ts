import { createHash } from 'node:crypto';
import { type Event, postedIdentitiesSchema } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { SuppressionReason } from '#shared/store/suppressions.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What the rows of all lists have in common. What one says is decided without asking anything. */

export type Suppressed = {
  readonly kind: 'email' | 'phone';
  readonly hash: string;
  readonly reason: SuppressionReason;
  readonly at: Instant;
};
/** `reason` counts alike what is alike; `text` says what is wrong with this one and how to mend it. */
export type Problem = { readonly reason: string; readonly text: string };
export type Usable = { readonly events: readonly Event[] } | { readonly suppressed: readonly Suppressed[] };
export type Said = Usable | Problem;

/** The values of a row by what its columns mean; empty ones are not there. */
export type Cells = Readonly<Record<string, string>>;

export type Reading = {
  readonly settings: Settings;
  readonly now: Instant;
  /** What a row does not say for itself. */
  readonly usual: Cells;
  /** When what the list says of contacts was so. */
  readonly asOf: Instant;
  readonly timeOf: (text: string) => Instant | undefined;
  /** When a day begins and when it is over, of a time without a clock; else that time. */
  readonly boundsOf: (text: string) => { readonly from: Instant; readonly to: Instant } | undefined;
};

export const isProblem = (said: Said): said is Problem => 'reason' in said;

export const problem = (reason: string, text: string): Problem => ({ reason, text });

export const badTime = (column: string, written: string): Problem =>
  problem(
    'bad-time',
    `"${written}" in "${column}" is no time in the past. Write 2026-03-31 or 2026-03-31T10:00Z, or say how dates are written: --dates day/month/year.`,
  );

export const WHO = ['email', 'phone', 'externalId'] as const;

/** Whom a row is about. */
export function whoIn(cells: Cells): Event['identities'] | Problem {
  const named = WHO.flatMap((kind) => (cells[kind] === undefined ? [] : [[kind, cells[kind]] as const]));
  if (named.length === 0) return problem('nobody', 'There is no e-mail address, phone number or external id.');
  const { data, error } = postedIdentitiesSchema.safeParse(Object.fromEntries(named));
  if (data) return data;
  const [kind = ''] = error.issues[0]?.path.map(String) ?? [];
  return problem(`bad-${kind}`, `"${cells[kind]}" is no right ${kind}: ${error.issues[0]?.message}.`);
}

export const isRefusal = (who: Event['identities'] | Problem): who is Problem => 'reason' in who;

/** The same row of the same list, or of one that was mended, is the same event. */
export function idOf(...what: readonly unknown[]): string {
  return `import-${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)}`;
}

/** What a list says was so before: it sets nothing going. */
export const PAST = { source: 'import', historic: true, data: {} } as const;
