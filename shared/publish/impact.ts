import { diffJourneys, isSame, type JourneyDiff } from '#shared/journey/diff.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { StandingCount } from '#shared/store/counters.ts';

/** What going live does to those who are there: told with the report of a journey, or before it is published. */

/** What becomes of who is inside: as `publish.inside` says, or as the status does. */
export type Fate = 'finish' | 'move' | 'leave' | 'paused' | 'archived';

/** Who stands at a step that an edit has removed or changed. */
export type Affected = {
  readonly version: number;
  readonly step: string;
  readonly change: 'removed' | 'changed';
  readonly contacts: number;
  /** Of who is moved: the step where they go on, or `end`. Undefined where they stay at their step, or nobody says. */
  readonly to?: string;
};

export type Beside = {
  readonly journey: string;
  /** What the two share: types of events, or a segment. */
  readonly by: string;
  /** Of those whom this journey takes, how many the other takes too: between 0 and 1. */
  readonly share?: number;
};

/** What it comes to in the first week that it is live. */
export type FirstWeek = { readonly entries: number; readonly mails: number; readonly usd: number };

export type Impact = {
  /** Of a journey that is live already. */
  readonly edit?: {
    readonly from: number;
    readonly diff: JourneyDiff;
    readonly fate: Fate;
    /** All who are inside, in every version. */
    readonly inside: number;
    readonly affected: readonly Affected[];
  };
  /** Those who enter at once, since it is true for them already. */
  readonly existing?: number;
  readonly beside?: readonly Beside[];
  readonly week?: FirstWeek;
  /** How many were looked at for the figures that are said with "about", and of how many. */
  readonly looked?: { readonly at: number; readonly of: number };
};

/** A version that somebody may be inside of. */
export type Version = { readonly version: number; readonly definition: Journey };

/** What an edit means for those inside. `versions`: the live one first, then the earlier ones. */
export function editOf(
  after: Journey,
  versions: readonly Version[],
  standing: readonly StandingCount[],
): Impact['edit'] | undefined {
  const [live] = versions;
  if (!live) return undefined;
  const diff = diffJourneys(live.definition, after);
  // A status alone makes no version, so that nobody has to go to it.
  const isVersion = diff.steps.length > 0 || diff.rules.some(({ row }) => row !== 'Status');
  const fate = fateOf(after, isVersion);
  const there = standing.filter(({ version }) => versions.some((one) => one.version === version));
  const affected = isSame(diff) ? [] : versions.flatMap((one) => affectedIn(one, after, there));
  const inside = there.reduce((sum, { contacts }) => sum + contacts, 0);
  return { from: live.version, diff, fate, inside, affected };
}

/** Whether an edit is worth a word. */
export const saysSomething = (edit: NonNullable<Impact['edit']>): boolean => !isSame(edit.diff);

function fateOf({ status, publish }: Journey, isVersion: boolean): Fate {
  if (status === 'paused' || status === 'archived') return status;
  return (isVersion && publish?.inside) || 'finish';
}

function affectedIn({ version, definition }: Version, after: Journey, standing: readonly StandingCount[]): Affected[] {
  const { steps } = diffJourneys(definition, after);
  return standing
    .filter((one) => one.version === version)
    .flatMap(({ step, contacts }): Affected[] => {
      const change = steps.find((one) => one.step === step)?.change;
      if (change !== 'removed' && change !== 'changed') return [];
      const to = after.publish?.inside === 'move' ? ownOf(after.publish.moved, step) : undefined;
      return [{ version, step, change, contacts, ...(to !== undefined && { to }) }];
    });
}
