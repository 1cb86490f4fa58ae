import type { Report } from '#shared/publish/print.ts';
import type { Runtime } from './runtime.ts';
import type { Summary } from './summary.ts';

/** What every way of opening a shop is told. */
export type OpenRequest = {
  /** Where state is kept; without it all is in memory. */
  readonly data: string | undefined;
  readonly publicUrl: string;
  readonly published: (report: Report) => void;
};

/** A shop that is ready to be served. */
export type Opened = {
  readonly runtime: Runtime;
  /** Its journeys, templates and settings. */
  readonly folder: string;
  /** Whether its state was kept from before. */
  readonly known: boolean;
  readonly summary: Summary;
};
