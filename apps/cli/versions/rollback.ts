import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { BadInput } from '#apps/cli/bad-input.ts';
import { hashOf, type Remote, remoteFiles } from '#apps/cli/push/remote.ts';
import { readSeen, writeSeen } from '#apps/cli/push/seen.ts';
import { type Uploaded, upload } from '#apps/cli/push/upload.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { diffJourneys, type JourneyDiff } from '#shared/journey/diff.ts';
import { formatJson } from '#shared/journey/format.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { type LiveJourney, loadVersion } from '#shared/store/journeys.ts';
import { liveOf, readJourney, versionSide } from './sides.ts';

export type RollbackRequest = {
  readonly journey: string;
  /** The one before the live one without it. */
  readonly version?: number | undefined;
  /** Where the marketer's files lie: it is said how theirs stands to what is live then. */
  readonly folder: string;
  readonly target: Target;
  readonly dryRun: boolean;
  readonly mayGo: (journeys: readonly string[]) => Promise<boolean>;
};

/**
 * How the marketer's own file stands to what was put back. `same`: it is that. `behind`: it is what push or pull left there.
 * `changed`: somebody has worked on it. Undefined where there is none.
 */
export type Here = 'same' | 'behind' | 'changed';

export type RollbackResult = {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly status: JourneyStatus;
  /** As it was uploaded, with its comments; or laid out anew from what the table keeps of it. */
  readonly text: 'original' | 'laid out';
  readonly diff: JourneyDiff;
  readonly checked: readonly Report[];
  /** `faulty`, `declined`, `dry`: nothing was uploaded, for this reason. */
  readonly outcome: 'faulty' | 'declined' | 'dry' | 'published';
  readonly here?: Here;
} & Partial<Uploaded>;
export type RunRollback = (request: RollbackRequest) => Promise<RollbackResult>;

/** Publishes an earlier version of a journey again, as a new version. Throws BadInput when there is none. */
export const runRollback: RunRollback = (request) =>
  withTarget(request.target, async (target) => {
    const { journey, folder } = request;
    const live = await liveOf(journey, target);
    const to = request.version ?? live.version - 1;
    if (to === live.version) throw new BadInput(`Version ${to} of "${journey}" is what is live.`);
    if (to < 1) throw new BadInput(`There is no version before ${live.version} of "${journey}".`);
    const { text, kind } = await textOf(journey, to, live, target);
    const file = { key: fileKey(journey, live), body: text };
    const remote = await remoteFiles(target);
    const checked = await check(file, remote, target);
    const base = {
      ...{ file: file.key, from: live.version, to, status: live.status, text: kind, checked },
      diff: diffJourneys((await versionSide(journey, live.version, target)).journey, readJourney(file.key, text)),
    };
    const stop = await stops(checked, file.key, live.status, request);
    if (stop) return { ...base, outcome: stop };
    const before = remote.get(file.key);
    const uploaded = await upload([{ ...file, before }], target);
    const here = uploaded.overtaken.length > 0 ? undefined : noteHere(folder, file, target);
    return { ...base, outcome: 'published', ...uploaded, ...(here && { here }) };
  });

const fileKey = (journey: string, { file }: LiveJourney): string => file ?? `journeys/${journey}.json`;

async function stops(
  checked: readonly Report[],
  file: string,
  status: JourneyStatus,
  { dryRun, mayGo }: RollbackRequest,
): Promise<'faulty' | 'dry' | 'declined' | undefined> {
  if (checked.some(({ remarks }) => hasErrors(remarks))) return 'faulty';
  if (dryRun) return 'dry';
  return status === 'draft' || (await mayGo([file])) ? undefined : 'declined';
}

/**
 * What a version was published from. Its status is not put back: to pause a journey is no edit that anybody takes back. Nor
 * is what it said of those who were inside then: it would move today's by words that were meant for others.
 */
async function textOf(
  journey: string,
  version: number,
  { status }: LiveJourney,
  { table, bucket }: OpenTarget,
): Promise<{ readonly text: string; readonly kind: RollbackResult['text'] }> {
  const { journey: definition } = await versionSide(journey, version, { table });
  const origin = (await loadVersion(table, journey, version))?.from;
  const stored = origin?.versionId === undefined ? undefined : await bucket.get(origin.file, origin.versionId);
  const { publish: _, ...rest } = definition;
  if (!stored) return { text: formatJson({ ...rest, status }), kind: 'laid out' };
  const text = applyEdits(stored.body, modify(stored.body, ['status'], status, {}));
  return { text: applyEdits(text, modify(text, ['publish'], undefined, {})), kind: 'original' };
}

/** What publish would say of it beside all that is there now. */
async function check(
  file: { readonly key: string; readonly body: string },
  remote: ReadonlyMap<string, Remote>,
  { clock }: OpenTarget,
): Promise<readonly Report[]> {
  const others = [...remote].flatMap(([key, { body }]) => (key === file.key ? [] : [{ key, body }]));
  const reports = await checkFolder([...others, file], clock.now());
  return reports.filter((report) => report.file === file.key && report.remarks.length > 0);
}

/** Only what is the same is noted as seen: a push of anything else stops until its author has pulled. */
function noteHere(
  folder: string,
  { key, body }: { key: string; body: string },
  { name }: OpenTarget,
): Here | undefined {
  const path = join(folder, key);
  if (!existsSync(path)) return undefined;
  const here = hashOf(readFileSync(path, 'utf8'));
  const seen = readSeen(folder, name);
  if (here !== hashOf(body)) return seen[key]?.here === here ? 'behind' : 'changed';
  writeSeen(folder, name, { ...seen, [key]: { there: here, here } });
  return 'same';
}
