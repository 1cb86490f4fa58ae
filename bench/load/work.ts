import type { Use } from './use.ts';

/** What one piece of work costs on the average. */
export type Work = {
  readonly n: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly writeUnits: number;
  readonly records: number;
  /** Milliseconds of this processor, without the calls to AWS. */
  readonly cpu: number;
};

/** Milliseconds until AWS answers a call of ours, in the same region: assumed, not measured. */
const LATENCY: Readonly<Record<string, number>> = {
  get: 4,
  batchGet: 6,
  query: 6,
  queryIndex: 8,
  write: 6,
  transact: 14,
  startExecution: 35,
  sendTask: 25,
  putEvents: 25,
  send: 10,
  mail: 90,
};
/** Milliseconds of a whole processor that a call costs besides: signature, TLS, JSON. Assumed. */
const CPU_OF_CALL = 1;
/** MB of memory with which Lambda gives a whole processor. */
const WHOLE = 1769;

/** Seconds that so much work takes in a function of so much memory, one call after the other. */
export function secondsOf({ calls, cpu }: Pick<Work, 'calls' | 'cpu'>, memory: number): number {
  const waits = Object.entries(calls).reduce((sum, [call, n]) => sum + n * latencyOf(call), 0);
  return (waits + cpuOf({ calls, cpu }) / Math.min(1, memory / WHOLE)) / 1000;
}

/** Milliseconds of a whole processor. */
export const cpuOf = ({ calls, cpu }: Pick<Work, 'calls' | 'cpu'>): number =>
  cpu + Object.values(calls).reduce((sum, n) => sum + n, 0) * CPU_OF_CALL;

export const processorOf = (memory: number): number => Math.min(1, memory / WHOLE);

export function latencyOf(call: string): number {
  const known = LATENCY[call];
  if (known === undefined) throw new Error(`nobody knows how long ${call} takes`);
  return known;
}

/** The mean of what was seen. `per`: how many things one use has worked on. */
export function workOf(uses: readonly Use[], per: (use: Use) => number = () => 1): Work {
  const n = uses.reduce((sum, use) => sum + per(use), 0);
  const mean = (of: (use: Use) => number): number => (n === 0 ? 0 : uses.reduce((sum, use) => sum + of(use), 0) / n);
  const names = new Set(uses.flatMap(({ calls }) => Object.keys(calls)));
  // Only what was alone in the process was measured.
  const alone = uses.filter(({ cpu }) => cpu !== undefined);
  const cpu =
    alone.reduce((sum, use) => sum + (use.cpu ?? 0), 0) /
    Math.max(
      1,
      alone.reduce((sum, use) => sum + per(use), 0),
    );
  return {
    n,
    calls: Object.fromEntries([...names].map((name) => [name, mean((use) => use.calls[name] ?? 0)])),
    writeUnits: mean(({ writeUnits }) => writeUnits),
    records: mean(({ records }) => records),
    cpu,
  };
}

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
