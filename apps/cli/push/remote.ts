import { createHash } from 'node:crypto';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import { isOurs, RANKS } from '#apps/local/shop-files.ts';
import type { StoredObject } from '#shared/ports.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { reportKey, type StoredReport, storedReportSchema } from '#shared/publish/stored-report.ts';

/** A file of the shop as it was uploaded last. */
export type Remote = StoredObject & {
  readonly hash: string;
  /** Publish has refused it, so that something older is live, or nothing. */
  readonly refused: boolean;
};

export const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** Objects that are asked for at a time. */
const AT_ONCE = 16;

/** All files of the shop in a target's bucket, by key. */
export async function remoteFiles({ bucket }: Pick<OpenTarget, 'bucket'>): Promise<Map<string, Remote>> {
  const keys = (await Promise.all(RANKS.map((start) => bucket.list(start)))).flat().filter(isOurs);
  const found = new Map<string, Remote>();
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE);
    const read = await Promise.all(some.map(async (key) => [key, await remoteFile(key, bucket)] as const));
    for (const [key, remote] of read) if (remote) found.set(key, remote);
  }
  return found;
}

async function remoteFile(key: string, bucket: OpenTarget['bucket']): Promise<Remote | undefined> {
  const [stored, report] = await Promise.all([bucket.get(key), reportOf(key, bucket)]);
  if (!stored) return undefined;
  const refused = report !== undefined && report.upload === stored.versionId && hasErrors(report.remarks);
  return { ...stored, hash: hashOf(stored.body), refused };
}

/** What publish has said last of a file; undefined before it has. */
export async function reportOf(key: string, bucket: OpenTarget['bucket']): Promise<StoredReport | undefined> {
  const stored = await bucket.get(`${reportKey(key)}.json`);
  return stored && storedReportSchema.parse(JSON.parse(stored.body));
}
