import { derivedId } from '#shared/enrolment/ids.ts';
import type { BusEntry } from '#shared/ports.ts';
import type { Upload } from '#shared/store/waiting.ts';
import { nameOfFile } from './check-file.ts';
import type { Report } from './print.ts';
import { hasErrors } from './remarks.ts';
import { reportKey } from './stored-report.ts';
import { isTest } from './test-key.ts';

/** What publish puts on the bus says so: no event of a contact, so no journey hears it. */
export const PUBLISH_SOURCE = 'tropa.publish';

/** `warnings`: it was published, and there is something to say. `checked`: a draft, which changes nothing. */
const outcomeOf = ({ remarks, draft }: Report): 'published' | 'warnings' | 'refused' | 'checked' => {
  if (hasErrors(remarks)) return 'refused';
  if (draft) return 'checked';
  return remarks.length > 0 ? 'warnings' : 'published';
};

const FOLDERS: readonly (readonly [start: string, kind: string])[] = [
  ['journeys/', 'journey'],
  ['segments/', 'segment'],
  ['templates/', 'template'],
  ['pools/', 'pool'],
];
const kindOf = (key: string): string =>
  isTest(key) ? 'test' : (FOLDERS.find(([start]) => key.startsWith(start))?.[1] ?? 'settings');

/** The journey that a file is of, if it is of one. */
export const journeyOfFile = (key: string): string | undefined =>
  kindOf(key) === 'journey' ? nameOfFile(key) : undefined;

const FIRST = 20;

/**
 * What became of an upload, for whoever looks after the shop. Of each remark only its code and place: its words quote the
 * file, and that may hold an address or a coupon code. The report has them.
 */
export function outcomeEntry(report: Report, upload: Upload): BusEntry {
  const { file, remarks, published, live, unchanged, closing, paused, codes } = report;
  const outcome = outcomeOf(report);
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  return {
    source: PUBLISH_SOURCE,
    detailType: `publish.${outcome}`,
    detail: {
      id: derivedId('publish', upload.key, upload.sequencer, JSON.stringify(report)),
      file,
      ...(upload.versionId !== undefined && { upload: upload.versionId }),
      kind: kindOf(file),
      outcome,
      ...(published !== undefined && { version: published }),
      ...(live !== undefined && { live }),
      ...(unchanged && { unchanged }),
      ...(closing && { closing }),
      ...(paused && { paused }),
      ...(codes && { codes }),
      errors,
      warnings: remarks.length - errors,
      remarks: remarks.slice(0, FIRST).map(({ code, line, column, severity }) => ({ code, line, column, severity })),
      report: `${reportKey(file)}.txt`,
    },
  };
}
