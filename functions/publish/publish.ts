import { TOO_LONG } from '#shared/coupon/pool-file.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Bucket, Bus, Clock, Log, Metrics, Queue } from '#shared/ports.ts';
import { journeyOfFile, outcomeEntry } from '#shared/publish/outcome.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';
import { noteWaiting, type Upload } from '#shared/store/waiting.ts';
import { isBrand } from '#shared/template/brand.ts';
import type { TemplateCompiler } from '#shared/template/compiler.ts';
import { waitsNoMore } from './lacking.ts';
import { type More, roundOf, told } from './notice.ts';
import { publishBrand } from './publish-brand.ts';
import { publishJourney } from './publish-journey.ts';
import { isTooLong, type Portion, publishPool, refusedPool } from './publish-pool.ts';
import { publishSegment } from './publish-segment.ts';
import { publishSettings } from './publish-settings.ts';
import { publishTemplate } from './publish-template.ts';
import { publishTest, renewTests } from './publish-test.ts';
import { retry, roundFor } from './retry.ts';
import { writeReport } from './write-report.ts';

export type PublishDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly bucket: Bucket;
  readonly compiler: TemplateCompiler;
  readonly published: Published;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of a file that had waited for what it lacked, and went live now. */
  readonly wentLive?: (report: Report) => void;
  /** Its own queue: for what does not fit into one call. */
  readonly again: Queue;
  /** Hears of what became of each file. */
  readonly bus: Bus;
  /** The queue of whoever tells the authors. */
  readonly tell: Queue;
  /** Domains that mail may come from; without it, that is not looked at. */
  readonly domains?: readonly string[];
  /** Who may be mailed calls beside addresses of these. */
  readonly colleagues?: readonly string[];
};

/** Two workers that publish all the time meet at every second file. */
const ATTEMPTS = 8;

/**
 * Makes an uploaded file live, or says what is wrong with it, in a report beside it. A bad file touches nothing that is
 * live; an older upload never replaces a newer one, whichever notice comes first. The same upload again is published
 * again: the first time may have been cut off before its report, or before the files that waited for it.
 */
export async function publish(input: unknown, deps: PublishDeps): Promise<Report | undefined> {
  const round = roundOf(input);
  if (round) {
    await retry(round, deps, (upload) => tryAgain(upload, deps));
    return undefined;
  }
  const { upload, ...more } = told(input);
  let outcome = await publishUpload(upload, deps, more);
  if (outcome && !outcome.waits) await waitsNoMore(upload, deps);
  // What others lacked may be there now: files of one upload arrive in any order.
  if (outcome?.changed) await retry(roundFor(upload.key), deps, (waiting) => tryAgain(waiting, deps));
  // The version that fails it may have been replaced just now, by a journey that had waited for it.
  if (outcome && isTest(upload.key) && hasErrors(outcome.report.remarks))
    outcome = await publishUpload(upload, deps, more);
  // Last, since what fails here brings the whole upload once more, and all else of it finds itself done.
  if (outcome) await report(outcome.report, upload, deps);
  return outcome?.report;
}

/** Files of one push come in any order: what one of them lacks for a minute its author need not hear of. */
const TELL_AFTER = 120;

async function report(of: Report, upload: Upload, deps: PublishDeps): Promise<void> {
  await announce(of, upload, deps);
  const { key: file, sequencer, versionId } = upload;
  await deps.tell.send([{ file, sequencer, versionId }], { delaySeconds: TELL_AFTER });
}

async function announce(of: Report, upload: Upload, { bus }: PublishDeps): Promise<void> {
  const refused = await bus.put([outcomeEntry(of, upload)]);
  if (refused.length > 0) throw new Error(`the bus does not take what became of ${upload.key}`);
}

async function tryAgain(upload: Upload, deps: PublishDeps): Promise<boolean> {
  const tried = await publishUpload(upload, deps);
  if (tried?.changed) await tellOf(tried.report, upload, deps);
  if (tried && !tried.waits) await waitsNoMore(upload, deps);
  return tried?.changed ?? false;
}

async function tellOf(report: Report, upload: Upload, deps: PublishDeps): Promise<void> {
  deps.wentLive?.(report);
  try {
    await announce(report, upload, deps);
  } catch (error) {
    // To try it again for that would try it for ever; the others still wait.
    deps.metrics.count('PublishUntold', 1);
    deps.log.error('a file went live and the bus was not told', { file: upload.key }, error);
  }
}

async function publishUpload(upload: Upload, deps: PublishDeps, more: More = {}): Promise<Outcome | undefined> {
  const outcome = isTooLong(upload, more.size)
    ? await refusedPool(upload, [TOO_LONG], deps)
    : await publishStored(upload, deps, more);
  if (!outcome) return undefined;
  deps.published.refresh();
  deps.metrics.count(hasErrors(outcome.report.remarks) ? 'PublishRefused' : 'Published', 1);
  await writeReport(outcome.report, upload.versionId, deps.bucket);
  const journey = outcome.changed ? journeyOfFile(upload.key) : undefined;
  if (journey !== undefined) await renewTests(journey, deps);
  return outcome;
}

async function publishStored(upload: Upload, deps: PublishDeps, { portion }: More): Promise<Outcome | undefined> {
  const stored = await deps.bucket.get(upload.key, upload.versionId);
  // Deleted in the meantime: deleting a file changes nothing that is live.
  return stored ? attempt(upload, stored.body, deps, portion) : gone(upload, deps);
}

async function gone(upload: Upload, { table }: PublishDeps): Promise<undefined> {
  await noteWaiting(table, upload, false);
}

/** What publishing one file came to, and whether anything live changed by it. Undefined for files that are nobody's, and as
 * long as there is more of a file to come. */
export type Outcome = {
  readonly report: Report;
  readonly changed: boolean;
  /** It is refused for what another file may bring, and tried again then. */
  readonly waits?: boolean;
};

async function attempt(
  upload: Upload,
  text: string,
  deps: PublishDeps,
  portion: Portion | undefined,
): Promise<Outcome | undefined> {
  const publishKind = kindOf(upload.key);
  for (let n = 0; publishKind && n < ATTEMPTS; n += 1) {
    try {
      return await publishKind(upload, text, deps, portion);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await deps.clock.sleep(50 * 2 ** n);
    }
  }
  if (publishKind) throw new Conflict(`${upload.key} met other uploads ${ATTEMPTS} times`);
  return undefined;
}

type PublishKind = (upload: Upload, text: string, deps: PublishDeps, portion?: Portion) => Promise<Outcome | undefined>;

function kindOf(key: string): PublishKind | undefined {
  if (isTest(key)) return publishTest;
  if (/^journeys\/[^/]+\.jsonc?$/.test(key)) return publishJourney;
  if (/^segments\/[^/]+\.json$/.test(key)) return publishSegment;
  if (/^pools\/[^/]+\.csv$/.test(key)) return publishPool;
  if (key === 'settings.json') return publishSettings;
  if (isBrand(key)) return publishBrand;
  return key.startsWith('templates/') ? publishTemplate : undefined;
}
