import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BadInput } from '#apps/cli/bad-input.ts';
import { cdnow } from '#apps/cli/replay/cdnow.ts';
import { completeJourney } from '#apps/cli/replay/completejourney.ts';
import { factsOf } from '#apps/cli/replay/lines.ts';
import { mappedSource } from '#apps/cli/replay/mapping.ts';
import { readMapping } from '#apps/cli/replay/mapping-file.ts';
import { isZone } from '#apps/cli/replay/moment.ts';
import { onlineRetail } from '#apps/cli/replay/online-retail.ts';
import { rees46 } from '#apps/cli/replay/rees46.ts';
import { RejectedRows } from '#apps/cli/replay/rejected.ts';
import type { Source, Subject } from '#apps/cli/replay/source.ts';
import { type RowCounts, stagedBefore, stageSource } from '#apps/cli/replay/stage.ts';
import { type StagedEvent, stagedEvents, summaryOf } from '#apps/cli/replay/staged-events.ts';
import type { OnProgress } from '#apps/cli/replay/staging.ts';
import { tropaEvents } from '#apps/cli/replay/tropa-events.ts';
import { noSuchZone } from '#shared/publish/no-such-zone.ts';

export const SOURCE_NAMES = ['online-retail', 'rees46', 'completejourney', 'cdnow', 'mapping', 'events'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

export type SourceOptions = {
  /** Topics that contacts without consents of their own consent to: all of the settings. At most 50. */
  readonly topics: readonly string[];
  /** Where the rows go that cannot be used. */
  readonly rejectedFile: string;
  /** Zone of times without an offset; each source has a default of its own. */
  readonly zone?: string | undefined;
  /** The mapping file of the source `mapping`. */
  readonly mapping?: string | undefined;
};

/** `fingerprint` changes with the files, the options and the way events are made; sequence numbers hold within one. */
export type Staged = { readonly rows: RowCounts; readonly fingerprint: string; readonly reused: boolean };

export type ReplaySource = {
  /** The source's name as its events have it. */
  readonly name: string;
  /** Whether contacts get consent to the topics with their first event, as the files know none. */
  readonly grantsConsent: boolean;
  /** Stages the files, or finds them staged already. Throws BadInput when a file is not what it should be. */
  stage(db: DatabaseSync, progress: OnProgress): Promise<Staged>;
  events(db: DatabaseSync, after?: number): Iterable<StagedEvent>;
  countEvents(db: DatabaseSync): number;
  /** Times of the first and the last event; undefined when there are none. */
  span(db: DatabaseSync): { readonly first: string; readonly last: string } | undefined;
};

/** Grows whenever the same rows would become other events. */
const STAGING_VERSION = 2;

/** Opens files as a source of events. Throws BadInput for a missing file, an unknown zone or a mapping with faults. */
export async function openSource(
  name: SourceName,
  files: readonly string[],
  options: SourceOptions,
): Promise<ReplaySource> {
  if (options.zone !== undefined && !isZone(options.zone))
    throw new BadInput(`--zone: there is ${noSuchZone(options.zone)}`);
  if (options.topics.length > 50)
    throw new BadInput(`An event holds 50 consents, the settings have ${options.topics.length} topics.`);
  const { zone } = options;
  switch (name) {
    case 'online-retail':
      return replaySource(onlineRetail(files, zone), options);
    case 'rees46':
      return replaySource(rees46(files, zone), options);
    case 'completejourney':
      return replaySource(await completeJourney(files, zone), options);
    case 'cdnow':
      return replaySource(cdnow(files, zone), options);
    case 'events':
      return replaySource(tropaEvents(files), options);
    case 'mapping': {
      if (options.mapping === undefined) throw new BadInput('The source "mapping" needs --mapping FILE.');
      const mapping = await readMapping(options.mapping);
      return replaySource(mappedSource(files, mapping, zone), options, mapping);
    }
  }
}

function replaySource<R extends Subject>(source: Source<R>, options: SourceOptions, mapping?: object): ReplaySource {
  return {
    name: source.name,
    grantsConsent: source.consents === 'all',
    stage: async (db, progress) => {
      const fingerprint = await fingerprintOf(source, { ...options, mapping });
      const before = stagedBefore(db, fingerprint);
      const complete = before && (existsSync(options.rejectedFile) || Object.keys(before.rejected).length === 0);
      if (complete) return { rows: before, fingerprint, reused: true };
      const rejected = new RejectedRows(options.rejectedFile);
      const rows = await stageSource({ db, source, rejected, topics: options.topics, progress }, fingerprint);
      return { rows, fingerprint, reused: false };
    },
    events: stagedEvents,
    countEvents: (db) => summaryOf(db).events,
    span: (db) => {
      const { first, last } = summaryOf(db);
      return first === undefined || last === undefined ? undefined : { first, last };
    },
  };
}

/** Files by name, size and time of change: reading them whole would take as long as staging them. */
async function fingerprintOf<R extends Subject>(
  source: Source<R>,
  options: { topics: readonly string[]; zone?: string | undefined; mapping?: object | undefined },
): Promise<string> {
  const read = [...source.inputs.map(({ file }) => file), ...(source.lookups ?? [])];
  const files = await Promise.all(read.map(async (file) => ({ file: basename(file), ...(await factsOf(file)) })));
  const { topics, zone, mapping } = options;
  const all = JSON.stringify([STAGING_VERSION, source.name, files, topics, zone ?? null, mapping ?? null]);
  return createHash('sha256').update(all).digest('hex');
}
