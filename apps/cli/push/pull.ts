import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { liveFiles } from '#shared/store/live-files.ts';
import { hashOf, type Remote, remoteFiles } from './remote.ts';
import { readSeen, type Seen, writeSeen } from './seen.ts';

export type PullRequest = { readonly folder: string; readonly target: Target; readonly force: boolean };

/** `kept`: it was changed here and is left as it is. */
export type Pulled = {
  readonly file: string;
  readonly became: 'new' | 'changed' | 'same' | 'kept';
  /** The newest upload of it is not what is live. */
  readonly newer?: 'refused' | 'draft';
};
export type RunPull = (request: PullRequest) => Promise<readonly Pulled[]>;

/** Fetches the shop's files as they are live; of files that are not, as they were uploaded last. Throws BadInput. */
export const runPull: RunPull = ({ folder: given, target: to, force }) =>
  withTarget(to, async (target) => {
    const folder = resolve(given);
    const remote = await liveBodies(await remoteFiles(target), target);
    const seen = readSeen(folder, target.name);
    const pulled: Pulled[] = [];
    const noted: Record<string, Seen[string]> = {};
    // Codes are money: they are uploaded, and lie about nowhere else.
    for (const [key, file] of [...remote]
      .filter(([name]) => !name.startsWith('pools/'))
      .sort(([a], [b]) => (a < b ? -1 : 1))) {
      const became = take(join(folder, key), file.live, seen[key]?.here, force);
      pulled.push({ file: key, became, ...(file.newer && { newer: file.newer }) });
      if (became !== 'kept') noted[key] = { there: file.hash, here: hashOf(file.live) };
    }
    if (pulled.length > 0) writeSeen(folder, target.name, { ...seen, ...noted });
    return pulled;
  });

type Live = Remote & { readonly live: string; readonly newer?: 'refused' | 'draft' };

async function liveBodies(
  remote: ReadonlyMap<string, Remote>,
  { table, bucket }: OpenTarget,
): Promise<Map<string, Live>> {
  const origins = new Map((await liveFiles(table)).map(({ file, versionId }) => [file, versionId]));
  const found = new Map<string, Live>();
  for (const [key, newest] of remote) {
    const version = origins.get(key);
    const older = version === undefined || version === newest.versionId ? undefined : await bucket.get(key, version);
    const newer = newest.refused ? 'refused' : 'draft';
    found.set(key, older ? { ...newest, live: older.body, newer } : { ...newest, live: newest.body });
  }
  return found;
}

/** `known`: the hash of what push or pull has left here; whatever else stands here is somebody's work. */
function take(path: string, body: string, known: string | undefined, force: boolean): Pulled['became'] {
  const here = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (here === body) return 'same';
  if (here !== undefined && !force && hashOf(here) !== known) return 'kept';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, body);
  renameSync(`${path}.new`, path);
  return here === undefined ? 'new' : 'changed';
}
