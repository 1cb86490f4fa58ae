import { SOURCE } from '#shared/event/put.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import type { Runtime } from './runtime.ts';

/** What a storefront sends, when it arrives: an event, or what only looks like one. */
export type Arrival = {
  readonly sequence: number;
  readonly at: Instant;
  readonly detail: object;
  readonly type: string;
};

export type PlayOptions = {
  /** Where the play's place is kept, so that one that was cut off goes on. */
  readonly name: string;
  /** What arrives later is left out, and the clock ends there. Without it time goes on until nothing is left to do. */
  readonly until?: Instant | undefined;
  readonly onArrival?: (sequence: number) => void;
};

/** Arrivals put at a time where many are overdue. */
const CHUNK = 50;

/** The last arrival that lies on the bus; 0 for a play that has not begun. */
export const placeOf = (runtime: Pick<Runtime, 'kept'>, name: string): number =>
  Number(runtime.kept.get(`play.${name}`) ?? 0);

/** Makes the next play of this name begin at the beginning. */
export const rewind = (runtime: Pick<Runtime, 'kept'>, name: string): void => runtime.kept.set(`play.${name}`, '0');

/**
 * Lays arrivals, in their order, on the bus as virtual time reaches them. Those up to the place that an earlier run has
 * reached are left out. Returns how many were played.
 */
export async function play(runtime: Runtime, arrivals: Iterable<Arrival>, options: PlayOptions): Promise<number> {
  const { clock, bus, kept, transactions } = runtime;
  const { name, until, onArrival } = options;
  const end = until === undefined ? Number.POSITIVE_INFINITY : toMillis(until);
  const from = placeOf(runtime, name);
  const iterator = arrivals[Symbol.iterator]();
  let next = iterator.next();
  while (!next.done && next.value.sequence <= from) next = iterator.next();
  let played = 0;
  const put = (): void => {
    // In one transaction with the place, so that a killed process neither repeats nor forgets any.
    transactions.join(() => {
      for (let n = 0; n < CHUNK && !next.done && toMillis(next.value.at) <= clock.millis(); n += 1) {
        const { sequence, detail, type } = next.value;
        void bus.put([{ source: SOURCE, detailType: type, detail }]);
        kept.set(`play.${name}`, String(sequence));
        onArrival?.(sequence);
        played += 1;
        next = iterator.next();
      }
    });
    arm();
  };
  const arm = (): void => {
    if (!next.done && toMillis(next.value.at) <= end) clock.atMillis(toMillis(next.value.at), put);
  };
  arm();
  await runtime.drive(until);
  return played;
}
