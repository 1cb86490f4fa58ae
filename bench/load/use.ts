/** What one run of a function, or its work on one event, has asked of AWS. */
export type Use = {
  /** Calls by their kind, a row of LATENCY in work.ts each. */
  readonly calls: Record<string, number>;
  /** Of the table, its indexes included. */
  writeUnits: number;
  /** Writes to rows that contacts share, by partition. */
  readonly shared: Record<string, number>;
  /** Writes that the stream shows tally. */
  records: number;
  /** What was put out: messages by lane, by the queue's name. */
  readonly put: Record<string, number>;
  /** What a run has looked at, where it says so. */
  rows: number;
  /** Milliseconds of this processor; undefined where other work went on meanwhile. */
  cpu: number | undefined;
};

/** What nobody has worked on yet. */
export const nothing = (): Use => ({
  calls: {},
  writeUnits: 0,
  shared: {},
  records: 0,
  put: {},
  rows: 0,
  cpu: undefined,
});
