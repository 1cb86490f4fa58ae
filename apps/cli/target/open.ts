import { withState } from '#apps/local/with-state.ts';
import type { Bucket, Clock } from '#shared/ports.ts';
import type { Published } from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';
import type { Target } from './options.ts';
import { openStage } from './stage.ts';

/** A shop's state, wherever it lies, for a command that looks at it or works on it. */
export type OpenTarget = {
  readonly table: Table;
  readonly published: Published;
  readonly clock: Pick<Clock, 'now'>;
  readonly bucket: Bucket;
  /** Resolves when the counters know of everything that has been written. In AWS they do within a minute or two. */
  readonly settle: () => Promise<void>;
};

/** Works on a target's state. Throws BadInput where there is none, or where it cannot be reached. */
export async function withTarget<T>(target: Target, work: (opened: OpenTarget) => Promise<T>): Promise<T> {
  if ('stage' in target) return work(await openStage(target.stage));
  return withState(target.data, ({ table, published, clock, bucket, rhythm }) =>
    work({ table, published, clock, bucket, settle: () => rhythm.settle() }),
  );
}
