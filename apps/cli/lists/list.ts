import type { Progress } from '#apps/cli/progress.ts';
import type { TimeFormat } from '#apps/cli/replay/moment.ts';
import type { Target } from '#apps/cli/target/options.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { ListKind } from './columns.ts';

export type ListRequest = {
  readonly kind: ListKind;
  readonly file: string;
  readonly target: Target;
  /** What columns are, by their names, where their names do not say so. */
  readonly map: ReadonlyMap<string, string>;
  /** What a row does not say for itself: a channel, topic, state, source, wording or time of consent. */
  readonly usual: Readonly<Record<string, string>>;
  readonly dates: TimeFormat;
  readonly asOf: Instant | undefined;
  readonly fromRow: number;
  /** Events a second at most, on a stage. */
  readonly rate: number;
  /** Where rows go that cannot be used, in place of what is there; without it beside the list, in place of nothing. */
  readonly errors: string | undefined;
  /** Reads and says what would happen. */
  readonly dryRun: boolean;
};

type Count = Record<string, number>;

/** What became of a list: the form that `--json` prints, kept stable. rows = used + repeated + skipped + rejected. */
export type ListReport = {
  list: ListKind;
  file: string;
  dryRun: boolean;
  rows: number;
  used: number;
  /** Rows that say what an earlier one of the list has said. */
  repeated: number;
  /** Rows before the one that it was to begin with. */
  skipped: number;
  events: number;
  rejected: Count;
  /** By "channel, topic, state". */
  consents: Count;
  /** By reason. */
  suppressed: Count;
  /** What each column was taken for. */
  columns: Record<string, string>;
  /** Traits that the settings do not declare, so that they are texts. */
  undeclared: string[];
  errors?: string;
};
export type RunList = (request: ListRequest, progress: Progress) => Promise<ListReport>;
