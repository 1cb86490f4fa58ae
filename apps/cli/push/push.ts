import { BadInput } from '#apps/cli/bad-input.ts';
import { systemDns } from '#apps/cli/mail/dns.ts';
import { type DoctorResult, type RunDoctor, runDoctor } from '#apps/cli/mail/doctor.ts';
import { withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { checkDomain, type DomainChecked } from './check-domain.ts';
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
  /** Why mails may go from a domain that the doctor finds at fault. */
  readonly despite?: string | undefined;
  /** Whether journeys that act on customers may go out: asked before they do. */
  readonly mayGo: (journeys: readonly string[]) => Promise<boolean>;
};

export type PushResult = {
  readonly changes: readonly { readonly file: string; readonly change: Change }[];
  /** What the folder would be told by publish: of files with remarks. */
  readonly checked: readonly Report[];
  /** `faulty`, `theirs`, `domain`, `declined`: nothing was uploaded, for this reason. */
  readonly outcome: 'same' | 'faulty' | 'theirs' | 'domain' | 'declined' | 'dry' | 'pushed';
  /** What was found of the domain that the stage sends from, where it was looked at. */
  readonly domain?: DoctorResult;
} & Partial<Uploaded>;
export type RunPush = (request: PushRequest) => Promise<PushResult>;

/** Uploads what differs of a folder, once it is without errors. Throws BadInput when folder or target are none. */
export const runPush = async (
  request: PushRequest,
  doctor: RunDoctor = runDoctor(systemDns()),
): Promise<PushResult> => {
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
    const { stop, domain } = await stops(going, checked, request, (stage) =>
      checkDomain(target, stage, request.despite, doctor),
    );
    const known = { changes, checked, ...(domain && { domain }) };
    if (stop !== undefined) return { ...known, outcome: stop };
    const uploaded = await upload(going, target);
    const left = new Set(uploaded.overtaken);
    writeSeen(folder, target.name, { ...seen, ...noted(planned.filter(({ key }) => !left.has(key))) });
    return { ...known, outcome: 'pushed', ...uploaded };
  });
};

type Stops = { readonly stop?: PushResult['outcome']; readonly domain?: DoctorResult };

async function stops(
  going: readonly Planned[],
  checked: readonly Report[],
  { target, dryRun, force, mayGo }: PushRequest,
  look: (stage: string) => Promise<DomainChecked>,
): Promise<Stops> {
  if (checked.some(({ remarks }) => hasErrors(remarks))) return { stop: 'faulty' };
  if (going.length === 0) return { stop: 'same' };
  if (!force && going.some(({ change }) => change === 'theirs')) return { stop: 'theirs' };
  if (dryRun) return { stop: 'dry' };
  const isFirst = 'stage' in target && going.some(({ sends }) => sends);
  const looked: DomainChecked = isFirst ? await look(target.stage) : { mayGo: true };
  const domain = looked.found && { domain: looked.found };
  if (!looked.mayGo) return { stop: 'domain', ...domain };
  const acting = going.filter(({ acts }) => acts).map(({ key }) => key);
  return { ...(acting.length > 0 && !(await mayGo(acting)) && { stop: 'declined' }), ...domain };
}

const noted = (files: readonly { readonly key: string; readonly body: string }[]) =>
  Object.fromEntries(files.map(({ key, body }) => [key, { there: hashOf(body), here: hashOf(body) }]));
