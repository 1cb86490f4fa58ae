import { NO_PASS, type Remark } from '#shared/publish/remarks.ts';
import type { Table } from '#shared/store/table.ts';
import { noteWaiting, type Upload } from '#shared/store/waiting.ts';

/**
 * Errors that another file may mend: a template, topic, segment or journey that is not there yet, or is not yet what it
 * must be, or tests that expect something else. What is wrong with the file itself stays wrong until it is uploaded anew.
 */
const MENDED_BY_OTHERS = ['E11', 'E12', 'E13', 'E14', 'E15', 'E16', 'E17', 'E18', 'E19', 'E34', 'E37', 'E46', NO_PASS];

/** Whether a refused file is to be tried again when something else has been published. */
export const waitsFor = (remarks: readonly Remark[]): boolean => {
  const errors = remarks.filter((r) => r.severity === 'error');
  return errors.length > 0 && errors.every((r) => MENDED_BY_OTHERS.includes(r.code));
};

/** A later upload is live: this one waits for nothing any more. */
export async function overtaken(table: Table, upload: Upload): Promise<undefined> {
  await noteWaiting(table, upload, false);
}
