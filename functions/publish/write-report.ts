import type { Bucket } from '#shared/ports.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { reportKey } from '#shared/publish/stored-report.ts';

/** Puts what became of a file beside the files, for people and for programs. `version` of the file is what it is about. */
export async function writeReport(report: Report, version: string | undefined, bucket: Bucket): Promise<void> {
  const name = reportKey(report.file);
  await bucket.put(`${name}.txt`, print(report), 'text/plain; charset=utf-8');
  await bucket.put(`${name}.json`, JSON.stringify({ ...report, upload: version }, null, 2), 'application/json');
}
