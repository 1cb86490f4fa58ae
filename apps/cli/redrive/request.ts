import type { Target } from '#apps/cli/target/options.ts';
import type { Pile } from '#shared/redrive/pile.ts';

/** Events that were put aside in the table. */
export const PARKED = 'parked';
/** Passages that stand still. */
export const PASSAGES = 'passages';

/** What redrive is asked to do. */
export type RedriveRequest = {
  /** Whose dead letters; or `parked`, or `passages`. */
  readonly what: string;
  readonly target: Target;
  /** Only what lies there for a reason that contains this. */
  readonly reason?: string | undefined;
  readonly journey?: string | undefined;
  readonly limit?: number | undefined;
  readonly dryRun: boolean;
  /** Takes away for good instead of bringing back. */
  readonly discard: boolean;
};

/** What can become of what was meant. */
export type Became =
  | 'sent'
  | 'diedAgain'
  | 'refused'
  | 'recorded'
  | 'known'
  | 'erased'
  | 'pending'
  | 'undecided'
  | 'asked'
  | 'moved'
  | 'discarded';

export type RedriveResult = {
  readonly what: string;
  /** All that lay there, as far as it was looked at. */
  readonly lies: readonly Pile[];
  /** Of it, what was meant. */
  readonly meant: readonly Pile[];
  readonly became: Readonly<Partial<Record<Became, number>>>;
  /** Why not all of it was looked at. */
  readonly stopped?: 'limit' | 'interrupted';
};

/** What lies in one place. `stopped`: there is more than was looked at. */
export type Lying = Pick<RedriveResult, 'what' | 'lies' | 'stopped'>;

/** Who watches: hears how far it is, and may end it after what is under way. */
export type Watch = { readonly seen: (done: number, about?: number) => void; readonly signal: AbortSignal };
export type RedriveRuns = {
  readonly overview: (target: Target) => Promise<readonly Lying[]>;
  readonly redrive: (request: RedriveRequest, watch: Watch) => Promise<RedriveResult>;
};
