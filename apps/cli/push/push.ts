import { BadInput } from '#apps/cli/bad-input.ts';
import { withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { type Change, type Planned, planOf } from './plan.ts';
import { hashOf, remoteFiles } from './remote.ts';
import { readSeen, writeSeen } from './seen.ts';
import { type Uploaded, upload } from './upload.ts';

export type PushRequest = {
  readonly folder: string;
  readonly target: Target;
  readonly dryRun: boolean;
  /** Also over what somebody else has changed there. */
  readonly force: boolean;
  /** Whether journeys that act on customers may go out: asked before they do. */
  readonly mayGo: (journeys: readonly string[]) => Promise<boolean>;
};

export type PushResult = {
  readonly changes: readonly { readonly file: string; readonly change: Change }[];
  /** What the folder would be told by publish: of files with remarks. */
  readonly checked: readonly Report[];
  /** `faulty`, `theirs`, `declined`: nothing was uploaded, for this reason. */
  readonly outcome: 'same' | 'faulty' | 'theirs' | 'declined' | 'dry' | 'pushed';
} & Partial<Uploaded>;
export type RunPush = (request: PushRequest) => Promise<PushResult>;

/** Uploads what differs of a folder, once it is without errors. Throws BadInput when folder or target are none. */
export const runPush: RunPush = async (request) => {
  const { folder, file } = placeOf(request.folder);
  if (file !== undefined) throw new BadInput(`${request.folder} is a file. Push takes the shop's whole folder.`);
  const files = readFolder({ folder });
  return withTarget(request.target, async (target) => {
    const remote = await remoteFiles(target);
    const seen = readSeen(folder, target.name);
    const planned = planOf(files, remote, seen, target.folder === folder);
    const theirs = [...remote].flatMap(([key, { body }]) =>
      files.some((one) => one.key === key) ? [] : [{ key, body }],
    );
    const reports = await checkFolder([...files, ...theirs], target.clock.now());
    const checked = reports.filter(
      ({ file: key, remarks }) => remarks.length > 0 && files.some((one) => one.key === key),
    );
    const changes = planned.map(({ key, change }) => ({ file: key, change }));
    const going = planned.filter(({ change }) => change !== 'same');
    const stop = await stops(going, checked, request);
    if (stop !== undefined) return { changes, checked, outcome: stop };
    const uploaded = await upload(going, target);
    const left = new Set(uploaded.overtaken);
    writeSeen(folder, target.name, { ...seen, ...noted(planned.filter(({ key }) => !left.has(key))) });
    return { changes, checked, outcome: 'pushed', ...uploaded };
  });
};

async function stops(
  going: readonly Planned[],
  checked: readonly Report[],
  { dryRun, force, mayGo }: PushRequest,
): Promise<PushResult['outcome'] | undefined> {
  if (checked.some(({ remarks }) => hasErrors(remarks))) return 'faulty';
  if (going.length === 0) return 'same';
  if (!force && going.some(({ change }) => change === 'theirs')) return 'theirs';
  if (dryRun) return 'dry';
  const acting = going.filter(({ acts }) => acts).map(({ key }) => key);
  return acting.length > 0 && !(await mayGo(acting)) ? 'declined' : undefined;
}

const noted = (files: readonly { readonly key: string; readonly body: string }[]) =>
  Object.fromEntries(files.map(({ key, body }) => [key, { there: hashOf(body), here: hashOf(body) }]));
