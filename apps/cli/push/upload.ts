import type { OpenTarget } from '#apps/cli/target/open.ts';
import { RANKS } from '#apps/local/shop-files.ts';
import { waitsFor } from '#functions/publish/lacking.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import type { StoredReport } from '#shared/publish/stored-report.ts';
import type { Planned } from './plan.ts';
import { hashOf, reportOf } from './remote.ts';

export type Uploaded = {
  readonly reports: readonly StoredReport[];
  /** Changed there between the look and the upload, and left as they are. */
  readonly overtaken: readonly string[];
  /** Without an answer of publish by the end of the patience. */
  readonly silent: readonly string[];
};

/** Times that publish is looked at; a second apart in AWS. */
const LOOKS = 120;
/** Looks for which a file that lacks another's may wait for it, after the last word about any. */
const GRACE = 8;

/** Uploads files and waits for what publish says of them; what others refer to is answered before the next goes. */
export async function upload(
  planned: readonly Pick<Planned, 'key' | 'body' | 'before'>[],
  target: OpenTarget,
): Promise<Uploaded> {
  const reports = new Map<string, StoredReport>();
  const overtaken: string[] = [];
  const silent: string[] = [];
  const uploaded = new Map<string, string>();
  for (const rank of RANKS) {
    const versions = new Map<string, string>();
    for (const file of planned.filter(({ key }) => key.startsWith(rank))) {
      const version = await target.upload(file, file.before);
      if (version === undefined) overtaken.push(file.key);
      else versions.set(file.key, version);
      if (version !== undefined) uploaded.set(file.key, version);
    }
    const answered = await answers(versions, target);
    for (const [key, report] of answered) reports.set(key, report);
    silent.push(...[...versions.keys()].filter((key) => !answered.has(key)));
  }
  // Tests have been held against the version before, and are held against the new one when it goes live.
  for (const key of reports.keys()) {
    const newest = await reportOf(key, target.bucket);
    if (newest && newest.upload === uploaded.get(key)) reports.set(key, newest);
  }
  return { reports: [...reports.values()], overtaken, silent };
}

async function answers(versions: ReadonlyMap<string, string>, target: OpenTarget): Promise<Map<string, StoredReport>> {
  const said = new Map<string, StoredReport>();
  let lastWord = 0;
  for (let look = 0; look < LOOKS && versions.size > 0; look += 1) {
    await target.pass();
    for (const [key, version] of versions) {
      const known = said.get(key);
      if (known && !waits(known)) continue;
      const report = await reportOf(key, target.bucket);
      if (report?.upload !== version || (known && hashOf(JSON.stringify(known)) === hashOf(JSON.stringify(report))))
        continue;
      said.set(key, report);
      lastWord = look;
    }
    const open = [...versions.keys()].some((key) => !said.has(key));
    if (!open && (![...said.values()].some(waits) || look - lastWord >= GRACE)) break;
  }
  return said;
}

/** Refused for what another file of the same push may bring. */
const waits = ({ remarks }: StoredReport): boolean => hasErrors(remarks) && waitsFor(remarks);
