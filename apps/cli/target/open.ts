import { resolve } from 'node:path';
import { heldIn } from '#apps/local/data-folder.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import type { ShopFile } from '#apps/local/shop-files.ts';
import { withState } from '#apps/local/with-state.ts';
import type { Event } from '#shared/event/event.ts';
import { putEvents } from '#shared/event/put.ts';
import type { Bucket, Clock, StoredObject } from '#shared/ports.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { Target } from './options.ts';
import { openStage } from './stage.ts';

/** A shop's state, wherever it lies, for a command that looks at it or works on it. */
export type OpenTarget = {
  /** The same for the same target, from wherever it is opened. */
  readonly name: string;
  /** The folder that `npm start` takes its files from: whoever works there has seen all that it took. */
  readonly folder?: string;
  readonly table: Table;
  readonly published: Published;
  readonly clock: Pick<Clock, 'now'>;
  readonly bucket: Bucket;
  /** How many days events are kept; not known of a stage that was deployed before it said so. */
  readonly eventDays?: number | undefined;
  /** What the stage's mails come from; a laptop sends none. */
  readonly mailDomain?: string;
  /** Resolves when the counters know of everything that has been written. In AWS they do within a minute or two. */
  readonly settle: () => Promise<void>;
  /**
   * Puts a file into the bucket, in place of what was read there, and publish is told of it. Returns its version; undefined
   * when something else stands there by now.
   */
  readonly upload: (file: ShopFile, before: StoredObject | undefined) => Promise<string | undefined>;
  /** Puts events on the bus. Throws when the bus refuses some to the end, BadInput where it is not known. */
  readonly put: (events: readonly Event[]) => Promise<void>;
  /** Gives publish time for what was uploaded. */
  readonly pass: () => Promise<void>;
};

/** Works on a target's state. Throws BadInput where there is none, or where it cannot be reached. */
export async function withTarget<T>(target: Target, work: (opened: OpenTarget) => Promise<T>): Promise<T> {
  if ('stage' in target) return work(await openStage(target.stage));
  const { data } = target;
  return withState(data, (runtime) => work(laptop(runtime, `data ${resolve(data)}`)));
}

/** Milliseconds of its own time in which the laptop publishes what was uploaded. */
const SETTLE = 30_000;
/** And in which events that were put are recorded. */
const A_MOMENT = 1000;

function laptop(runtime: Runtime, name: string): OpenTarget {
  const { table, published, clock, bucket, rhythm } = runtime;
  const held = heldIn(runtime.kept);
  return {
    name,
    ...(held && { folder: held.folder }),
    eventDays: runtime.deps.retention.eventDays,
    table,
    published,
    clock,
    bucket,
    settle: () => rhythm.settle(),
    // Nobody else is on this folder, so nothing can have changed.
    upload: async (file) => {
      if (!runtime.take(file)) runtime.tellAgain(file.key);
      return (await bucket.get(file.key))?.versionId;
    },
    put: async (events) => {
      await putEvents(runtime.bus, events);
      await runtime.drive(plusMillis(clock.now(), A_MOMENT));
    },
    pass: () => runtime.drive(plusMillis(clock.now(), SETTLE)),
  };
}
